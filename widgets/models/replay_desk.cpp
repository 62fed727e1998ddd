// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/replay_desk.h"

#include <algorithm>
#include <utility>

#include "widgets/look/tokens.h"
#include "widgets/tasks/workspace_thread.h"

namespace hindcast::models {

ReplayDesk::ReplayDesk(tasks::WorkspaceThread& thread, QObject* parent) : QObject(parent), m_thread(thread) {
    m_poll.setInterval(static_cast<int>(1000 / look::measure(look::Measure::ProgressHz)));
    connect(&m_poll, &QTimer::timeout, this, &ReplayDesk::poll);
}

ReplayDesk::~ReplayDesk() = default;

void ReplayDesk::setProbes(const QStringList& names) {
    if (m_request.names == names) return;
    m_request.names = names;
    replan();
}

void ReplayDesk::setPlace(const QString& resource, int workers) {
    if (m_request.resource == resource && m_request.workers == workers) return;
    m_request.resource = resource;
    m_request.workers = workers;
    replan();
}

void ReplayDesk::setWhere(const QString& where) {
    if (m_request.where == where) return;
    m_request.where = where;
    replan();
}

void ReplayDesk::setLimits(std::optional<double> deadline, std::optional<double> budget) {
    if (m_request.deadline == deadline && m_request.budget == budget) return;
    m_request.deadline = deadline;
    m_request.budget = budget;
    replan();
}

void ReplayDesk::setPasses(std::int64_t stride, bool onlyCaptured) {
    if (m_request.stride == stride && m_request.onlyCaptured == onlyCaptured) return;
    m_request.stride = stride;
    m_request.onlyCaptured = onlyCaptured;
    replan();
}

workspace::PlanRequest ReplayDesk::request() const {
    workspace::PlanRequest request;
    for (const QString& name : m_request.names) request.names.push_back(name.toStdString());
    request.resource = m_request.resource.toStdString();
    request.workers = m_request.workers;
    request.where = m_request.where.toStdString();
    request.deadlineSeconds = m_request.deadline;
    request.budget = m_request.budget;
    request.stride = m_request.stride;
    request.onlyCaptured = m_request.onlyCaptured;
    return request;
}

void ReplayDesk::replan() {
    const QString key = QStringLiteral("plan");
    if (m_request.names.isEmpty()) {
        m_thread.cancel(key);
        m_planning = false;
        m_plan.reset();
        m_planError.reset();
        Q_EMIT planChanged();
        return;
    }
    m_planning = true;
    Q_EMIT planChanged();
    // Interpreters import while the plan is made and read; once for what the user chose, not at each new value.
    const bool warms = std::exchange(m_warmed, m_request.names) != m_request.names;
    struct Planned {
        workspace::Plan plan;
        std::vector<workspace::ResourceView> resources;
    };
    m_thread.run<Planned>(
        key, tasks::Urgency::Soon,
        [asked = request(), warms](workspace::Workspace& workspace,
                                   const tasks::JobControl& control) -> base::Result<Planned> {
            if (warms) workspace.warm(asked.versions, asked.workers);
            Planned planned;
            HINDCAST_ASSIGN(planned.plan, workspace.plan(asked, control.stop()));
            HINDCAST_ASSIGN(planned.resources, workspace.resources());
            return planned;
        },
        [this](base::Result<Planned> plan) {
            m_planning = false;
            if (plan) {
                m_plan = std::move(plan->plan);
                m_resources = std::move(plan->resources);
                m_planError.reset();
            } else {
                m_planError = plan.error();
            }
            Q_EMIT planChanged();
        });
}

bool ReplayDesk::canStart() const {
    if (!m_plan || m_planError || !m_plan->missingConsent.empty() || isRunning() || m_starting) return false;
    return std::any_of(m_plan->rows.begin(), m_plan->rows.end(), [](const auto& row) { return row.willRun; });
}

void ReplayDesk::allowUnsandboxed() {
    m_thread.run<bool>(
        QString(), tasks::Urgency::Now,
        [](workspace::Workspace& workspace, const tasks::JobControl&) -> base::Result<bool> {
            HINDCAST_TRY(workspace.allowUnsandboxed());
            return true;
        },
        [this](base::Result<bool> done) {
            if (!done) Q_EMIT failed(done.error());
            replan();
        });
}

void ReplayDesk::start() {
    if (canStart()) launch(*m_plan);
}

void ReplayDesk::startDryRun() {
    if (!canStart()) return;
    const auto row =
        std::find_if(m_plan->rows.begin(), m_plan->rows.end(), [](const auto& each) { return each.willRun; });
    auto asked = request();
    asked.versions = {row->version};
    if (!row->iterations.empty()) {
        const auto middle = row->iterations[row->iterations.size() / 2];
        asked.iterations = {middle, middle};
    }
    m_starting = true;
    Q_EMIT progressChanged();
    m_thread.run<workspace::Plan>(
        QString(), tasks::Urgency::Now,
        [asked](workspace::Workspace& workspace, const tasks::JobControl&) { return workspace.plan(asked); },
        [this](base::Result<workspace::Plan> plan) {
            m_starting = false;
            if (plan) return launch(*plan);
            Q_EMIT failed(plan.error());
            Q_EMIT progressChanged();
        });
}

void ReplayDesk::launch(workspace::Plan plan) {
    plan.shown = m_shown;
    m_starting = true;
    m_paused = false;
    m_runningNames.clear();
    for (const auto& probe : plan.probes) m_runningNames.append(QString::fromStdString(probe.name));
    Q_EMIT progressChanged();
    // A shared holder: results travel through copyable functions, the run itself cannot be copied.
    using Holder = std::shared_ptr<std::unique_ptr<workspace::ReplayRun>>;
    m_thread.run<Holder>(
        QString(), tasks::Urgency::Now,
        [plan = std::move(plan)](workspace::Workspace& workspace, const tasks::JobControl&) -> base::Result<Holder> {
            HINDCAST_ASSIGN(auto run, workspace.replay(plan));
            return std::make_shared<std::unique_ptr<workspace::ReplayRun>>(std::move(run));
        },
        [this](base::Result<Holder> run) {
            m_starting = false;
            if (!run) {
                Q_EMIT failed(run.error());
                Q_EMIT progressChanged();
                return;
            }
            m_run = std::move(**run);
            if (m_shown) m_run->show(*m_shown);  // it may have changed meanwhile
            m_progress = m_run->progress();
            m_poll.start();
            Q_EMIT started();
            readUnfinished();
            Q_EMIT progressChanged();
        });
}

void ReplayDesk::readUnfinished() {
    using All = std::vector<workspace::UnfinishedReplay>;
    m_thread.run<All>(
        QStringLiteral("unfinished"), tasks::Urgency::Soon,
        [](workspace::Workspace& workspace, const tasks::JobControl&) { return workspace.unfinishedReplays(); },
        [this](base::Result<All> all) {
            if (!all) return Q_EMIT failed(all.error());
            const bool none = m_unfinished.empty() && all->empty();
            m_unfinished = *std::move(all);
            if (!none) Q_EMIT unfinishedChanged();
        });
}

void ReplayDesk::resume(const std::string& id) {
    const auto found =
        std::find_if(m_unfinished.begin(), m_unfinished.end(), [&](const auto& replay) { return replay.id == id; });
    if (found == m_unfinished.end() || isRunning() || m_starting) return;
    m_starting = true;
    Q_EMIT progressChanged();
    m_thread.run<workspace::Plan>(
        QString(), tasks::Urgency::Now,
        [replay = *found](workspace::Workspace& workspace, const tasks::JobControl&) -> base::Result<workspace::Plan> {
            HINDCAST_ASSIGN(workspace::Plan plan, workspace.planRest(replay));
            if (plan.iterations == 0) HINDCAST_TRY(workspace.forgetUnfinished(replay.id));
            return plan;
        },
        [this](base::Result<workspace::Plan> plan) {
            m_starting = false;
            if (plan && plan->iterations > 0) return launch(*plan);
            if (!plan) Q_EMIT failed(plan.error());
            Q_EMIT progressChanged();
            readUnfinished();
        });
}

void ReplayDesk::discard(const std::string& id) {
    m_thread.run<bool>(
        QString(), tasks::Urgency::Now,
        [id](workspace::Workspace& workspace, const tasks::JobControl&) -> base::Result<bool> {
            HINDCAST_TRY(workspace.forgetUnfinished(id));
            return true;
        },
        [this](base::Result<bool> done) {
            if (!done) Q_EMIT failed(done.error());
            readUnfinished();
        });
}

void ReplayDesk::followOrders() {
    if (isRunning() || m_starting) return;
    struct Due {
        std::string order;
        workspace::Plan plan;
    };
    m_thread.run<std::vector<Due>>(
        QStringLiteral("orders"), tasks::Urgency::Soon,
        [handled = m_handled](workspace::Workspace& workspace,
                              const tasks::JobControl&) mutable -> base::Result<std::vector<Due>> {
            HINDCAST_ASSIGN(const auto orders, workspace.orders());
            std::vector<Due> due;
            for (const workspace::ReplayOrder& order : orders) {
                HINDCAST_ASSIGN(workspace::Plan plan, workspace.planOrder(order, handled[order.id]));
                if (plan.iterations > 0) due.push_back({order.id, std::move(plan)});
            }
            return due;
        },
        [this](base::Result<std::vector<Due>> due) {
            if (!due) return Q_EMIT failed(due.error());
            if (due->empty() || isRunning() || m_starting) return;
            // With several orders, the next is looked for when this one has ended and its values came.
            const Due& first = due->front();
            for (const workspace::PlanRow& row : first.plan.rows) m_handled[first.order].insert(row.version);
            launch(first.plan);
        });
}

void ReplayDesk::poll() {
    if (!m_run) return;
    m_progress = m_run->progress();
    if (m_progress.finished) {
        m_poll.stop();
        m_run.reset();
    }
    Q_EMIT progressChanged();
    if (!m_progress.finished) return;
    readUnfinished();
    Q_EMIT finished();
}

void ReplayDesk::cancel() {
    if (m_run) m_run->cancel();
}

void ReplayDesk::setPaused(bool paused) {
    if (!m_run || m_paused == paused) return;
    m_paused = paused;
    m_run->setPaused(paused);
    Q_EMIT progressChanged();
}

void ReplayDesk::show(const workspace::ShownPart& part) {
    if (m_shown == part) return;
    m_shown = part;
    if (m_run) m_run->show(part);
}

}  // namespace hindcast::models
