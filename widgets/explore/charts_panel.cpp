// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/explore/charts_panel.h"

#include <QScrollArea>
#include <algorithm>

#include "widgets/chart/chart_grid.h"
#include "widgets/chart/chart_view.h"
#include "widgets/commands/command_set.h"
#include "widgets/controls/chip.h"
#include "widgets/controls/empty_state.h"
#include "widgets/controls/panel_header.h"
#include "widgets/look/theme.h"
#include "widgets/models/chart_feed.h"
#include "widgets/models/project.h"
#include "widgets/text/words.h"

namespace hindcast::explore {

namespace {
constexpr int kLeastChart = 170;
constexpr int kTwoColumns = 2;
constexpr int kReadableChart = 280;
}  // namespace

ChartsPanel::ChartsPanel(models::Project& project, commands::CommandSet& commands, QWidget* parent)
    : PanelFrame(tr("Charts"), parent),
      m_project(project),
      m_grid(new chart::ChartGrid),
      m_axis(new controls::Chip(controls::Chip::Kind::View, QString())),
      m_colours(new controls::Chip(controls::Chip::Kind::View, QString())) {
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(m_grid);
    setContent(scroll);
    m_axis->setRemovable(false);
    m_colours->setRemovable(false);
    header()->addToolWidget(m_axis);
    header()->addToolWidget(m_colours);
    header()->addTool(commands.action(QStringLiteral("charts.grid")));
    header()->addTool(commands.action(QStringLiteral("charts.fit")));
    m_grid->setTimeCursor(&project.cursor());
    m_timer.setSingleShot(true);
    m_timer.setInterval(static_cast<int>(1000 / look::measure(look::Measure::LiveRepaintHz)));
    connectProject();
    rebuild();
}

void ChartsPanel::connectProject() {
    connect(&m_timer, &QTimer::timeout, this, &ChartsPanel::flush);
    connect(&m_project.series(), &models::SeriesStore::changed, this, &ChartsPanel::touch);
    connect(&m_project.series(), &models::SeriesStore::readingChanged, this, &ChartsPanel::showState);
    auto& choice = m_project.choice();
    connect(&choice, &models::Choice::metricsChanged, this, &ChartsPanel::rebuild);
    connect(&choice, &models::Choice::emphasisChanged, this, &ChartsPanel::fillAll);
    connect(&choice, &models::Choice::smoothingChanged, this, &ChartsPanel::fillAll);
    connect(&m_project, &models::Project::versionsChanged, this, &ChartsPanel::fillAll);
    connect(&m_project.replay(), &models::ReplayDesk::progressChanged, this, [this] {
        for (const QString& metric : m_project.choice().metrics()) {
            if (models::isHindsight(m_project, metric)) touch(metric);
        }
    });
    connect(m_grid, &chart::ChartGrid::versionChosen, this, [this](const QString& version) {
        m_project.choice().setCurrent(base::Uuid::parse(version.toStdString()));
    });
}

void ChartsPanel::setOneColumn(bool on) {
    m_oneColumn = on;
    rebuild();
}

void ChartsPanel::fit() {
    m_grid->fit();
}

void ChartsPanel::rebuild() {
    const auto count = static_cast<int>(m_project.choice().metrics().size());
    m_grid->setCount(count);
    arrange();
    fillAll();
    showState();
}

/// Two columns as long as four charts fill them, three where more charts have the room.
void ChartsPanel::arrange() {
    const int count = m_grid->count();
    const bool third = count > kTwoColumns * kTwoColumns && width() >= (kTwoColumns + 1) * kReadableChart;
    const int columns = m_oneColumn || count == 1 ? 1 : kTwoColumns + (third ? 1 : 0);
    m_grid->setColumns(columns);
    m_grid->setMinimumHeight((count + columns - 1) / columns * kLeastChart);
}

void ChartsPanel::resizeEvent(QResizeEvent* event) {
    PanelFrame::resizeEvent(event);
    arrange();
}

void ChartsPanel::touch(const QString& metric) {
    m_stale.insert(metric);
    if (!m_timer.isActive()) m_timer.start();
}

void ChartsPanel::flush() {
    const auto& metrics = m_project.choice().metrics();
    for (int i = 0; i < metrics.size(); ++i) {
        if (m_stale.contains(metrics[i])) fill(i);
    }
    m_stale.clear();
    showState();
}

void ChartsPanel::fillAll() {
    m_grid->setXDomain({0.0, static_cast<double>(std::max<std::int64_t>(1, m_project.outerIterations()))});
    for (int i = 0; i < m_grid->count(); ++i) fill(i);
    showChips();
}

QString ChartsPanel::note(const QString& metric) const {
    const auto* view = m_project.nameView(metric);
    QStringList parts;
    if (view) parts.append(text::levelText(view->loops));
    if (view && view->replayed) parts.append(tr("replayed"));
    const double smoothing = m_project.choice().smoothing();
    if (smoothing > 0) parts.append(tr("smoothed %1").arg(smoothing));
    return parts.join(tr(", ", "between parts of a chart's subtitle"));
}

void ChartsPanel::fill(int index) {
    const QString metric = m_project.choice().metrics().value(index);
    auto* view = m_grid->chart(index);
    view->setTitle(metric, note(metric));
    view->setEmptyTexts(tr("No values of %1 yet").arg(metric),
                        tr("They appear here as soon as they are logged or replayed."));
    if (!m_project.versions().empty()) view->setXName(text::fromUtf8(m_project.versions().front().outerLoop));
    view->setSmoothing(m_project.choice().smoothing());
    view->setSeries(models::chartSeries(m_project, metric));
    if (!models::isHindsight(m_project, metric)) return;
    for (const auto& version : m_project.choice().emphasised()) {
        view->setCoverage(text::fromUtf8(version.text()), models::chartCoverage(m_project, metric, version));
    }
}

void ChartsPanel::showChips() {
    const auto& versions = m_project.versions();
    const QString loop = versions.empty() || versions.front().outerLoop.empty()
                             ? tr("step")
                             : text::fromUtf8(versions.front().outerLoop);
    m_axis->setText(tr("x: %1").arg(loop));
    QStringList names;
    for (const auto& version : m_project.choice().emphasised()) {
        if (const auto* view = m_project.version(version)) names.append(text::versionName(view->number));
    }
    m_colours->setText(tr("color: %1").arg(names.join(tr(", ", "between versions"))));
    m_colours->setVisible(!names.isEmpty());
}

void ChartsPanel::showState() {
    const auto [read, all] = m_project.series().coverage();
    const bool reading = m_project.series().isReading() && read < all;
    setLoading(reading ? std::optional(static_cast<double>(read) / all) : std::nullopt);
    const bool empty = m_project.choice().metrics().isEmpty();
    setPlaceholder(
        empty ? new controls::EmptyState(QStringLiteral("chart-line"), tr("Nothing to plot yet"),
                                         tr("Choose a metric on the left, or add a probe for one that was not logged."))
              : nullptr);
}

}  // namespace hindcast::explore
