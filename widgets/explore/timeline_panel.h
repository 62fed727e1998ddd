// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/controls/panel_frame.h"

namespace hindcast::commands {
class CommandSet;
}
namespace hindcast::models {
class Project;
class TimelineAdapter;
}  // namespace hindcast::models
namespace hindcast::timeline {
class TimelineView;
}

namespace hindcast::explore {

/// The timeline of all versions with the epoch scrubber.
class TimelinePanel : public controls::PanelFrame {
    Q_OBJECT
public:
    TimelinePanel(models::Project& project, commands::CommandSet& commands, QWidget* parent = nullptr);
    timeline::TimelineView* view() const { return m_view; }

private:
    void showState();
    void showPart();

    models::Project& m_project;
    models::TimelineAdapter* m_model;
    timeline::TimelineView* m_view;
};

}  // namespace hindcast::explore
