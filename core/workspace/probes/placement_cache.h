// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
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
};

/// Placements by (probe identity, version), in memory and in a file of the index folder. Both sides are immutable
/// texts, so an entry never becomes wrong; the file is an index that may be deleted, and is thrown away when another
/// program version wrote it. One thread; several processes may save, the last one's entries stay.
class PlacementCache {
public:
    explicit PlacementCache(std::filesystem::path file);
    ~PlacementCache();
    PlacementCache(const PlacementCache&) = delete;
    PlacementCache& operator=(const PlacementCache&) = delete;

    const KnownPlacement* find(const std::string& identity, const base::Uuid& version) const;
    const KnownPlacement& put(const std::string& identity, const base::Uuid& version, KnownPlacement placement);
    /// Writes the file when something was added. A failure only costs time later.
    void save();

private:
    std::filesystem::path m_file;
    std::map<std::string, KnownPlacement> m_entries;
    bool m_changed = false;
};

}  // namespace hindcast::workspace
