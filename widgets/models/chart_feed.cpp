// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/chart_feed.h"

#include <algorithm>
#include <set>

#include "widgets/models/project.h"
#include "widgets/models/view_values.h"
#include "widgets/text/words.h"

namespace hindcast::models {

namespace {
std::vector<chart::Point> points(const workspace::Series& series) {
    std::vector<chart::Point> all(series.values.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i].x = series.x[i];
        all[i].y = series.values[i];
        all[i].source = lookSource(series.sources[i]);
        all[i].fidelity = lookFidelity(series.fidelities[i]);
    }
    return all;
}

const workspace::QueueRow* queueRow(Project& project, const base::Uuid& version) {
    if (!project.replay().isRunning()) return nullptr;
    const auto& rows = project.replay().progress().rows;
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.version == version; });
    return found == rows.end() ? nullptr : &*found;
}

bool cannotBePlaced(Project& project, const QString& metric, const base::Uuid& version) {
    for (const auto& probe : project.probes().probes()) {
        const auto& names = probe.names;
        if (std::find(names.begin(), names.end(), metric.toStdString()) == names.end()) continue;
        const auto& placements = project.probes().placements(QString::fromStdString(probe.id)).byVersion;
        const auto found = placements.find(version);
        if (found == placements.end()) return false;
        return found->second.kind == workspace::PlacementKind::Conflict ||
               found->second.kind == workspace::PlacementKind::Skipped;
    }
    return false;
}
}  // namespace

double normalSpacing(const workspace::Series& series) {
    const bool replayed =
        std::find(series.sources.begin(), series.sources.end(), workspace::Source::Replayed) != series.sources.end();
    if (series.loops.size() <= 1 && replayed) return 1.0;
    std::vector<double> gaps;
    for (std::size_t i = 1; i < series.x.size(); ++i) gaps.push_back(series.x[i] - series.x[i - 1]);
    if (gaps.empty()) return 0.0;
    const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
    std::nth_element(gaps.begin(), middle, gaps.end());
    return *middle;
}

std::vector<chart::Series> chartSeries(Project& project, const QString& metric) {
    std::vector<chart::Series> all;
    const auto& versions = project.versions();
    for (std::size_t i = versions.size(); i-- > 0;) {
        const auto& view = versions[i];
        const auto read = project.series().find(view.uuid, metric);
        if (!read || read->values.empty()) continue;
        chart::Series series;
        series.version = text::fromUtf8(view.uuid.text());
        series.label = text::versionName(view.number);
        series.ink.emphasis = project.choice().slotOf(view.uuid);
        series.ink.age =
            versions.size() < 2 ? 1.0 : 1.0 - static_cast<double>(i) / static_cast<double>(versions.size() - 1);
        series.emphasised = series.ink.emphasis >= 0;
        series.spacing = normalSpacing(*read);
        series.points = points(*read);
        all.push_back(std::move(series));
    }
    return all;
}

bool isHindsight(Project& project, const QString& metric) {
    const auto* view = project.nameView(metric);
    if (view && view->replayed) return true;
    const auto& probes = project.probes().probes();
    return std::any_of(probes.begin(), probes.end(), [name = metric.toStdString()](const auto& probe) {
        return std::find(probe.names.begin(), probe.names.end(), name) != probe.names.end();
    });
}

std::vector<chart::CoverageSlot> chartCoverage(Project& project, const QString& metric, const base::Uuid& version) {
    const auto* view = project.version(version);
    const auto read = project.series().find(version, metric);
    if (!view || !read) return {};
    const bool recorded = !read->sources.empty() && read->sources.front() == workspace::Source::Recorded;
    if (recorded) return {};
    std::set<std::int64_t> have;
    for (const double outer : read->outer) have.insert(static_cast<std::int64_t>(outer));
    const auto* queue = queueRow(project, version);
    const bool cannot = cannotBePlaced(project, metric, version);
    const auto listed = [](const std::vector<std::int64_t>& list, std::int64_t at) {
        return std::find(list.begin(), list.end(), at) != list.end();
    };
    std::vector<chart::CoverageSlot> stretches;
    for (std::int64_t at = 0; at < view->outerIterations; ++at) {
        chart::CoverageSlot slot;
        slot.from = static_cast<double>(at);
        slot.to = slot.from + 1;
        if (have.contains(at))
            slot.state = chart::SlotState::Have;
        else if (queue && listed(queue->running, at))
            slot.state = chart::SlotState::Running;
        else if (queue && listed(queue->queued, at))
            slot.state = chart::SlotState::Queued;
        else
            slot.state = cannot ? chart::SlotState::Cannot : chart::SlotState::NotReplayed;
        slot.part = slot.state == chart::SlotState::Running ? 0.5 : 0.0;
        stretches.push_back(slot);
    }
    return stretches;
}

}  // namespace hindcast::models
