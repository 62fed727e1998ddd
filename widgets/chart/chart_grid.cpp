// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/chart/chart_grid.h"

#include <QPainter>
#include <algorithm>

#include "widgets/chart/chart_view.h"
#include "widgets/look/theme.h"

namespace hindcast::chart {

namespace {
constexpr int kReadableWidth = 320;
constexpr int kHair = 1;
}  // namespace

ChartGrid::ChartGrid(QWidget* parent) : QWidget(parent) {
    connect(&look::Theme::instance(), &look::Theme::changed, this, qOverload<>(&QWidget::update));
}

ChartView* ChartGrid::chart(int index) const {
    return m_charts.at(static_cast<std::size_t>(index));
}

void ChartGrid::setCount(int count) {
    while (this->count() < count) addChart();
    while (this->count() > std::max(0, count)) {
        delete m_charts.back();
        m_charts.pop_back();
    }
    arrange();
}

void ChartGrid::addChart() {
    auto* view = new ChartView(this);
    view->setTimeCursor(m_cursor);
    view->setXDomain(m_domain);
    connect(view, &ChartView::xRangeChanged, this, &ChartGrid::follow);
    connect(view, &ChartView::fitted, this, &ChartGrid::fit);
    connect(view, &ChartView::marginsChanged, this, &ChartGrid::alignMargins);
    connect(view, &ChartView::versionChosen, this, &ChartGrid::versionChosen);
    connect(view, &ChartView::versionHovered, this, &ChartGrid::versionHovered);
    connect(view, &ChartView::cursorMoved, this, &ChartGrid::cursorMoved);
    view->show();
    m_charts.push_back(view);
}

void ChartGrid::setColumns(int columns) {
    m_columns = columns;
    arrange();
}

int ChartGrid::columns() const {
    if (m_columns > 0) return std::min(m_columns, std::max(1, count()));
    return std::clamp(width() / kReadableWidth, 1, std::max(1, std::min(count(), 2)));
}

void ChartGrid::setTimeCursor(look::TimeCursor* cursor) {
    m_cursor = cursor;
    for (ChartView* view : m_charts) view->setTimeCursor(cursor);
}

void ChartGrid::setXDomain(Range domain) {
    m_domain = domain;
    for (ChartView* view : m_charts) view->setXDomain(domain);
}

void ChartGrid::fit() {
    if (m_linking) return;
    m_linking = true;
    for (ChartView* view : m_charts) view->fit();
    m_linking = false;
    alignMargins();
}

void ChartGrid::follow(double low, double high) {
    if (m_linking) return;
    m_linking = true;
    for (ChartView* view : m_charts) view->setXRange(low, high);
    m_linking = false;
    alignMargins();
}

void ChartGrid::arrange() {
    if (m_charts.empty()) return;
    const int perRow = columns();
    const int rows = (count() + perRow - 1) / perRow;
    for (int i = 0; i < count(); ++i) {
        const int row = i / perRow;
        const int column = i % perRow;
        const auto edge = [](int length, int part, int parts) { return length * part / parts; };
        const int left = edge(width(), column, perRow) + (column > 0 ? kHair : 0);
        const int top = edge(height(), row, rows) + (row > 0 ? kHair : 0);
        chart(i)->setGeometry(left, top, edge(width(), column + 1, perRow) - left, edge(height(), row + 1, rows) - top);
    }
    alignMargins();
    update();
}

void ChartGrid::alignMargins() {
    if (m_linking || m_charts.empty()) return;
    const int perRow = columns();
    for (int column = 0; column < perRow; ++column) {
        int left = 0;
        int right = 0;
        for (int i = column; i < count(); i += perRow) {
            left = std::max(left, chart(i)->neededLeftMargin());
            right = std::max(right, chart(i)->neededRightMargin());
        }
        for (int i = column; i < count(); i += perRow) {
            chart(i)->setLeftMargin(left);
            chart(i)->setRightMargin(right);
        }
    }
}

void ChartGrid::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    arrange();
}

void ChartGrid::paintEvent(QPaintEvent*) {
    // The one pixel left between charts shows through as the hairline; a place that no chart fills stays a panel.
    QPainter painter(this);
    painter.fillRect(rect(), look::color(look::Color::LineHair));
    if (m_charts.empty() || count() % columns() == 0) return;
    const QRect last = m_charts.back()->geometry();
    painter.fillRect(QRect(last.right() + 1 + kHair, last.top(), width(), last.height()),
                     look::color(look::Color::SurfacePanel));
}

}  // namespace hindcast::chart
