// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace hindcast::commands {
class CommandSet;
}
namespace hindcast::controls {
class SegmentedSwitch;
}
namespace hindcast::models {
class Project;
}

namespace hindcast::shell {

/// The tool bar: workspace switch, project, time cursor, and at the right what to do next.
class ToolRow : public QWidget {
    Q_OBJECT
public:
    ToolRow(models::Project& project, commands::CommandSet& commands, QWidget* parent = nullptr);
    void showPage(int page);

Q_SIGNALS:
    void pageChosen(int page);

private:
    void addProject(QHBoxLayout* layout);
    void showProject();

    models::Project& m_project;
    controls::SegmentedSwitch* m_pages;
    QLabel* m_name = nullptr;
    QLabel* m_script = nullptr;
    QPushButton* m_replay = nullptr;
};

}  // namespace hindcast::shell
