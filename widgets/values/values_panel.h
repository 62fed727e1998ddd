// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/controls/panel_frame.h"

class QTableView;

namespace hindcast::commands {
class CommandSet;
}
namespace hindcast::models {
class Project;
class ValuesModel;
}  // namespace hindcast::models

namespace hindcast::values {

/// Values at the cursor: per metric and emphasised version the value at A, at B, the difference, and whether it was
/// checked.
class ValuesPanel : public controls::PanelFrame {
    Q_OBJECT
public:
    ValuesPanel(models::Project& project, commands::CommandSet& commands, QWidget* parent = nullptr);
    QTableView* table() const { return m_table; }
    /// Puts the table on the clipboard.
    void copy() const;

private:
    void configureTable();
    void spanHeadings();
    void layOutColumns();
    void showState();

    models::Project& m_project;
    models::ValuesModel* m_model;
    QTableView* m_table;
};

}  // namespace hindcast::values
