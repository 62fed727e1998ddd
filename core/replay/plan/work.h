// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/uuid.h"
#include "core/replay/interpreter.h"
#include "core/replay/plan/estimates.h"
#include "core/replay/splice.h"
#include "core/replay/unit.h"

/// What a plan consists of. Plain values, immutable once planned.
namespace hindcast::replay {

/// What is asked of one probe in one version: where it stands there.
struct PlacedProbe {
    int probe = 0;                      ///< index into the question's probes
    std::string text;                   ///< the statement in the version's own names
    std::vector<Insertion> insertions;  ///< more than one where it brings what it depends on
};

/// A probe of a plan, the same in all versions.
struct AskedProbe {
    std::string id;
    int revision = 1;
    std::string name;
    std::vector<std::string> names;  ///< literal names it logs
};

/// One stretch of work in a version: the same mode, probes and spliced source.
struct Job {
    Mode mode = Mode::Deep;
    std::string reason;  ///< one plain sentence
    std::string reasonKey;
    std::vector<std::string> reasonArgs;
    std::string loop;
    std::int64_t occurrence = 0;  ///< which of the loop's runs
    std::vector<std::string> innerLoops;
    std::vector<int> probes;                         ///< of the plan, ascending
    std::vector<ProbeInUnit> unitProbes;             ///< the same, as the unit carries them
    std::vector<std::map<Mode, std::string>> memos;  ///< of each, by mode: an escalated unit has another key
    SplicedSource source;
    std::optional<StepRange> steps;        ///< mid: passes of an inner loop, of each iteration
    double share = 1;                      ///< mid: how much of an iteration is run
    std::vector<std::int64_t> iterations;  ///< outer iterations to produce, ascending; empty where the mode has none
    std::vector<std::int64_t> captures;    ///< where a worker can start, ascending
    Duration time;                         ///< one worker, all iterations
    double readySeconds = 0;               ///< of that, what every unit of it takes before its first iteration
};

/// One version's line.
struct VersionWork {
    base::Uuid version;
    int number = 0;
    std::vector<Job> jobs;  ///< empty: nothing runs, see `reason`
    std::string reason;
    std::string reasonKey;  ///< "nothing-placed", "replayed-before", "recorded", "filtered-out", "no-iterations",
                            ///< "none-captured", "environment", "does-not-parse", "no-source",
                            ///< "imported"
    std::vector<std::string> reasonArgs;
    RecordedProcess process;
    RecordedTimings timings;
    std::int64_t diskBytes = 0;
    std::vector<std::string> imports;  ///< see earlyImports
};

/// All of it, newest version first.
struct WorkPlan {
    std::vector<AskedProbe> probes;
    std::vector<VersionWork> versions;
    int workers = 1;
    int fittingWorkers = 1;  ///< on this machine
    Duration total;          ///< wall time with that many workers
    int replaysSeen = 0;     ///< that the estimates were learned from
    double typicalMiss = 0;  ///< see Estimator
    std::vector<std::string> notices;
};

}  // namespace hindcast::replay
