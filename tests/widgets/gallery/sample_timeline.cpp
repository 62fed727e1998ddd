// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/gallery/sample_timeline.h"

namespace hindcast::gallery {

using timeline::Cell;
using timeline::Hindsight;

SampleTimeline::SampleTimeline(int versions, int iterations, QObject* parent)
    : TimelineModel(parent), m_versions(versions), m_iterations(iterations) {}

timeline::Row SampleTimeline::row(int row) const {
    const int version = m_versions - row;
    timeline::Row result{QString::number(version), QStringLiteral("v%1").arg(version), {}};
    switch (version) {
        case 24:
            result.tag = QStringLiteral("live");
            break;
        case 17:
            result.tag = QStringLiteral("mistake");
            break;
        case 16:
            result.tag = QStringLiteral("last good");
            break;
        case 9:
            result.tag = QStringLiteral("failed");
            break;
        default:
            break;
    }
    return result;
}

int SampleTimeline::iterationCount(int) const {
    return m_iterations;
}

Cell SampleTimeline::cell(int row, int iteration) const {
    const int version = m_versions - row;
    Cell cell;
    cell.logged = true;
    cell.captured = iteration % (2 + version % 3) == 0;
    cell.hindsight = version > 12 ? Hindsight::Replayed : Hindsight::None;
    if (version == 24) {
        cell.hindsight = Hindsight::None;
        if (iteration >= 22) return {};
    }
    if (version == 9) {
        if (iteration > 11) return {};
        cell.failed = iteration == 11;
    }
    if ((version == 17 || version == 18) && iteration > 9 && iteration % 2 == 1) cell.alerting = true;
    if (version == 13 && iteration >= 14 && iteration < 17) cell.hindsight = Hindsight::Diverged;
    if (version == 12) cell.hindsight = iteration < 6 ? Hindsight::Replayed : Hindsight::Queued;
    if (version == 12 && iteration == 6) {
        cell.hindsight = Hindsight::Running;
        cell.part = 0.6F;
    }
    if (m_versions > 100) {
        // A history that is too large to look at cell by cell: single failures must still be seen.
        cell.hindsight = version % 3 == 0 ? Hindsight::Replayed : Hindsight::None;
        if ((version * 37 + iteration) % 4999 == 0) cell.failed = true;
        if ((version * 11 + iteration * 7) % 3001 == 0) cell.alerting = true;
    }
    if (version == 11) cell.hindsight = iteration < 20 ? Hindsight::Unverified : Hindsight::Queued;
    return cell;
}

timeline::Steps SampleTimeline::steps(int row, int iteration) const {
    timeline::Steps steps;
    const Cell cell = this->cell(row, iteration);
    if (!cell.logged) return steps;
    steps.count = 40;
    if (cell.captured) steps.captures.push_back({0.0, timeline::CaptureKind::Boundary});
    if (iteration % 7 == 3) steps.captures.push_back({0.5, timeline::CaptureKind::Mid});
    return steps;
}

}  // namespace hindcast::gallery
