// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <mutex>

#include "core/workspace/workspace.h"

namespace hindcast::support {

/// What the hand-made project holds; shared by every workspace opened on it and by the test. Guarded by `lock`.
struct HandMadeProject {
    std::mutex lock;
    std::vector<workspace::VersionView> versions;  ///< newest first
    std::vector<workspace::NameView> names;
    std::map<std::pair<base::Uuid, std::string>, workspace::Series> series;
    std::map<base::Uuid, std::vector<workspace::CellView>> cells;
    std::map<std::string, std::string> sources;  ///< file → newest text
    std::string folder = "/projects/gate-detector";
    std::vector<workspace::ProbeView> probes;
    std::vector<workspace::ProbeView> typed;  ///< log statements of the work tree that no version has
    std::vector<workspace::ProbeView> removed;
    std::map<std::pair<std::string, base::Uuid>, workspace::PlacementView> decisions;
    workspace::CandidateView lastPlaced;  ///< what the last decision by hand asked for
    std::vector<workspace::ResourceView> resources{{"local", "this machine", "", 0, 0, 1}};
    std::vector<workspace::UnfinishedReplay> unfinished;
    std::string missingConsent;  ///< of its plans, until it is given
    workspace::Changes pending;  ///< what the next refresh reports
    int replaysStarted = 0;
    bool cancelled = false;
    bool paused = false;
    workspace::ShownPart shown;  ///< what the running replay was told to do first
};

/// Twelve versions of a detector, 20 epochs of 12 steps each: the newest trains, one crashed, one branch of the code
/// clips no gradients so that `gn` is a conflict there.
std::shared_ptr<HandMadeProject> detectorProject();

/// A Workspace over such a project, for tests of models and panels that are not about storage or replay: it answers
/// from memory and replays by writing made-up values, one iteration per call of ReplayRun::progress.
std::unique_ptr<workspace::Workspace> openHandMade(const std::shared_ptr<HandMadeProject>& project);

}  // namespace hindcast::support
