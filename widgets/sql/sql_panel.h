// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/controls/panel_frame.h"

class QAction;
class QSplitter;
class QStackedWidget;

namespace hindcast::commands {
class CommandSet;
}
namespace hindcast::models {
class Project;
}

namespace hindcast::sql {

class QueryBar;
class ResultChart;
class ResultModel;
class ResultTable;
class SqlEditor;

/// Read-only SQL over all versions: the query at the left, its answer as a table or a chart at the right. All state is
/// in `models::QueryDesk`; the panel may come and go while a query runs.
class SqlPanel : public controls::PanelFrame {
    Q_OBJECT
public:
    SqlPanel(models::Project& project, commands::CommandSet& commands, QWidget* parent = nullptr);

    SqlEditor* editor() const { return m_editor; }
    ResultTable* table() const { return m_table; }
    ResultChart* chart() const { return m_chart; }
    void run();
    void stop();
    void copy();
    /// Asks for a file, then writes all rows there.
    void exportCsv();
    void saveQuery();
    void insertExample();
    /// The answer as a chart, or as a table.
    void showChart(bool chart);
    void takeFocus();

private:
    QWidget* buildQuery();
    QWidget* buildAnswer();
    void addTools(commands::CommandSet& commands);
    void connectDesk();
    void showAnswer();
    void showProgress();
    void showEnd();
    QString example() const;

    models::Project& m_project;
    SqlEditor* m_editor;
    QueryBar* m_bar;
    ResultModel* m_model;
    ResultTable* m_table;
    ResultChart* m_chart;
    QStackedWidget* m_answer;
    QAction* m_asTable = nullptr;
    QAction* m_asChart = nullptr;
};

}  // namespace hindcast::sql
