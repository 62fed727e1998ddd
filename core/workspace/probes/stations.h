// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/replay/splice.h"
#include "core/store/annotations/annotations.h"
#include "core/workspace/source_projects.h"

/// Versions in which the place of a probe is known, from which it is carried on to those near them.
namespace hindcast::workspace {

/// A place that is known in another version.
struct KnownPlace {
    base::Uuid version;
    bool towardsHome = true;  ///< between the version that is asked for and the probe's own source
    double confidence = 1;
    std::string rests;                          ///< the decision by hand that it comes from, at last; "" for none
    std::vector<replay::Insertion> insertions;  ///< empty: the decision says
};

/// What tells the decision for a version from every other one.
std::string nameOf(const base::Uuid& version, const store::PlacementDecision& decision);

/// The version of a decision's name.
std::optional<base::Uuid> versionOf(const std::string& decisionName);

/// A version's sources with a probe's statements in them.
struct Station {
    std::optional<base::Uuid> version;  ///< absent: the work tree
    ProjectPtr project;
    std::vector<propagate::Probe> group;  ///< the statement itself last
};

/// `insertions`: the statement itself first. NotFound where the version lacks a file that they name.
base::Result<Station> stationOf(const base::Uuid& version, const propagate::Project& sources,
                                const std::vector<replay::Insertion>& insertions);

}  // namespace hindcast::workspace
