// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/base/result.h"
#include "core/replay/remote/message.h"
#include "core/store/project.h"

namespace hindcast::replay {

/// Where the pieces of one file that is being pulled go. A file whose writer only appends (journals, tensor files) and
/// that is continued grows in place, so that an interrupted pull goes on where it stopped; any other becomes whole
/// under another name first. One thread.
class PullSink {
public:
    /// `from`: where the pieces are expected to begin; 0 starts anew. `temporary` is a name that nobody else uses.
    PullSink(std::filesystem::path target, std::filesystem::path temporary, bool inPlace, std::uint64_t from)
        : m_target(std::move(target)), m_temporary(std::move(temporary)), m_inPlace(inPlace), m_from(from) {}

    /// Takes the next piece. True when the file is whole as far as the sender knows it. A piece from another place, as
    /// of a file that was written anew meanwhile, starts the file anew.
    base::Result<bool> take(const Message& piece);
    /// Whether what came stands in the file itself already.
    bool isInPlace() const { return m_inPlace; }

private:
    base::Result<void> put(const Message& piece, std::uint64_t from);

    std::filesystem::path m_target;
    std::filesystem::path m_temporary;
    bool m_inPlace;
    std::uint64_t m_from;
};

/// Journals, segments and packs: only ever appended to by who writes them.
bool growsInPlace(const std::string& path);

}  // namespace hindcast::replay
