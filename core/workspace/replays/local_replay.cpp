// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/replays/local_replay.h"

#include <algorithm>
#include <atomic>

#include "core/replay/pool/local_pool.h"
#include "core/replay/schedule/scheduler.h"
#include "core/workspace/replays/executors.h"
#include "core/workspace/replays/planning.h"
#include "core/workspace/replays/unfinished.h"

namespace hindcast::workspace {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

UnitState stateOf(replay::VersionState state) {
    switch (state) {
        case replay::VersionState::Queued:
            return UnitState::Queued;
        case replay::VersionState::Running:
            return UnitState::Running;
        case replay::VersionState::Done:
            return UnitState::Done;
        case replay::VersionState::Failed:
            return UnitState::Failed;
        case replay::VersionState::Cancelled:
            return UnitState::Cancelled;
        case replay::VersionState::Escalated:
            break;
    }
    return UnitState::Escalated;
}

Fidelity fidelityOf(replay::Grade grade) {
    switch (grade) {
        case replay::Grade::Exact:
            return Fidelity::Exact;
        case replay::Grade::ExactLogs:
            return Fidelity::ExactLogs;
        case replay::Grade::Numeric:
            return Fidelity::Numeric;
        case replay::Grade::Unverified:
            return Fidelity::Unverified;
        case replay::Grade::Diverged:
            break;
    }
    return Fidelity::Diverged;
}

QueueRow rowOf(const replay::VersionProgress& progress) {
    QueueRow row;
    row.version = progress.version;
    row.number = progress.number;
    row.state = stateOf(progress.state);
    row.phase = progress.phase;
    row.done = progress.done;
    row.total = progress.total;
    row.secondsLeft = progress.secondsLeft;
    row.worst = fidelityOf(progress.worst);
    row.message = progress.message;
    row.outputFile = progress.outputFile.string();
    row.running = progress.running;
    row.queued = progress.queued;
    return row;
}

replay::View viewOf(const ShownPart& part) {
    return {part.first, part.last, {part.versions.begin(), part.versions.end()}};
}

class LocalReplay : public ReplayRun {
public:
    LocalReplay(replay::WorkPlan work, replay::SchedulerOptions options, std::optional<OpenRequest> request)
        : m_request(std::move(request)), m_scheduler(std::move(work), std::move(options)) {}
    /// Ended half-way without having been cancelled, as when a window is closed: the request stays, to go on with.
    ~LocalReplay() override {
        if (m_request && (m_cancelled || m_scheduler.progress().finished)) m_request->close();
    }

    ReplayProgress progress() const override {
        const replay::Progress now = m_scheduler.progress();
        ReplayProgress progress;
        for (const replay::VersionProgress& row : now.rows) progress.rows.push_back(rowOf(row));
        progress.done = now.done;
        progress.total = now.total;
        progress.secondsLeft = now.secondsLeft;
        progress.workers = now.workers;
        progress.finished = now.finished;
        progress.cancelled = now.cancelled;
        return progress;
    }
    void cancel() override {
        m_cancelled = true;
        m_scheduler.cancel();
    }
    void setPaused(bool paused) override { m_scheduler.setPaused(paused); }
    void show(const ShownPart& part) override { m_scheduler.show(viewOf(part)); }
    void wait() override { m_scheduler.wait(); }

private:
    std::optional<OpenRequest> m_request;
    std::atomic<bool> m_cancelled = false;
    replay::Scheduler m_scheduler;
};

}  // namespace

Result<std::unique_ptr<ReplayRun>> startLocalReplay(const store::Project& project, const Plan& plan,
                                                    const LocalPlace& place) {
    if (!plan.details) return Error(ErrorCode::InvalidArgument, "this plan was not made by a workspace");
    if (!project.isWritable())
        return Error(ErrorCode::Refused, "the store is read-only: values of a replay could not be kept");
    replay::WorkPlan work = selectedWork(plan);
    const bool any = std::any_of(work.versions.begin(), work.versions.end(),
                                 [](const replay::VersionWork& version) { return !version.jobs.empty(); });
    if (!any) return Error(ErrorCode::NothingToDo, "there is nothing to replay");
    std::function<std::unique_ptr<replay::Executor>()> makeExecutor;
    if (plan.details->resource.kind == replay::ResourceKind::Local) {
        replay::LocalPoolOptions pool;
        pool.store = project.store();
        pool.slots = std::max(1, work.workers);
        pool.sandbox = place.sandbox;
        pool.shelf = place.shelf;
        makeExecutor = [pool] { return std::make_unique<replay::LocalPool>(pool); };
    } else {
        HINDCAST_ASSIGN(makeExecutor, executorElsewhere(project, plan.details->resource, std::max(1, work.workers)));
    }
    replay::SchedulerOptions options{project,
                                     plan.details->newest,
                                     plan.details->package,
                                     place.allowed,
                                     {plan.details->request.secondsPerUnit, plan.details->request.memoryPerUnit},
                                     plan.shown ? std::optional(viewOf(*plan.shown)) : std::nullopt,
                                     std::move(makeExecutor),
                                     plan.details->resource.name};
    std::optional<OpenRequest> request;
    if (!plan.details->sources.empty()) {  // a check asks for nothing that would be missed
        HINDCAST_ASSIGN(request, OpenRequest::write(project, plan));
    }
    std::unique_ptr<ReplayRun> run =
        std::make_unique<LocalReplay>(std::move(work), std::move(options), std::move(request));
    return run;
}

}  // namespace hindcast::workspace
