// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/timeline/timeline_layout.h"

#include <algorithm>
#include <cmath>

#include "widgets/look/tokens.h"

namespace hindcast::timeline {

namespace {

constexpr double kEpochCell = 8;
constexpr double kStepCell = 60;
constexpr double kLargestCell = 640;
constexpr double kMargin = 12;
constexpr double kMinimapTop = 6;
constexpr double kMinimapHeight = 24;
constexpr double kRulerTop = 34;
constexpr double kRulerHeight = 34;
constexpr double kRowsTop = kRulerTop + kRulerHeight + 4;

}  // namespace

Zoom TimelineLayout::zoom() const {
    if (perIteration < kEpochCell) return Zoom::Overview;
    return perIteration < kStepCell ? Zoom::Epoch : Zoom::Step;
}

QRectF TimelineLayout::minimap() const {
    return {labelWidth, kMinimapTop, std::max(1.0, viewport.width() - labelWidth - kMargin), kMinimapHeight};
}

QRectF TimelineLayout::ruler() const {
    return {labelWidth, kRulerTop, minimap().width(), kRulerHeight};
}

QRectF TimelineLayout::cells() const {
    return {labelWidth, kRowsTop, minimap().width(), std::max(1.0, viewport.height() - kRowsTop)};
}

QRectF TimelineLayout::rowRect(int row) const {
    return {0, kRowsTop + row * rowHeight - scrollY, viewport.width(), static_cast<double>(rowHeight)};
}

double TimelineLayout::cursorX(double position) const {
    if (zoom() == Zoom::Step && position != std::floor(position)) return iterationX(position);
    return iterationX(std::floor(position) + (zoom() == Zoom::Step ? 0.0 : 0.5));
}

int TimelineLayout::rowAt(double y) const {
    if (y < kRowsTop || rowHeight <= 0) return -1;
    const int row = static_cast<int>((y - kRowsTop + scrollY) / rowHeight);
    return row < rows ? row : -1;
}

int TimelineLayout::firstVisibleRow() const {
    return std::clamp(scrollY / rowHeight, 0, std::max(0, rows - 1));
}

int TimelineLayout::lastVisibleRow() const {
    const int last = (scrollY + static_cast<int>(cells().height())) / rowHeight;
    return std::clamp(last, 0, rows - 1);
}

double TimelineLayout::fittingPerIteration() const {
    return cells().width() / std::max(1, iterations);
}

QRectF TimelineLayout::minimapFrame() const {
    const QRectF map = minimap();
    const double total = std::max(1, iterations);
    const double left = map.left() + firstIteration / total * map.width();
    const double width = std::min(1.0, visibleIterations() / total) * map.width();
    return {left, map.top(), width, map.height()};
}

void TimelineLayout::constrain() {
    perIteration = std::clamp(perIteration, std::min(fittingPerIteration(), kLargestCell), kLargestCell);
    const double most = std::max(0.0, iterations - visibleIterations());
    firstIteration = std::clamp(firstIteration, 0.0, most);
    scrollY = std::clamp(scrollY, 0, std::max(0, contentHeight() - static_cast<int>(cells().height())));
}

int rulerStep(double perIteration, double room) {
    int power = 1;
    for (;;) {
        for (const int factor : {1, 2, 5})
            if (factor * power * perIteration >= room) return factor * power;
        power *= 10;
    }
}

}  // namespace hindcast::timeline
