// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/timeline_adapter.h"

#include <algorithm>

#include "widgets/models/project.h"
#include "widgets/text/words.h"

namespace hindcast::models {

namespace {
timeline::Hindsight hindsight(workspace::CellView::Hindsight state) {
    switch (state) {
        case workspace::CellView::Hindsight::None:
            return timeline::Hindsight::None;
        case workspace::CellView::Hindsight::Queued:
            return timeline::Hindsight::Queued;
        case workspace::CellView::Hindsight::Running:
            return timeline::Hindsight::Running;
        case workspace::CellView::Hindsight::Replayed:
            return timeline::Hindsight::Replayed;
        case workspace::CellView::Hindsight::Unverified:
            return timeline::Hindsight::Unverified;
        case workspace::CellView::Hindsight::Diverged:
            return timeline::Hindsight::Diverged;
    }
    return timeline::Hindsight::None;
}

std::vector<timeline::Cell> converted(const std::vector<workspace::CellView>& cells) {
    std::vector<timeline::Cell> all;
    all.reserve(cells.size());
    for (const auto& cell : cells) {
        timeline::Cell shown;
        shown.logged = cell.logged;
        shown.captured = cell.captured;
        shown.failed = cell.failed;
        shown.hindsight = hindsight(cell.hindsight);
        all.push_back(shown);
    }
    return all;
}

QString tagOf(const workspace::VersionView& view) {
    if (view.state != workspace::VersionState::Complete) return text::versionStateText(view.state);
    return view.tags.empty() ? QString() : text::fromUtf8(view.tags.front());
}
}  // namespace

TimelineAdapter::TimelineAdapter(Project& project, QObject* parent) : TimelineModel(parent), m_project(project) {
    follow();
    connect(&project, &Project::versionsChanged, this, &TimelineAdapter::follow);
    connect(&project.cells(), &CellStore::changed, this, &TimelineAdapter::cellsChanged);
    connect(&project.replay(), &ReplayDesk::progressChanged, this, &TimelineAdapter::overlayReplay);
    overlayReplay();
}

void TimelineAdapter::follow() {
    m_rowOf.clear();
    m_cells.clear();
    for (const auto& view : m_project.versions()) {
        m_rowOf[view.uuid] = static_cast<int>(m_cells.size());
        m_cells.push_back(converted(m_project.cells().cells(view.uuid)));
    }
    Q_EMIT reset();
}

void TimelineAdapter::cellsChanged(const std::vector<base::Uuid>& versions) {
    int first = versionCount();
    int last = -1;
    bool grew = false;
    for (const auto& version : versions) {
        const auto found = m_rowOf.find(version);
        if (found == m_rowOf.end()) continue;
        auto& cells = m_cells[static_cast<std::size_t>(found->second)];
        const auto before = cells.size();
        cells = converted(m_project.cells().cells(version));
        grew = grew || cells.size() != before;
        first = std::min(first, found->second);
        last = std::max(last, found->second);
    }
    if (grew) return Q_EMIT reset();
    if (last >= first) Q_EMIT changed(first, last, 0, longest() - 1);
}

void TimelineAdapter::overlayReplay() {
    std::map<base::Uuid, std::map<int, timeline::Hindsight>> live;
    if (m_project.replay().isRunning()) {
        for (const auto& row : m_project.replay().progress().rows) {
            for (const auto at : row.queued) live[row.version][static_cast<int>(at)] = timeline::Hindsight::Queued;
            for (const auto at : row.running) live[row.version][static_cast<int>(at)] = timeline::Hindsight::Running;
        }
    }
    if (live == m_live) return;
    m_live = std::move(live);
    if (versionCount() > 0) Q_EMIT changed(0, versionCount() - 1, 0, longest() - 1);
}

int TimelineAdapter::versionCount() const {
    return static_cast<int>(m_cells.size());
}

timeline::Row TimelineAdapter::row(int row) const {
    const auto& view = m_project.versions()[static_cast<std::size_t>(row)];
    return {text::fromUtf8(view.uuid.text()), text::versionName(view.number), tagOf(view)};
}

int TimelineAdapter::iterationCount(int row) const {
    const auto& view = m_project.versions()[static_cast<std::size_t>(row)];
    return std::max(static_cast<int>(view.outerIterations),
                    static_cast<int>(m_cells[static_cast<std::size_t>(row)].size()));
}

timeline::Cell TimelineAdapter::cell(int row, int iteration) const {
    const auto& cells = m_cells[static_cast<std::size_t>(row)];
    timeline::Cell cell =
        iteration < static_cast<int>(cells.size()) ? cells[static_cast<std::size_t>(iteration)] : timeline::Cell();
    const auto live = m_live.find(m_project.versions()[static_cast<std::size_t>(row)].uuid);
    if (live == m_live.end()) return cell;
    const auto found = live->second.find(iteration);
    if (found == live->second.end()) return cell;
    cell.hindsight = found->second;
    cell.part = found->second == timeline::Hindsight::Running ? 0.5F : 0.0F;
    return cell;
}

}  // namespace hindcast::models
