// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>
#include <QTimer>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "core/base/result.h"
#include "core/workspace/workspace.h"

namespace hindcast::tasks {
class WorkspaceThread;
}

namespace hindcast::models {

/// Plans a replay of the chosen probes and runs it: at most one run at a time, progress read at 4 Hz. GUI thread only.
class ReplayDesk : public QObject {
    Q_OBJECT
public:
    ReplayDesk(tasks::WorkspaceThread& thread, QObject* parent);
    ~ReplayDesk() override;

    /// Logged names of the probes to plan for; empty: no plan.
    void setProbes(const QStringList& names);
    const QStringList& probes() const { return m_request.names; }
    /// Where the plan runs and on how many workers: "" is this computer, 0 what fits it.
    void setPlace(const QString& resource, int workers);
    int workers() const { return m_request.workers; }
    const QString& resource() const { return m_request.resource; }
    void setWhere(const QString& where);
    /// What an option of the plan has to keep: seconds of wall time, money. Absent: any.
    void setLimits(std::optional<double> deadline, std::optional<double> budget);
    std::optional<double> deadline() const { return m_request.deadline; }
    std::optional<double> budget() const { return m_request.budget; }
    /// Of the passes of the outer loop every so many, and perhaps only those where a state is stored.
    void setPasses(std::int64_t stride, bool onlyCaptured);
    std::int64_t stride() const { return m_request.stride; }
    bool onlyCaptured() const { return m_request.onlyCaptured; }
    /// Where replays can run, this computer first; known with the first plan.
    const std::vector<workspace::ResourceView>& resources() const { return m_resources; }
    /// Plans again: probes, placements, values or versions changed.
    void replan();

    const std::optional<workspace::Plan>& plan() const { return m_plan; }
    bool isPlanning() const { return m_planning; }
    const std::optional<base::Error>& planError() const { return m_planError; }
    /// Something would run, and may.
    bool canStart() const;
    /// Lets replays of this project run where nothing can hold past code, from now on, and plans again.
    void allowUnsandboxed();

    void start();
    /// One iteration in the middle of the newest version that would run.
    void startDryRun();
    bool isRunning() const { return m_run != nullptr && !m_progress.finished; }
    bool isStarting() const { return m_starting; }
    bool isPaused() const { return m_paused; }
    /// Of the run in progress, else of the last one; no rows when there was none.
    const workspace::ReplayProgress& progress() const { return m_progress; }
    /// What the run in progress (or the last one) computes.
    const QStringList& runningNames() const { return m_runningNames; }
    void cancel();
    void setPaused(bool paused);
    /// What the user looks at: its values are replayed first, now and in replays to come.
    void show(const workspace::ShownPart& part);
    /// Replays whose program died before they were over, oldest first.
    const std::vector<workspace::UnfinishedReplay>& unfinished() const { return m_unfinished; }
    void readUnfinished();
    /// Runs what is left of one; when nothing is, it is forgotten.
    void resume(const std::string& id);
    /// Forgets one; what its workers had finished stays.
    void discard(const std::string& id);
    /// Versions came or ended: replays what the user ordered for new ones, when nothing else runs.
    void followOrders();

Q_SIGNALS:
    void planChanged();
    void progressChanged();
    void started();
    void finished();
    void unfinishedChanged();
    void failed(const hindcast::base::Error& error);

private:
    struct Request {
        QStringList names;
        QString resource;
        int workers = 0;
        QString where;
        std::optional<double> deadline;
        std::optional<double> budget;
        std::int64_t stride = 1;
        bool onlyCaptured = false;
    };
    workspace::PlanRequest request() const;
    void launch(workspace::Plan plan);
    void poll();

    tasks::WorkspaceThread& m_thread;
    Request m_request;
    std::optional<workspace::Plan> m_plan;
    std::vector<workspace::ResourceView> m_resources;
    std::vector<workspace::UnfinishedReplay> m_unfinished;
    std::optional<base::Error> m_planError;
    bool m_planning = false;
    bool m_starting = false;
    bool m_paused = false;
    std::optional<workspace::ShownPart> m_shown;
    std::unique_ptr<workspace::ReplayRun> m_run;
    workspace::ReplayProgress m_progress;
    QStringList m_runningNames;
    QStringList m_warmed;                                   ///< probes whose workers were started ahead
    std::map<std::string, std::set<base::Uuid>> m_handled;  ///< order → versions that it was followed for
    QTimer m_poll;
};

}  // namespace hindcast::models
