// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QSplitter;

namespace hindcast::commands {
class CommandSet;
}
namespace hindcast::models {
class Project;
}
namespace hindcast::values {
class ValuesPanel;
}
namespace hindcast::versions {
class VersionsPanel;
}

namespace hindcast::explore {

class ChartsPanel;
class TimelinePanel;

/// The Explore workspace: versions | timeline above charts | values at the cursor.
class ExplorePage : public QWidget {
    Q_OBJECT
public:
    ExplorePage(models::Project& project, commands::CommandSet& commands, QWidget* parent = nullptr);

    versions::VersionsPanel* versions() const { return m_versions; }
    TimelinePanel* timeline() const { return m_timeline; }
    ChartsPanel* charts() const { return m_charts; }
    values::ValuesPanel* values() const { return m_values; }

    /// Sizes of the splitters, to be kept between sessions.
    QByteArray saveLayout() const;
    void restoreLayout(const QByteArray& state);

private:
    QSplitter* m_across;
    QSplitter* m_down;
    versions::VersionsPanel* m_versions;
    TimelinePanel* m_timeline;
    ChartsPanel* m_charts;
    values::ValuesPanel* m_values;
};

}  // namespace hindcast::explore
