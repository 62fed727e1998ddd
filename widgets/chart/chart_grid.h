// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

#include "widgets/chart/series.h"

namespace hindcast::look {
class TimeCursor;
}

namespace hindcast::chart {

class ChartView;

/// Small multiples: one chart per metric, one range of x, one cursor, zoom together, plots of a column aligned.
/// Hairlines between the charts; no frames.
class ChartGrid : public QWidget {
    Q_OBJECT
public:
    explicit ChartGrid(QWidget* parent = nullptr);

    /// Number of charts; existing ones are kept, in order. Charts belong to the grid.
    void setCount(int count);
    int count() const { return static_cast<int>(m_charts.size()); }
    ChartView* chart(int index) const;
    /// 0: as many as fit a readable width.
    void setColumns(int columns);
    int columns() const;
    void setTimeCursor(look::TimeCursor* cursor);
    void setXDomain(Range domain);

public Q_SLOTS:
    void fit();

Q_SIGNALS:
    void versionChosen(const QString& version);
    void versionHovered(const QString& version);
    void cursorMoved(double x);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void addChart();
    void arrange();
    void alignMargins();
    void follow(double low, double high);

    std::vector<ChartView*> m_charts;
    look::TimeCursor* m_cursor = nullptr;
    Range m_domain;
    int m_columns = 0;
    bool m_linking = false;
};

}  // namespace hindcast::chart
