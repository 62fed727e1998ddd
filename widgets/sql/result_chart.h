// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <memory>

#include "widgets/sql/result_series.h"

class QComboBox;
class QHBoxLayout;

namespace hindcast::controls {
class ElidedLabel;
}
namespace hindcast::chart {
class ChartView;
}
namespace hindcast::models {
class Project;
struct QueryView;
}  // namespace hindcast::models

namespace hindcast::sql {

/// An answer as a chart: the user chooses the columns of x, y and lines. A line of a version has the version's colour,
/// and says where its values come from when the answer does; else the chart says that it does not know.
class ResultChart : public QWidget {
    Q_OBJECT
public:
    explicit ResultChart(models::Project& project, QWidget* parent = nullptr);
    void setRows(std::shared_ptr<const query::Rows> rows);
    chart::ChartView* view() const { return m_view; }

private:
    QComboBox* addChoice(QHBoxLayout& row, const QString& label, const char* name);
    void offerColumns();
    void draw();
    void describe(const ChartColumns& columns, const ResultSeries& drawn);
    look::SeriesInk inkOf(const QString& value, int at, int count, bool versions) const;
    ChartColumns chosen() const;

    models::Project& m_project;
    std::shared_ptr<const query::Rows> m_rows;
    QComboBox* m_x;
    QComboBox* m_y;
    QComboBox* m_lines;
    controls::ElidedLabel* m_note;
    chart::ChartView* m_view;
};

}  // namespace hindcast::sql
