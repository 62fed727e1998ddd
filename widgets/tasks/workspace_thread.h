// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <utility>

#include "core/base/result.h"
#include "core/workspace/workspace.h"

namespace hindcast::tasks {

using JobId = std::uint64_t;

/// How soon a job runs: what the user waits for goes before what keeps the picture fresh.
enum class Urgency : std::uint8_t { Now, Soon, Idle };

/// Handed to a running job. Any thread.
class JobControl {
public:
    /// True when nobody waits for the result any more; a long job asks now and then, and returns early.
    bool cancelled() const { return m_stop.stop_requested(); }
    /// The same for what takes one.
    std::stop_token stop() const { return m_stop.get_token(); }
    /// Runs `show` on the GUI thread, in order, before the job's result; dropped when the job is stale by then.
    void report(std::function<void()> show) const { m_report(std::move(show)); }

private:
    friend class WorkspaceThread;
    std::stop_source m_stop;
    std::function<void(std::function<void()>)> m_report;
};

/// One thread that owns one open Workspace; the window asks it for everything, so that the GUI thread never waits.
/// Jobs are (key, work, done): a new job replaces an older one with the same key, whose result is then dropped; an
/// empty key never goes stale (acts that change the store). `done` runs on the thread that made this object.
/// The destructor cancels what waits, lets the running job return and closes the Workspace on its own thread.
class WorkspaceThread : public QObject {
    Q_OBJECT
public:
    using Workspace = workspace::Workspace;
    using Open = std::function<base::Result<std::unique_ptr<Workspace>>(const std::filesystem::path&)>;

    explicit WorkspaceThread(Open open, QObject* parent = nullptr);
    ~WorkspaceThread() override;

    /// Opens the project; jobs given before or after run once it is open, and fail with its error when it is not.
    void open(const std::filesystem::path& path, std::function<void(base::Result<void>)> done);

    template <class T>
    JobId run(const QString& key, Urgency urgency, std::function<base::Result<T>(Workspace&, const JobControl&)> work,
              std::function<void(base::Result<T>)> done) {
        return submit(key, urgency,
                      [work = std::move(work), done = std::move(done)](Workspace* workspace, const base::Error& closed,
                                                                       const JobControl& control) {
                          auto result = std::make_shared<base::Result<T>>(workspace ? work(*workspace, control)
                                                                                    : base::Result<T>(closed));
                          return [result, done] { done(std::move(*result)); };
                      });
    }

    void cancel(JobId job);
    void cancel(const QString& key);
    /// Jobs that wait or run.
    int pending() const;

Q_SIGNALS:
    void pendingChanged();

private:
    struct Job;
    class Queue;
    using Work = std::function<std::function<void()>(Workspace*, const base::Error&, const JobControl&)>;

    JobId submit(const QString& key, Urgency urgency, Work work);
    void deliver(JobId job, const std::function<void()>& show, bool last);

    std::unique_ptr<Queue> m_queue;
};

}  // namespace hindcast::tasks
