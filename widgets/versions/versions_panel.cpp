// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/versions/versions_panel.h"

#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>
#include <array>

#include "widgets/commands/command_set.h"
#include "widgets/controls/empty_state.h"
#include "widgets/controls/panel_header.h"
#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"
#include "widgets/models/project.h"
#include "widgets/models/version_filter.h"
#include "widgets/models/version_model.h"
#include "widgets/text/error_text.h"
#include "widgets/versions/metric_list.h"
#include "widgets/versions/version_menu.h"
#include "widgets/versions/version_table.h"

namespace hindcast::versions {

namespace {
constexpr int kTypingMs = 250;
constexpr int kPad = 8;
constexpr std::size_t kColumns = 2;
constexpr std::array kSmoothing{0.0, 0.5, 0.8, 0.88, 0.95, 0.99};
}  // namespace

VersionsPanel::VersionsPanel(models::Project& project, commands::CommandSet& commands, QWidget* parent)
    : PanelFrame(tr("Versions"), parent), m_project(project) {
    setContent(buildContent());
    header()->addTool(commands.action(QStringLiteral("versions.differences")));
    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingMs);
    connectProject();
    chooseColumns();
    showCount();
}

QWidget* VersionsPanel::buildContent() {
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, kPad);
    layout->setSpacing(0);
    m_field = new QLineEdit;
    m_field->setObjectName(QStringLiteral("versionFilter"));
    m_field->setPlaceholderText(tr("lr < 0.001 and val_acc > 0.9", "example of a filter"));
    m_field->setAccessibleName(tr("Filter versions"));
    m_field->setToolTip(tr("Filter by arguments, recorded names and loops, as in SQL\n/"));
    m_field->setClearButtonEnabled(true);
    m_field->addAction(look::IconSet::instance().icon(QStringLiteral("filter")), QLineEdit::LeadingPosition);
    auto* fieldRow = new QVBoxLayout;
    fieldRow->setContentsMargins(kPad, kPad, kPad, kPad);
    fieldRow->addWidget(m_field);
    layout->addLayout(fieldRow);
    m_table = new VersionTable(m_project);
    layout->addWidget(m_table, 1);
    layout->addWidget(buildMetricsHeader());
    m_metrics = new MetricList(m_project);
    m_metrics->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    layout->addWidget(m_metrics);
    return content;
}

QWidget* VersionsPanel::buildMetricsHeader() {
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(12, kPad, kPad, 0);
    auto* title = new QLabel(tr("Metrics"));
    look::setStyleProperty(title, "role", QStringLiteral("caption"));
    m_smoothing = new QToolButton;
    m_smoothing->setPopupMode(QToolButton::InstantPopup);
    m_smoothing->setFont(look::font(look::TextRole::Caption));
    m_smoothing->setToolTip(tr("Smoothing of the charts; the raw values stay visible behind"));
    auto* menu = new QMenu(m_smoothing);
    for (const double factor : kSmoothing) {
        const QString text = factor == 0.0 ? tr("no smoothing") : tr("smoothing %1").arg(factor);
        menu->addAction(text, this, [this, factor] { m_project.choice().setSmoothing(factor); });
    }
    m_smoothing->setMenu(menu);
    const auto show = [this] {
        const double factor = m_project.choice().smoothing();
        m_smoothing->setText(factor == 0.0 ? tr("no smoothing") : tr("smoothing %1").arg(factor));
    };
    connect(&m_project.choice(), &models::Choice::smoothingChanged, this, show);
    show();
    layout->addWidget(title);
    layout->addStretch();
    layout->addWidget(m_smoothing);
    return row;
}

void VersionsPanel::connectProject() {
    connect(m_field, &QLineEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
    connect(&m_typing, &QTimer::timeout, this, [this] { m_table->filter().setWhere(m_field->text()); });
    connect(m_field, &QLineEdit::returnPressed, this, [this] { m_table->filter().setWhere(m_field->text()); });
    connect(&m_table->filter(), &models::VersionFilter::judged, this, &VersionsPanel::showFilterState);
    connect(&m_project, &models::Project::versionsChanged, this, &VersionsPanel::showCount);
    connect(&m_project.choice(), &models::Choice::metricsChanged, this, &VersionsPanel::chooseColumns);
    connect(&m_project.choice(), &models::Choice::currentChanged, this, &VersionsPanel::chooseColumns);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QWidget::customContextMenuRequested, this, &VersionsPanel::openMenu);
}

/// The first metrics on the charts; the last of them as difference to the baseline when there is one or it is asked
/// for.
void VersionsPanel::chooseColumns() {
    std::vector<models::MetricColumn> columns;
    const bool baseline = m_project.choice().baseline().has_value();
    const auto& metrics = m_project.choice().metrics();
    for (const QString& metric : metrics) {
        if (columns.size() == kColumns) break;
        columns.push_back({metric, baseline && m_differences});
    }
    m_table->versionModel().setColumns(columns);
}

void VersionsPanel::setShowDifferences(bool on) {
    m_differences = on;
    chooseColumns();
}

void VersionsPanel::showCount() {
    const auto all = static_cast<int>(m_project.versions().size());
    header()->setCountText(tr("%1 of %2").arg(m_table->filter().rowCount()).arg(all));
    if (all == 0) {
        setPlaceholder(
            new controls::EmptyState(QStringLiteral("version"), tr("No versions yet"),
                                     tr("Run your script once: python train.py. It appears here by itself.")));
    } else {
        setPlaceholder(nullptr);
    }
}

void VersionsPanel::showFilterState() {
    const auto& error = m_table->filter().error();
    look::setStyleProperty(m_field, "problem", error ? QStringLiteral("true") : QStringLiteral("false"));
    showCount();
    if (error) {
        showBanner(look::Meaning::Error, text::errorText(*error));
    } else if (m_table->filter().rowCount() == 0 && !m_table->filter().where().isEmpty()) {
        auto* clear = new QAction(tr("Clear filter"), this);
        connect(clear, &QAction::triggered, m_field, &QLineEdit::clear);
        showBanner(look::Meaning::Info, tr("No version matches"), clear);
    } else {
        clearBanner();
    }
}

void VersionsPanel::focusFilter() {
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
}

void VersionsPanel::openMenu(QPoint at) {
    const auto version = m_table->versionAt(at);
    if (!version) return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fillVersionMenu(*menu, window(), m_project, *version);
    menu->popup(m_table->viewport()->mapToGlobal(at));
}

}  // namespace hindcast::versions
