// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/uuid.h"
#include "core/replay/schedule/folder_tail.h"

namespace hindcast::replay {

enum class VersionState { Queued, Running, Done, Failed, Cancelled, Escalated };

/// One version's progress in a running replay.
struct VersionProgress {
    base::Uuid version;
    int number = 0;
    VersionState state = VersionState::Queued;
    std::string phase;      ///< "starting", "prefix", "restore", "iteration 4"; "" when nothing runs
    std::int64_t done = 0;  ///< iterations decided (a job outside the loop counts as one), of
    std::int64_t total = 0;
    double secondsLeft = -1;            ///< of work, by one worker; -1: unknown
    Grade worst = Grade::Exact;         ///< of what is done
    std::string message;                ///< first difference, failure or escalation, in words
    std::filesystem::path outputFile;   ///< what the last worker printed
    std::vector<std::int64_t> running;  ///< outer iterations in running units, not decided yet
    std::vector<std::int64_t> queued;
};

struct Progress {
    std::vector<VersionProgress> rows;  ///< versions that had something to run, in the plan's order
    std::int64_t done = 0;
    std::int64_t total = 0;
    double secondsLeft = -1;  ///< wall time
    int workers = 0;
    bool finished = false;
    bool cancelled = false;
};

}  // namespace hindcast::replay
