// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/explore/timeline_panel.h"

#include "widgets/commands/command_set.h"
#include "widgets/controls/panel_header.h"
#include "widgets/models/project.h"
#include "widgets/models/timeline_adapter.h"
#include "widgets/text/words.h"
#include "widgets/timeline/timeline_legend.h"
#include "widgets/timeline/timeline_view.h"

namespace hindcast::explore {

TimelinePanel::TimelinePanel(models::Project& project, commands::CommandSet& commands, QWidget* parent)
    : PanelFrame(tr("Timeline"), parent),
      m_project(project),
      m_model(new models::TimelineAdapter(project, this)),
      m_view(new timeline::TimelineView) {
    m_view->setObjectName(QStringLiteral("timeline"));
    m_view->setTimeCursor(&project.cursor());
    m_view->setEmptyTexts(tr("No versions yet"),
                          tr("Run your script once: python train.py. It appears here by itself."));
    m_view->setModel(m_model);
    setContent(m_view);
    header()->addToolWidget(new timeline::TimelineLegend);
    header()->addTool(commands.action(QStringLiteral("timeline.fit")));
    connect(m_view, &timeline::TimelineView::versionChosen, this, [this](const QString& version) {
        m_project.choice().setCurrent(base::Uuid::parse(version.toStdString()));
    });
    connect(m_view, &timeline::TimelineView::partChanged, this, &TimelinePanel::showPart);
    const auto follow = [this] {
        const auto& current = m_project.choice().current();
        if (current) m_view->setSelectedVersion(text::fromUtf8(current->text()));
    };
    connect(&project.choice(), &models::Choice::currentChanged, this, follow);
    connect(&project, &models::Project::versionsChanged, this, &TimelinePanel::showState);
    connect(&project.cells(), &models::CellStore::changed, this, &TimelinePanel::showState);
    follow();
    showPart();
    showState();
}

void TimelinePanel::showPart() {
    const auto [first, last] = m_view->iterationsInView();
    workspace::ShownPart part{first, last, {}};
    const timeline::TimelineLayout& layout = m_view->layoutNow();
    if (layout.rows == 0) return;
    for (int row = layout.firstVisibleRow(); row <= layout.lastVisibleRow(); ++row) {
        const auto version = base::Uuid::parse(m_model->row(row).version.toStdString());
        if (version) part.versions.push_back(*version);
    }
    m_project.replay().show(part);
}

void TimelinePanel::showState() {
    const auto all = static_cast<int>(m_project.versions().size());
    const int known = m_project.cells().known();
    if (!m_project.versions().empty()) m_view->setIterationName(text::fromUtf8(m_project.versions().front().outerLoop));
    if (known < all) {
        setLoading(static_cast<double>(known) / all);
        setFooter(tr("Reading %1 versions, %2 done").arg(all).arg(known));
        return;
    }
    setLoading(std::nullopt);
    for (const auto& version : m_project.versions()) {
        if (version.state != workspace::VersionState::Crashed) continue;
        setFooter(tr("%1 crashed: %2").arg(text::versionName(version.number), text::fromUtf8(version.reason)));
        return;
    }
    setFooter(QString());
}

}  // namespace hindcast::explore
