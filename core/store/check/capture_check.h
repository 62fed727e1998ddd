// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/format/tensors/segment.h"
#include "core/store/captures_elsewhere.h"
#include "core/store/check/damage_finder.h"

/// Internal to this folder: the captures of one version or replay, and the chunks and segments under them.
namespace hindcast::store {

class CaptureCheck {
public:
    /// `name` is what reports call the run.
    CaptureCheck(DamageList& list, const fs::path& folder, std::string name)
        : m_list(list),
          m_folder(folder),
          m_name(std::move(name)),
          m_elsewhere(capturesElsewhere(folder).has_value()),
          m_chunks(folder / "segments", list.project().packs()) {}

    /// Reads all chunks that this capture names and that no earlier one did.
    void add(const format::CaptureRecord& capture);
    /// After the last capture: reports what is lost, checks the rest of the segment files, fills `damage`.
    void finish(RunDamage& damage);

private:
    bool isReadable(const format::ChunkPlace& place, std::size_t rawBytes);
    void checkSegments(RunDamage& damage);
    void reportLost();
    std::string costOf(const std::set<std::string>& captures) const;

    struct Loss {
        std::string what;
        std::set<std::string> captures;
    };
    DamageList& m_list;
    const fs::path& m_folder;
    std::string m_name;
    bool m_elsewhere;  ///< tensors were left on another machine: none is missed here
    format::ChunkReader m_chunks;
    base::Bytes m_raw;
    std::map<format::ChunkPlace, std::string> m_verdicts;  ///< "" = right
    std::map<std::uint64_t, Loss> m_lost;                  ///< by segment
    std::size_t m_stored = 0;                              ///< captures with tensors
    std::size_t m_broken = 0;                              ///< of these, with a tensor that cannot be read
};

}  // namespace hindcast::store
