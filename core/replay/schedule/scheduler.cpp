// SPDX-License-Identifier: Apache-2.0
#include "core/replay/schedule/scheduler.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "core/replay/schedule/supervisor.h"

namespace hindcast::replay {

namespace {

/// What a caller sees before the thread has begun.
Progress beforeStart(const WorkPlan& plan) {
    Progress progress;
    progress.workers = plan.workers;
    for (const VersionWork& work : plan.versions) {
        if (work.jobs.empty()) continue;
        VersionProgress row;
        row.version = work.version;
        row.number = work.number;
        for (const Job& job : work.jobs) {
            row.total += std::max<std::int64_t>(1, static_cast<std::int64_t>(job.iterations.size()));
            row.queued.insert(row.queued.end(), job.iterations.begin(), job.iterations.end());
        }
        progress.total += row.total;
        progress.rows.push_back(std::move(row));
    }
    return progress;
}

}  // namespace

/// What the supervising thread and the callers share.
struct Scheduler::Shared {
    std::mutex mutex;
    std::condition_variable wake;
    std::condition_variable ended;
    Progress progress;
    bool cancel = false;
    bool paused = false;
    std::optional<View> view;  ///< not taken up yet
    bool over = false;
};

/// Owns the thread: child processes end with the thread that started them.
class Scheduler::Supervisor {
public:
    Supervisor(WorkPlan plan, SchedulerOptions options, std::shared_ptr<Shared> shared)
        : m_thread([plan = std::move(plan), options = std::move(options), shared = std::move(shared)]() mutable {
              run(std::move(plan), std::move(options), *shared);
          }) {}
    ~Supervisor() { m_thread.join(); }

private:
    static void run(WorkPlan plan, SchedulerOptions options, Shared& shared) {
        {
            replay::Supervisor supervisor(std::move(plan), std::move(options));
            publish(shared, supervisor.progress());
            while (!supervisor.finished()) {
                const Wishes wishes = pause(shared);
                if (wishes.cancel) supervisor.cancel();
                if (wishes.view) supervisor.show(*wishes.view);
                supervisor.step(wishes.paused);
                publish(shared, supervisor.progress());
            }
        }
        const std::lock_guard lock(shared.mutex);
        shared.progress.finished = true;
        shared.over = true;
        shared.ended.notify_all();
    }

    static void publish(Shared& shared, Progress progress) {
        const std::lock_guard lock(shared.mutex);
        // Finished is said when the workers' folders are cleaned up too.
        progress.finished = false;
        shared.progress = std::move(progress);
    }

    struct Wishes {
        bool cancel;
        bool paused;
        std::optional<View> view;
    };

    static Wishes pause(Shared& shared) {
        std::unique_lock lock(shared.mutex);
        const bool before = shared.cancel;
        shared.wake.wait_for(lock, std::chrono::milliseconds(50), [&] { return shared.cancel && !before; });
        return {shared.cancel, shared.paused, std::exchange(shared.view, std::nullopt)};
    }

    std::thread m_thread;
};

Scheduler::Scheduler(WorkPlan plan, SchedulerOptions options) : m_shared(std::make_shared<Shared>()) {
    m_shared->progress = beforeStart(plan);
    m_supervisor = std::make_unique<Supervisor>(std::move(plan), std::move(options), m_shared);
}

Scheduler::~Scheduler() {
    cancel();
    m_supervisor.reset();
}

Progress Scheduler::progress() const {
    const std::lock_guard lock(m_shared->mutex);
    return m_shared->progress;
}

void Scheduler::cancel() {
    const std::lock_guard lock(m_shared->mutex);
    m_shared->cancel = true;
    m_shared->wake.notify_all();
}

void Scheduler::setPaused(bool paused) {
    const std::lock_guard lock(m_shared->mutex);
    m_shared->paused = paused;
}

void Scheduler::show(View view) {
    const std::lock_guard lock(m_shared->mutex);
    m_shared->view = std::move(view);
}

void Scheduler::wait() {
    std::unique_lock lock(m_shared->mutex);
    m_shared->ended.wait(lock, [this] { return m_shared->over; });
}

}  // namespace hindcast::replay
