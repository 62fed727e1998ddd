// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/timeline/severity.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "widgets/look/theme.h"

namespace hindcast::timeline {

Severity severityOf(const Cell& cell) {
    if (cell.failed) return Severity::Failed;
    if (cell.hindsight == Hindsight::Diverged) return Severity::Diverged;
    if (cell.alerting) return Severity::Alerting;
    switch (cell.hindsight) {
        case Hindsight::Running:
            return Severity::Running;
        case Hindsight::Queued:
            return Severity::Queued;
        case Hindsight::Replayed:
        case Hindsight::Unverified:
            return Severity::Replayed;
        case Hindsight::Diverged:
        case Hindsight::None:
            break;
    }
    if (cell.captured) return Severity::Captured;
    return cell.logged ? Severity::Logged : Severity::Nothing;
}

QColor colorOf(Severity severity) {
    using look::Color;
    switch (severity) {
        case Severity::Nothing:
            return Qt::transparent;
        case Severity::Logged:
            return look::color(Color::CellLogged);
        case Severity::Captured:
            return look::color(Color::CellCaptured);
        case Severity::Replayed:
            return look::color(Color::CellReplayed);
        case Severity::Queued:
            return look::color(Color::CellQueued);
        case Severity::Running:
            return look::color(Color::CellRunning);
        case Severity::Alerting:
            return look::color(Color::CellAlerting);
        case Severity::Diverged:
            return look::color(Color::CellDiverged);
        case Severity::Failed:
            return look::color(Color::CellFailed);
    }
    return Qt::transparent;
}

bool needsPerson(Severity severity) {
    return severity >= Severity::Alerting;
}

SeverityGrid::SeverityGrid(int columns, int rows)
    : m_columns(std::max(1, columns)),
      m_rows(std::max(1, rows)),
      m_cells(static_cast<std::size_t>(m_columns) * static_cast<std::size_t>(m_rows), Severity::Nothing) {}

void SeverityGrid::raise(int column, int row, Severity severity) {
    if (column < 0 || row < 0 || column >= m_columns || row >= m_rows) return;
    Severity& cell = m_cells[index(column, row)];
    cell = std::max(cell, severity);
}

void SeverityGrid::fill(const TimelineModel& model, double firstRow, double lastRow, double firstIteration,
                        double lastIteration) {
    const double perColumn = (lastIteration - firstIteration) / m_columns;
    const double perRow = (lastRow - firstRow) / m_rows;
    if (perColumn <= 0 || perRow <= 0) return;
    const int rowEnd = std::min(model.versionCount(), static_cast<int>(std::ceil(lastRow)));
    for (int row = std::max(0, static_cast<int>(firstRow)); row < rowEnd; ++row) {
        const int count = model.iterationCount(row);
        const int end = std::min(count, static_cast<int>(std::ceil(lastIteration)));
        // A cell covers every pixel it touches; when many share a pixel the worst one stays.
        const int top = static_cast<int>(std::floor((row - firstRow) / perRow));
        const int bottom = std::max(top, static_cast<int>(std::ceil((row + 1 - firstRow) / perRow)) - 1);
        for (int i = std::max(0, static_cast<int>(firstIteration)); i < end; ++i) {
            const Severity severity = severityOf(model.cell(row, i));
            if (severity == Severity::Nothing) continue;
            const int left = static_cast<int>(std::floor((i - firstIteration) / perColumn));
            const int right = std::max(left, static_cast<int>(std::ceil((i + 1 - firstIteration) / perColumn)) - 1);
            for (int y = top; y <= bottom; ++y)
                for (int x = left; x <= right; ++x) raise(x, y, severity);
        }
    }
}

void SeverityGrid::widen(int across, int down) {
    const std::vector<Severity> before = m_cells;
    for (int row = 0; row < m_rows; ++row) {
        for (int column = 0; column < m_columns; ++column) {
            const Severity severity = before[index(column, row)];
            if (!needsPerson(severity)) continue;
            // At the right or lower end there is no next pixel; the one before takes its place.
            const int stepX = column + across <= m_columns ? 1 : -1;
            const int stepY = row + down <= m_rows ? 1 : -1;
            for (int y = 0; y < down; ++y)
                for (int x = 0; x < across; ++x) raise(column + x * stepX, row + y * stepY, severity);
        }
    }
}

QImage SeverityGrid::image() const {
    std::array<QRgb, static_cast<std::size_t>(Severity::Failed) + 1> palette{};
    for (std::size_t i = 0; i < palette.size(); ++i) palette[i] = colorOf(static_cast<Severity>(i)).rgba();
    QImage image(m_columns, m_rows, QImage::Format_ARGB32_Premultiplied);
    for (int row = 0; row < m_rows; ++row) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(row));
        for (int column = 0; column < m_columns; ++column)
            line[column] = palette[static_cast<std::size_t>(at(column, row))];
    }
    return image;
}

}  // namespace hindcast::timeline
