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
class ProgressLine;
}
namespace hindcast::models {
class Project;
}

namespace hindcast::shell {

class Surroundings;

/// The status bar: what trains now, replay progress with Pause and Cancel; at the right the store's size, theme,
/// language. Without a project it promises that everything stays on this computer.
class StatusRow : public QWidget {
    Q_OBJECT
public:
    StatusRow(models::Project* project, commands::CommandSet& commands, Surroundings& surroundings,
              QWidget* parent = nullptr);

private:
    void addReplay(QHBoxLayout* layout, commands::CommandSet& commands);
    void addSwitches(QHBoxLayout* layout, Surroundings& surroundings);
    void showTraining();
    void showReplay();

    models::Project* m_project;
    QLabel* m_liveIcon;
    QLabel* m_left;
    controls::ProgressLine* m_progress = nullptr;
    QLabel* m_replay = nullptr;
    QPushButton* m_pause = nullptr;
    QPushButton* m_cancel = nullptr;
    QLabel* m_store;
};

}  // namespace hindcast::shell
