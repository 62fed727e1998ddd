// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/controls/panel_frame.h"

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace hindcast::commands {
class CommandSet;
}
namespace hindcast::controls {
class ProgressLine;
}

namespace hindcast::shell {

class MachineCard;
class Surroundings;

/// What shows while no project is open: a way in (folder, demo), the idea in three steps, how to record, this computer.
class FirstRunPage : public controls::PanelFrame {
    Q_OBJECT
public:
    FirstRunPage(commands::CommandSet& commands, Surroundings& surroundings, QWidget* parent = nullptr);
    /// Why the last project could not be opened.
    void showProblem(const QString& sentence);
    void setOpening(const QString& folder);

private:
    QWidget* buildColumn();
    QWidget* buildButtons();
    QWidget* buildSteps();
    QWidget* buildStep(int number);
    QWidget* buildCards();
    QWidget* buildScriptCard();
    void followDemo();

    commands::CommandSet& m_commands;
    Surroundings& m_surroundings;
    QPushButton* m_demo = nullptr;
    QLabel* m_demoText = nullptr;
    controls::ProgressLine* m_demoBar = nullptr;
    MachineCard* m_machine = nullptr;
};

}  // namespace hindcast::shell
