// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/replay/result_panel.h"

#include <QComboBox>
#include <QSignalBlocker>
#include <algorithm>

#include "widgets/chart/chart_view.h"
#include "widgets/controls/badge.h"
#include "widgets/controls/empty_state.h"
#include "widgets/controls/panel_header.h"
#include "widgets/look/theme.h"
#include "widgets/models/chart_feed.h"
#include "widgets/models/project.h"
#include "widgets/text/words.h"

namespace hindcast::replay {

ResultPanel::ResultPanel(models::Project& project, QWidget* parent)
    : PanelFrame(tr("Result"), parent),
      m_project(project),
      m_chart(new chart::ChartView),
      m_badge(new controls::Badge),
      m_name(new QComboBox) {
    m_chart->setTimeCursor(&project.cursor());
    m_name->setObjectName(QStringLiteral("resultName"));
    m_name->setAccessibleName(tr("Probed value"));
    look::setStyleProperty(m_name, "sizing", QStringLiteral("small"));
    header()->addToolWidget(m_name);
    header()->addToolWidget(m_badge);
    setContent(m_chart);
    m_timer.setSingleShot(true);
    m_timer.setInterval(static_cast<int>(1000 / look::measure(look::Measure::LiveRepaintHz)));
    connect(&m_timer, &QTimer::timeout, this, &ResultPanel::fill);
    connectProject();
    showNames();
    showProgress();
}

void ResultPanel::connectProject() {
    const auto later = [this] {
        if (!m_timer.isActive()) m_timer.start();
    };
    connect(&m_project.series(), &models::SeriesStore::changed, this, later);
    connect(&m_project.replay(), &models::ReplayDesk::progressChanged, this, [this, later] {
        showProgress();
        later();
    });
    connect(&m_project.choice(), &models::Choice::emphasisChanged, this, later);
    connect(&m_project.choice(), &models::Choice::probeChanged, this, &ResultPanel::showNames);
    connect(&m_project, &models::Project::namesChanged, this, &ResultPanel::showNames);
    connect(&m_project.probes(), &models::ProbeStore::changed, this, &ResultPanel::showNames);
    connect(m_name, &QComboBox::currentTextChanged, this, &ResultPanel::fill);
    connect(m_chart, &chart::ChartView::versionChosen, this, [this](const QString& version) {
        m_project.choice().setCurrent(base::Uuid::parse(version.toStdString()));
    });
}

/// A probe may log several names; a computed name shows those that came out of it.
void ResultPanel::showNames() {
    const QStringList names = m_project.namesOfProbe(m_project.choice().probe());
    const QString before = m_name->currentText();
    {
        const QSignalBlocker quiet(m_name);
        m_name->clear();
        m_name->addItems(names);
        if (names.contains(before)) m_name->setCurrentText(before);
    }
    m_name->setVisible(names.size() > 1);
    if (names.isEmpty()) {
        setPlaceholder(new controls::EmptyState(QStringLiteral("chart-line"), tr("No result yet"),
                                                tr("The values of a probe appear here while its replay runs.")));
    } else {
        setPlaceholder(nullptr);
    }
    fill();
}

void ResultPanel::fill() {
    const QString name = m_name->currentText();
    if (name.isEmpty()) return;
    m_project.watch(name);
    const auto* view = m_project.nameView(name);
    m_chart->setTitle(name, view ? text::levelText(view->loops) : QString());
    m_chart->setEmptyTexts(tr("No values of %1 yet").arg(name),
                           tr("Press Replay: they fill in as workers finish epochs."));
    m_chart->setXDomain({0.0, static_cast<double>(std::max<std::int64_t>(1, m_project.outerIterations()))});
    if (!m_project.versions().empty()) m_chart->setXName(text::fromUtf8(m_project.versions().front().outerLoop));
    m_chart->setSeries(models::chartSeries(m_project, name));
    for (const auto& version : m_project.choice().emphasised()) {
        m_chart->setCoverage(text::fromUtf8(version.text()), models::chartCoverage(m_project, name, version));
    }
}

void ResultPanel::showProgress() {
    const auto& desk = m_project.replay();
    const auto& progress = desk.progress();
    m_badge->setVisible(desk.isRunning() && progress.total > 0);
    if (!m_badge->isVisibleTo(this)) return;
    const auto percent = 100 * progress.done / progress.total;
    m_badge->setBadge({look::Meaning::Accent, QStringLiteral("replay"), QStringLiteral("%1%").arg(percent), false});
}

}  // namespace hindcast::replay
