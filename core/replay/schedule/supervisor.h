// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/replay/pool/executor.h"
#include "core/replay/schedule/progress.h"
#include "core/replay/schedule/running_unit.h"
#include "core/replay/schedule/scheduler.h"
#include "core/replay/schedule/source_stage.h"
#include "core/replay/schedule/unit_queue.h"

namespace hindcast::replay {

/// The scheduler's work, step by step, without threads: starts units, follows them, decides what an ending means.
/// Everything from one thread, the one that the executor's processes may hang on.
class Supervisor {
public:
    Supervisor(WorkPlan plan, SchedulerOptions options);
    ~Supervisor();

    /// Takes in what happened and starts what there is room for. Never waits.
    void step(bool paused);
    /// Ends running units and drops waiting ones; further steps see them end.
    void cancel();
    /// Units that wait are started in the order in which their values are wanted now.
    void show(const View& view) { m_queue.show(view, m_plan); }
    bool finished() const { return m_queue.empty() && m_starting.empty() && m_running.empty(); }
    Progress progress() const;

private:
    /// What is known of one version.
    struct Track {
        std::map<std::pair<std::size_t, std::int64_t>, Grade> decided;  ///< (job, iteration; -1 outside the loop)
        std::int64_t total = 0;
        std::uint64_t values = 0;    ///< logged by the units that are done
        bool asksForValues = false;  ///< they held a statement: a check holds none
        std::string message;
        std::string output;
        bool failed = false;
        bool escalated = false;
        bool seesLaterData = false;  ///< it failed without the data that changed since: it fetches or needs some of it
    };

    void startSome();
    void expectNext();
    void start(PendingUnit unit, const StagedSource& source);
    base::Result<Task> taskFor(const PendingUnit& unit, const StagedSource& source) const;
    void follow(RunningUnit& running);
    void end(RunningUnit& running, const Event& event);
    void endDone(const RunningUnit& running);
    void endEscalated(const RunningUnit& running);
    void endBroken(const RunningUnit& running, const Event& event);
    void endOverLimit(const RunningUnit& running, const Event& event);
    void fail(const PendingUnit& unit, const std::string& message);
    void failVersion(std::size_t version, const std::string& message);
    bool jobIsOver(std::size_t version, std::size_t job) const;
    VersionProgress rowOf(std::size_t version) const;
    std::string outputOf(const RunningUnit& running) const;
    std::string outputTail(const RunningUnit& running) const;

    WorkPlan m_plan;
    SchedulerOptions m_options;
    std::unique_ptr<Executor> m_executor;
    SourceStage m_stage;
    UnitQueue m_queue;
    std::vector<PendingUnit> m_starting;  ///< their tree is being written
    std::vector<std::unique_ptr<RunningUnit>> m_running;
    std::vector<Track> m_tracks;
    std::optional<std::size_t> m_expected;  ///< how many units waited when the executor was told of the next
    bool m_cancelled = false;
};

}  // namespace hindcast::replay
