// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/uuid.h"
#include "core/propagate/propagate.h"
#include "core/replay/splice.h"

namespace hindcast::workspace {

/// A placement as it is remembered: what was added where, not the whole files.
struct KnownPlacement {
    propagate::Placement::Kind kind = propagate::Placement::Kind::Conflict;
    double confidence = 0;
    std::string reason;
    std::vector<replay::Insertion> insertions;  ///< the statement itself first, then what it depends on
    std::vector<propagate::Candidate> candidates;
    std::vector<std::string> unresolvedNames;
    std::string rests;  ///< the decision by hand that it was carried from, at last; "" where it needed none
    std::string tried;  ///< of a conflict: the places in other versions that it could not be carried from
};

/// Placements by (probe identity, version), in memory and in a file of the index folder. Both sides are immutable
/// texts, so an entry only becomes wrong with the decision that it `rests` on; the file is an index that may be
/// deleted, and is thrown away when another program version wrote it. One thread; several processes may save, the last
/// one's entries stay.
class PlacementCache {
public:
    explicit PlacementCache(std::filesystem::path file);
    ~PlacementCache();
    PlacementCache(const PlacementCache&) = delete;
    PlacementCache& operator=(const PlacementCache&) = delete;

    const KnownPlacement* find(const std::string& identity, const base::Uuid& version) const;
    using Near = std::pair<base::Uuid, KnownPlacement>;
    /// The nearest version after `version`, or before it, whose placement is `accepted`; absent when there is none.
    std::optional<Near> nearest(const std::string& identity, const base::Uuid& version, bool after,
                                const std::function<bool(const KnownPlacement&)>& accepted) const;
    const KnownPlacement& put(const std::string& identity, const base::Uuid& version, KnownPlacement placement);
    /// Writes the file when something was added. A failure only costs time later.
    void save();

private:
    std::filesystem::path m_file;
    std::map<std::pair<std::string, base::Uuid>, KnownPlacement> m_entries;
    bool m_changed = false;
};

}  // namespace hindcast::workspace
