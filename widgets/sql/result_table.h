// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

namespace hindcast::sql {

class ResultModel;

/// An answer as a table: numbers right and with tabular digits, what is no value in grey. Ctrl+C copies what is
/// selected, Ctrl+A and Ctrl+C all, with tabs between cells.
class ResultTable : public QTableView {
    Q_OBJECT
public:
    explicit ResultTable(ResultModel& model, QWidget* parent = nullptr);
    /// What is selected (all, when nothing is) to the clipboard, with the names of the columns where `named`.
    void copy(bool named) const;

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void fitColumns();

    ResultModel& m_model;
};

}  // namespace hindcast::sql
