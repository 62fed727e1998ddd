// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/support/hand_made_replay.h"

#include <algorithm>
#include <cmath>

#include "tests/widgets/support/hand_made_workspace.h"

namespace hindcast::support {

namespace {
class HandMadeReplay : public workspace::ReplayRun {
public:
    HandMadeReplay(std::shared_ptr<HandMadeProject> project, workspace::Plan plan)
        : m_project(std::move(project)), m_plan(std::move(plan)) {
        for (const auto& row : m_plan.rows) {
            if (!row.willRun) continue;
            workspace::QueueRow queued;
            queued.version = row.version;
            queued.number = row.number;
            queued.total = static_cast<std::int64_t>(row.iterations.size());
            queued.queued = row.iterations;
            queued.secondsLeft = row.time.seconds;
            m_progress.rows.push_back(queued);
            m_progress.total += queued.total;
        }
        m_progress.workers = m_plan.workers;
    }

    workspace::ReplayProgress progress() const override {
        const std::lock_guard guard(m_project->lock);
        if (!m_project->paused && !m_progress.finished) step();
        return m_progress;
    }
    void cancel() override {
        const std::lock_guard guard(m_project->lock);
        m_project->cancelled = true;
        for (auto& row : m_progress.rows) {
            if (row.state != workspace::UnitState::Done) row.state = workspace::UnitState::Cancelled;
        }
        m_progress.cancelled = m_progress.finished = true;
    }
    void setPaused(bool paused) override {
        const std::lock_guard guard(m_project->lock);
        m_project->paused = paused;
    }
    void show(const workspace::ShownPart& part) override {
        const std::lock_guard guard(m_project->lock);
        m_project->shown = part;
    }
    void wait() override {}

private:
    void step() const {
        const auto row = std::find_if(m_progress.rows.begin(), m_progress.rows.end(),
                                      [](const auto& each) { return each.done < each.total; });
        if (row == m_progress.rows.end()) {
            m_progress.finished = true;
            return;
        }
        const auto at = row->running.empty() ? row->queued.front() : row->running.front();
        std::erase(row->queued, at);
        for (const auto& probe : m_plan.probes) log(probe, *row, at);
        row->running.clear();
        if (!row->queued.empty()) row->running = {row->queued.front()};
        ++row->done;
        ++m_progress.done;
        row->state = row->done == row->total ? workspace::UnitState::Done : workspace::UnitState::Running;
        row->secondsLeft = 1.4 * static_cast<double>(row->total - row->done);
        m_progress.secondsLeft = 0.7 * static_cast<double>(m_progress.total - m_progress.done);
    }

    void log(const workspace::ProbeView& probe, const workspace::QueueRow& row, std::int64_t epoch) const {
        auto& series = m_project->series[{row.version, probe.name}];
        series.version = row.version;
        series.name = probe.name;
        series.loops = {"epoch"};
        const bool last = row.done + 1 == row.total;
        series.outer.push_back(static_cast<double>(epoch));
        series.x.push_back(static_cast<double>(epoch));
        series.innermost.push_back(epoch);
        const double jump = row.number == 9 && epoch > 7 ? 2.2 : 0.0;
        series.values.push_back(1.0 + 2.6 * std::exp(-static_cast<double>(epoch) / 5) + jump + 0.03 * row.number);
        series.sources.push_back(workspace::Source::Replayed);
        series.fidelities.push_back(workspace::Fidelity::Unverified);
        for (auto& fidelity : series.fidelities)
            fidelity = last || epoch % 4 == 3 ? workspace::Fidelity::Exact : fidelity;
        m_project->cells[row.version][static_cast<std::size_t>(epoch)].hindsight =
            workspace::CellView::Hindsight::Replayed;
        for (auto& view : m_project->versions) {
            if (view.uuid == row.version) view.lastValues[probe.name] = series.values.back();
        }
        const bool known = std::any_of(m_project->names.begin(), m_project->names.end(),
                                       [&](const auto& name) { return name.name == probe.name; });
        if (!known) m_project->names.push_back({probe.name, {"epoch"}, 1, true, true});
        m_project->pending.series.emplace_back(row.version, probe.name);
    }

    std::shared_ptr<HandMadeProject> m_project;
    workspace::Plan m_plan;
    mutable workspace::ReplayProgress m_progress;
};
}  // namespace

base::Result<std::unique_ptr<workspace::ReplayRun>> startHandMadeReplay(const std::shared_ptr<HandMadeProject>& project,
                                                                        const workspace::Plan& plan) {
    {
        const std::lock_guard guard(project->lock);
        ++project->replaysStarted;
    }
    return std::unique_ptr<workspace::ReplayRun>(std::make_unique<HandMadeReplay>(project, plan));
}

}  // namespace hindcast::support
