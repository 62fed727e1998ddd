// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/tasks/workspace_thread.h"

#include <QHash>
#include <QMetaObject>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace hindcast::tasks {

struct WorkspaceThread::Job {
    JobId id = 0;
    Urgency urgency = Urgency::Soon;
    JobControl control;
    Work work;
};

/// What both threads share: the waiting jobs, and (GUI thread only) who still waits for which result.
class WorkspaceThread::Queue {
public:
    std::mutex lock;
    std::condition_variable filled;
    std::deque<Job> waiting;
    bool stopping = false;
    std::thread thread;

    struct Wanted {
        QString key;
        std::stop_source stop;
    };
    QHash<JobId, Wanted> wanted;
    QHash<QString, JobId> newest;
    JobId lastId = 0;
    Open open;
    std::unique_ptr<Workspace> workspace;
    base::Error closed{base::ErrorCode::NotFound, "no project is open"};
    std::function<void(JobId, std::function<void()>)> finished;

    void loop() {
        while (true) {
            Job job;
            {
                std::unique_lock guard(lock);
                filled.wait(guard, [this] { return stopping || !waiting.empty(); });
                if (stopping) break;
                job = std::move(waiting.front());
                waiting.pop_front();
            }
            finished(job.id, job.control.cancelled() ? std::function<void()>()
                                                     : job.work(workspace.get(), closed, job.control));
        }
        workspace.reset();
    }
};

WorkspaceThread::WorkspaceThread(Open open, QObject* parent) : QObject(parent), m_queue(std::make_unique<Queue>()) {
    m_queue->open = std::move(open);
    m_queue->finished = [this](JobId id, std::function<void()> show) {
        QMetaObject::invokeMethod(
            this, [this, id, show = std::move(show)] { deliver(id, show, true); }, Qt::QueuedConnection);
    };
    m_queue->thread = std::thread([queue = m_queue.get()] { queue->loop(); });
}

WorkspaceThread::~WorkspaceThread() {
    for (auto& wanted : m_queue->wanted) wanted.stop.request_stop();
    {
        const std::lock_guard guard(m_queue->lock);
        m_queue->stopping = true;
        m_queue->waiting.clear();
    }
    m_queue->filled.notify_all();
    m_queue->thread.join();
}

void WorkspaceThread::open(const std::filesystem::path& path, std::function<void(base::Result<void>)> done) {
    Queue* queue = m_queue.get();
    submit(QString(), Urgency::Now,
           [queue, path, done = std::move(done)](Workspace*, const base::Error&, const JobControl&) {
               queue->workspace.reset();
               auto opened = queue->open(path);
               base::Result<void> result;
               if (opened) {
                   queue->workspace = *std::move(opened);
               } else {
                   queue->closed = opened.error();
                   result = opened.error();
               }
               return [result, done] { done(result); };
           });
}

JobId WorkspaceThread::submit(const QString& key, Urgency urgency, Work work) {
    if (!key.isEmpty()) cancel(key);
    Job job;
    job.id = ++m_queue->lastId;
    job.urgency = urgency;
    job.control.m_report = [this, id = job.id](std::function<void()> show) {
        QMetaObject::invokeMethod(
            this, [this, id, show = std::move(show)] { deliver(id, show, false); }, Qt::QueuedConnection);
    };
    job.work = std::move(work);
    const JobId id = job.id;
    m_queue->wanted.insert(id, {key, job.control.m_stop});
    if (!key.isEmpty()) m_queue->newest.insert(key, id);
    {
        const std::lock_guard guard(m_queue->lock);
        auto& waiting = m_queue->waiting;
        auto place = waiting.begin();
        while (place != waiting.end() && place->urgency <= urgency) ++place;
        waiting.insert(place, std::move(job));
    }
    m_queue->filled.notify_one();
    Q_EMIT pendingChanged();
    return id;
}

void WorkspaceThread::deliver(JobId job, const std::function<void()>& show, bool last) {
    const auto found = m_queue->wanted.constFind(job);
    if (found == m_queue->wanted.constEnd()) return;
    const bool stale = found->stop.stop_requested();
    if (last) {
        if (m_queue->newest.value(found->key) == job) m_queue->newest.remove(found->key);
        m_queue->wanted.erase(found);
    }
    if (!stale && show) show();
    if (last) Q_EMIT pendingChanged();
}

void WorkspaceThread::cancel(JobId job) {
    const auto found = m_queue->wanted.find(job);
    if (found != m_queue->wanted.end()) found->stop.request_stop();
}

void WorkspaceThread::cancel(const QString& key) {
    const auto newest = m_queue->newest.constFind(key);
    if (newest == m_queue->newest.constEnd()) return;
    cancel(*newest);
    m_queue->newest.erase(newest);
}

int WorkspaceThread::pending() const {
    return static_cast<int>(m_queue->wanted.size());
}

}  // namespace hindcast::tasks
