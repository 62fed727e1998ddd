// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/store/catalog/catalog_rows.h"
#include "core/store/project.h"

namespace hindcast::store {

/// What changed in the catalog after a tick.
struct CatalogChanges {
    std::int64_t tick = 0;                                   ///< ask again from here
    std::vector<base::Uuid> versions;                        ///< new, or other state, loops, captures, marks
    std::vector<std::pair<base::Uuid, std::string>> series;  ///< (version, name) with new values or another fidelity
    std::vector<base::Uuid> replays;                         ///< new, or other state or fidelity
    bool removed = false;                                    ///< versions or replays are gone: list them anew
    bool any() const { return removed || !versions.empty() || !series.empty() || !replays.empty(); }
};

/// The index over a store, for reading. Rebuildable from the folders; filled by Ingester. One object per thread, any
/// number at once, while an ingester writes (SQLite in WAL mode); each call sees one committed state. An index that was
/// never filled reads as empty. The schema in catalog_schema.h is a contract for read-only SQL on catalogFile().
class Catalog {
public:
    static base::Result<Catalog> open(const Project& project);
    Catalog(Catalog&&) noexcept;
    Catalog& operator=(Catalog&&) noexcept;
    ~Catalog();

    /// Oldest first.
    base::Result<std::vector<VersionRow>> versions() const;
    base::Result<std::optional<VersionRow>> version(const base::Uuid& version) const;
    base::Result<std::vector<ArgumentRow>> arguments(const base::Uuid& version) const;
    base::Result<std::vector<NameRow>> names(const base::Uuid& version) const;
    /// Of one version, or of all that have something to show: four queries, however many versions there are.
    base::Result<std::map<base::Uuid, VersionOverview>> overviews(const std::optional<base::Uuid>& version = {}) const;
    base::Result<std::vector<LoopRow>> loops(const base::Uuid& version) const;
    base::Result<std::vector<LoopTotals>> loopTotals(const base::Uuid& version) const;
    base::Result<std::vector<IterationRow>> iterations(const base::Uuid& version) const;
    base::Result<std::vector<CaptureRow>> captures(const base::Uuid& version) const;
    /// Of one version, or of all; oldest first.
    base::Result<std::vector<ReplayRow>> replays(const std::optional<base::Uuid>& version = {}) const;
    base::Result<std::optional<ReplayRow>> replay(const base::Uuid& replay) const;
    base::Result<std::vector<FidelityRow>> fidelity(const base::Uuid& version) const;
    /// NOTE frames of a version or a replay.
    base::Result<std::vector<NoteRow>> notes(const base::Uuid& versionOrReplay) const;

    /// Everything that changed after `tick` (0 = everything there is). Cost: what changed.
    base::Result<CatalogChanges> changesSince(std::int64_t tick) const;

private:
    struct Impl;
    explicit Catalog(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

}  // namespace hindcast::store
