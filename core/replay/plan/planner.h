// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/replay/plan/decide.h"
#include "core/replay/plan/work.h"
#include "core/replay/pool/workers/worker_kind.h"
#include "core/store/catalog/catalog.h"
#include "core/store/project.h"
#include "core/store/source/source_trees.h"

namespace hindcast::replay {

/// What is wanted of one version.
struct VersionQuestion {
    base::Uuid version;
    int number = 0;
    std::vector<PlacedProbe> placed;  ///< probes that stand somewhere in it; others are not the planner's matter
    bool anythingAsked = true;        ///< false: every name is recorded there
};

/// A question over versions.
struct Question {
    std::vector<AskedProbe> probes;
    std::vector<VersionQuestion> versions;                            ///< newest first
    std::optional<std::pair<std::int64_t, std::int64_t>> iterations;  ///< of the outer loop, inclusive
    std::int64_t stride = 1;                                          ///< of them every so many, counted from the first
    bool onlyCaptured = false;       ///< of them those for which one iteration has to be run
    std::optional<StepRange> steps;  ///< of each iteration only these passes of an inner loop
    std::optional<Mode> forceMode;   ///< Deep or Beginning
    int workers = 0;                 ///< 0: as many as fit
    bool elsewhere = false;          ///< runs on another machine: it is there that the recorded interpreters have to be

    /// What can satisfy the user's filter; absent: everything.
    std::function<base::Result<bool>(const base::Uuid&)> versionMayMatch;
    std::function<base::Result<std::vector<std::int64_t>>(const base::Uuid&, const std::string& loop,
                                                          std::int64_t passes)>
        matchingIterations;
    /// Of passes 0…passes-1 of an inner loop those that can satisfy it, from the first to the last; absent: all.
    std::function<base::Result<std::optional<StepRange>>(const base::Uuid&, const std::string& inner,
                                                         std::int64_t passes)>
        matchingSteps;
};

/// Turns placed probes into jobs: decides the mode, leaves out what was replayed before or cannot match, checks the
/// recorded interpreters, estimates. Reads the store, starts Python for the decision, writes nothing. One thread; keep
/// one, it remembers sources and interpreters it has seen.
class Planner {
public:
    Planner(const store::Project& project, const store::Catalog& catalog, const store::SourceTrees& trees,
            std::filesystem::path package);

    /// Problems of one version (no interpreter, source that does not parse) become that version's reason. Fails only
    /// when the store cannot be read or no interpreter at all can decide.
    base::Result<WorkPlan> plan(const Question& question);

    /// A replay of one middle iteration, without probes: does it give what the run recorded? `mode` is Deep, or Shallow
    /// where the run's inner loops left what that needs. No job, and why, where there is nothing to replay.
    base::Result<WorkPlan> planCheck(const base::Uuid& version, int number, Mode mode);

    /// What workers of a version are before their unit is known; permissions are left to the caller. Where `workers` is
    /// 0 it becomes the number that fits this machine.
    base::Result<WorkerKind> workerKind(const base::Uuid& version, std::size_t& workers);

private:
    struct Draft {
        VersionWork work;
        const VersionQuestion* question = nullptr;
        DecisionQuestion decision;
        std::map<std::string, std::string> originals;  ///< files that probes change, as they were
        std::vector<ProbeDecision> decided;
    };

    base::Result<void> prepare(Draft& draft, const Question& question);
    base::Result<void> readProcess(VersionWork& work, bool elsewhere);
    base::Result<void> readSource(Draft& draft);
    base::Result<SourceTexts> pythonFiles(const base::Uuid& version);
    base::Result<RecordedProcess> recordedProcess(const base::Uuid& version) const;
    base::Result<void> decide(std::vector<Draft>& drafts);
    /// A sentence, "" when the version can run.
    std::string interpreterProblem(const RecordedProcess& process);

    const store::Project& m_project;
    const store::Catalog& m_catalog;
    const store::SourceTrees& m_trees;
    std::filesystem::path m_package;
    std::set<std::string> m_working;  ///< interpreters with what they were checked for
    ModeDecider m_decider;
    std::map<std::string, std::shared_ptr<const std::string>> m_textByDigest;  ///< Python files seen
};

/// Workers that fit this machine: cores by the recorded thread count, memory by `bytesPerWorker`; never less than one.
int workersThatFit(int threadsPerWorker, std::int64_t bytesPerWorker);

}  // namespace hindcast::replay
