// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/explore/explore_page.h"

#include <QDataStream>
#include <QHBoxLayout>
#include <QIODevice>
#include <QSplitter>

#include "widgets/explore/charts_panel.h"
#include "widgets/explore/timeline_panel.h"
#include "widgets/look/theme.h"
#include "widgets/models/project.h"
#include "widgets/values/values_panel.h"
#include "widgets/versions/versions_panel.h"

namespace hindcast::explore {

namespace {
constexpr int kLeft = 304;
constexpr int kRight = 326;
constexpr int kTimeline = 416;
constexpr int kAt1600 = 1584;
constexpr int kHeight = 900;
}  // namespace

ExplorePage::ExplorePage(models::Project& project, commands::CommandSet& commands, QWidget* parent)
    : QWidget(parent),
      m_across(new QSplitter(Qt::Horizontal)),
      m_down(new QSplitter(Qt::Vertical)),
      m_versions(new versions::VersionsPanel(project, commands)),
      m_timeline(new TimelinePanel(project, commands)),
      m_charts(new ChartsPanel(project, commands)),
      m_values(new values::ValuesPanel(project, commands)) {
    const int gap = look::px(look::Size::DockGap);
    m_down->addWidget(m_timeline);
    m_down->addWidget(m_charts);
    m_across->addWidget(m_versions);
    m_across->addWidget(m_down);
    m_across->addWidget(m_values);
    m_versions->setMinimumWidth(220);
    m_values->setMinimumWidth(200);
    for (auto* splitter : {m_across, m_down}) {
        splitter->setHandleWidth(gap);
        splitter->setChildrenCollapsible(false);
    }
    // Without stretch factors all parts grow and shrink alike.
    m_across->setSizes({kLeft, kAt1600 - kLeft - kRight - 2 * gap, kRight});
    m_down->setSizes({kTimeline, kHeight - kTimeline - gap});
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_across);
}

QByteArray ExplorePage::saveLayout() const {
    QByteArray state;
    QDataStream stream(&state, QIODevice::WriteOnly);
    stream << m_across->saveState() << m_down->saveState();
    return state;
}

void ExplorePage::restoreLayout(const QByteArray& state) {
    QByteArray across;
    QByteArray down;
    QDataStream stream(state);
    stream >> across >> down;
    if (stream.status() != QDataStream::Ok) return;
    m_across->restoreState(across);
    m_down->restoreState(down);
}

}  // namespace hindcast::explore
