// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/cli/print.h"
#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/workspace/workspace.h"

namespace hindcast::cli {

// The words of the design for the states that listings print; stable, also in JSON.
std::string stateWord(workspace::VersionState state);
std::string fidelityWord(workspace::Fidelity fidelity);
std::string modeWord(workspace::ReplayMode mode);
std::string placementWord(workspace::PlacementKind kind);
std::string unitWord(workspace::UnitState state);

/// "rank 1 of 4".
std::string rankText(int rank, int worldSize);
/// {"id", "rank", "worldSize"}; null for a run that is part of no job.
Json jobJson(const std::string& job, int rank, int worldSize);

/// The speed of a resource and what it rests on: "5.2 (from 3 replays)", "6 (as said)", "1 (not known)".
std::string speedText(double factor, int replays);

/// Versions that the user chose by list and filter; all of them when neither was given.
struct VersionChoice {
    std::optional<std::set<base::Uuid>> chosen;
    bool holds(const base::Uuid& version) const { return !chosen || chosen->contains(version); }
};
base::Result<VersionChoice> chooseVersions(workspace::Workspace& workspace, const std::string& list,
                                           const std::string& where);

/// "epoch=2..4", "2..4", "3" → first and last pass of the outer loop.
base::Result<std::pair<std::int64_t, std::int64_t>> parseIterations(const std::string& text);

/// Passes of the outer loop, as "epoch=2..40", every tenth of them ("epoch=2..40/10", "epoch=/10" of all), or those
/// where a state is stored ("epoch=captured", "epoch=2..40/captured"); then perhaps those of a loop inside it
/// ("epoch=3,step=5000..5100").
struct IterationsAsked {
    std::optional<std::pair<std::int64_t, std::int64_t>> outer;  ///< absent: all
    std::int64_t stride = 1;
    bool onlyCaptured = false;
    std::string innerLoop;  ///< "" when the second part is absent
    std::pair<std::int64_t, std::int64_t> inner;
};
base::Result<IterationsAsked> parseNestedIterations(const std::string& text);
/// "90s", "10m", "2h", "45" → seconds, more than none.
base::Result<double> parseSeconds(const std::string& text);

/// "FILE:LINE".
base::Result<std::pair<std::string, int>> parsePlace(const std::string& text);

}  // namespace hindcast::cli
