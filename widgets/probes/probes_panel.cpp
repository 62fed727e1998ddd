// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/probes/probes_panel.h"

#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/commands/command_set.h"
#include "widgets/controls/empty_state.h"
#include "widgets/controls/panel_header.h"
#include "widgets/models/project.h"
#include "widgets/probes/probe_row.h"
#include "widgets/text/words.h"

namespace hindcast::probes {

ProbesPanel::ProbesPanel(models::Project& project, commands::CommandSet& commands, QWidget* parent)
    : PanelFrame(tr("Probes"), parent), m_project(project), m_commands(commands), m_layout(new QVBoxLayout) {
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* list = new QWidget;
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    m_layout->addStretch();
    list->setLayout(m_layout);
    scroll->setWidget(list);
    setContent(scroll);
    header()->addTool(commands.action(QStringLiteral("probe.add")));
    connect(&project.probes(), &models::ProbeStore::changed, this, &ProbesPanel::follow);
    connect(&project, &models::Project::versionsChanged, this, [this] {
        showHeader();
        for (auto* row : m_rows) row->refresh();
    });
    connect(&project.probes(), &models::ProbeStore::placementsChanged, this, [this](const QString& id) {
        for (auto* row : m_rows) {
            if (row->id() == id) row->refresh();
        }
    });
    follow();
    showHeader();
}

void ProbesPanel::follow() {
    const auto& probes = m_project.probes().probes();
    for (auto* row : m_rows) {
        if (!row->isPlanned() && !m_unplanned.contains(row->id())) m_unplanned.append(row->id());
        if (row->isPlanned()) m_unplanned.removeAll(row->id());
    }
    const bool same =
        std::equal(probes.begin(), probes.end(), m_rows.begin(), m_rows.end(),
                   [](const auto& probe, const auto* row) { return QString::fromStdString(probe.id) == row->id(); });
    if (same) {
        for (auto* row : m_rows) row->refresh();
    } else {
        for (auto* row : m_rows) row->deleteLater();
        m_rows.clear();
        for (const auto& probe : probes) {
            auto* row = new ProbeRow(m_project, QString::fromStdString(probe.id));
            // What stands in the user's file is offered: the one statement that it is about is planned at once.
            const bool isNew = !m_met.contains(row->id());
            m_met.insert(row->id());
            if (isNew && m_project.probes().isOffered(row->id()) && probes.size() > 1) m_unplanned.append(row->id());
            row->setPlanned(!m_unplanned.contains(row->id()));
            connect(row, &ProbeRow::plannedChanged, this, &ProbesPanel::plan);
            m_layout->insertWidget(m_layout->count() - 1, row);
            m_rows.push_back(row);
        }
    }
    keepChoiceValid();
    auto* empty = probes.empty()
                      ? new controls::EmptyState(QStringLiteral("probe-statement"), tr("No probes yet"),
                                                 tr("Click + in the editor's margin, or press Ctrl+L on a line."))
                      : nullptr;
    if (empty) empty->addAction(m_commands.action(QStringLiteral("probe.add")));
    setPlaceholder(empty);
    plan();
}

void ProbesPanel::keepChoiceValid() {
    auto& choice = m_project.choice();
    if (m_project.probes().find(choice.probe())) return;
    choice.setProbe(m_rows.empty() ? QString() : m_rows.back()->id());
}

void ProbesPanel::plan() {
    QStringList names;
    for (const auto* row : m_rows) {
        const auto* probe = m_project.probes().find(row->id());
        if (probe && row->isPlanned()) names.append(QString::fromStdString(probe->name));
    }
    m_project.replay().setProbes(names);
}

void ProbesPanel::showHeader() {
    const auto& versions = m_project.versions();
    if (versions.size() < 2) return header()->setCountText(QString());
    header()->setCountText(QStringLiteral("%1 → %2").arg(text::versionName(versions.back().number),
                                                         text::versionName(versions.front().number)));
}

}  // namespace hindcast::probes
