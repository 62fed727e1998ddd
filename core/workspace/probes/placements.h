// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/replay/splice.h"
#include "core/workspace/probes/placement_cache.h"
#include "core/workspace/probes/probe_book.h"
#include "core/workspace/probes/stations.h"
#include "core/workspace/views.h"

namespace hindcast::workspace {

/// Where one probe lands in one version, and what it adds there.
struct PlacedProbe {
    PlacementView view;
    std::vector<replay::Insertion> insertions;  ///< placed and by hand
    std::string statement;                      ///< in the version's own names
};

/// Carries probes into versions: the user's decisions first, then what the version recorded, then propagation
/// (remembered): from the probe's own source, and where that is not sure from versions near by whose place is known.
/// One thread.
class Placements {
public:
    Placements(StoreHandles& store, SourceProjects& projects);

    /// Cancelled soon after a request to stop; what was answered before stays remembered.
    base::Result<PlacedProbe> place(const ProbeSource& probe, const base::Uuid& version,
                                    const std::stop_token& stop = {});
    /// What the probe adds to the user's folder as it is now (AlreadyThere when it stands there).
    base::Result<propagate::Placement> placeInCurrent(const ProbeSource& probe);

    /// Remembers the statement before a line of a version; carries the decision into the others where it is sure.
    base::Result<void> byHand(const ProbeSource& probe, const base::Uuid& version, const std::string& file,
                              int beforeLine, const std::string& statement, const std::vector<base::Uuid>& alsoFor);
    base::Result<void> skip(const ProbeSource& probe, const base::Uuid& version,
                            const std::vector<base::Uuid>& alsoFor);
    base::Result<void> forget(const ProbeSource& probe, const base::Uuid& version);
    /// What the user decided, versions that the probe was added in left out.
    std::vector<DecisionView> decisions(const std::string& probe) const;
    base::Result<void> restore(const ProbeSource& probe, const std::vector<DecisionView>& decisions);
    void save() { m_cache.save(); }

private:
    const store::PlacementDecision* decisionFor(const ProbeSource& probe, const base::Uuid& version) const;
    base::Result<std::optional<PlacedProbe>> decided(const ProbeSource& probe, const base::Uuid& version,
                                                     const propagate::Project& old);
    base::Result<std::optional<PlacedProbe>> atHome(const ProbeSource& probe, const propagate::Project& old) const;
    base::Result<PlacedProbe> shown(const KnownPlacement& known, const base::Uuid& version,
                                    const propagate::Project& old) const;
    base::Result<const KnownPlacement*> carry(const ProbeSource& probe, const base::Uuid& version,
                                              const propagate::Project& old, const std::stop_token& stop);
    base::Result<propagate::Placement> carryOn(const Station& station, const base::Uuid& version,
                                               const propagate::Project& old, bool inSteps,
                                               const std::stop_token& stop);
    base::Result<std::optional<KnownPlacement>> carryFrom(const ProbeSource& probe, const KnownPlace& place,
                                                          const base::Uuid& version, const propagate::Project& old,
                                                          const std::stop_token& stop);
    std::vector<KnownPlace> placesNear(const ProbeSource& probe, const base::Uuid& version) const;
    base::Result<std::vector<ProjectPtr>> between(const std::optional<base::Uuid>& from, const base::Uuid& version);
    bool holds(const ProbeSource& probe, const KnownPlacement& placement) const;
    base::Result<void> refuseAtHome(const ProbeSource& probe, const base::Uuid& version) const;
    base::Result<bool> recordedAlready(const ProbeSource& probe, const base::Uuid& version) const;

    StoreHandles& m_store;
    SourceProjects& m_projects;
    PlacementCache m_cache;
};

}  // namespace hindcast::workspace
