// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSet>
#include <QStringList>
#include <vector>

#include "widgets/controls/panel_frame.h"

class QVBoxLayout;

namespace hindcast::commands {
class CommandSet;
}
namespace hindcast::models {
class Project;
}

namespace hindcast::probes {

class ProbeRow;

/// The probes of the project with where each lands; those with a tick are planned together.
class ProbesPanel : public controls::PanelFrame {
    Q_OBJECT
public:
    ProbesPanel(models::Project& project, commands::CommandSet& commands, QWidget* parent = nullptr);
    const std::vector<ProbeRow*>& rows() const { return m_rows; }

private:
    void follow();
    void plan();
    void showHeader();
    void keepChoiceValid();

    models::Project& m_project;
    commands::CommandSet& m_commands;
    QVBoxLayout* m_layout;
    std::vector<ProbeRow*> m_rows;
    QStringList m_unplanned;
    QSet<QString> m_met;  ///< had a row before
};

}  // namespace hindcast::probes
