// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/probe_page.h"

#include <QDataStream>
#include <QHBoxLayout>
#include <QIODevice>
#include <QSplitter>

#include "widgets/look/theme.h"
#include "widgets/models/project.h"
#include "widgets/probes/probes_panel.h"
#include "widgets/replay/plan_panel.h"
#include "widgets/replay/queue_panel.h"
#include "widgets/replay/result_panel.h"
#include "widgets/shell/surroundings.h"
#include "widgets/source/editor_panel.h"
#include "widgets/source/preview_panel.h"

namespace hindcast::shell {

namespace {
constexpr int kRight = 438;
constexpr int kLeft = 1138;
constexpr int kEditor = 636;
constexpr int kPreview = 494;
constexpr int kProbes = 330;
constexpr int kPlan = 800;
constexpr int kAbove = 512;
constexpr int kBelow = 380;
constexpr int kResult = 396;
constexpr int kQueue = 496;
}  // namespace

ProbePage::ProbePage(models::Project& project, commands::CommandSet& commands, Surroundings& surroundings,
                     QWidget* parent)
    : QWidget(parent),
      m_editor(new source::EditorPanel(project, commands)),
      m_preview(new source::PreviewPanel(project)),
      m_probes(new probes::ProbesPanel(project, commands)),
      m_plan(new replay::PlanPanel(project, commands)),
      m_result(new replay::ResultPanel(project)),
      m_queue(new replay::QueuePanel(project, commands,
                                     [&surroundings](const QString& file) { return surroundings.readOutput(file); })),
      m_columns(new QSplitter(Qt::Horizontal)),
      m_left(new QSplitter(Qt::Vertical)),
      m_above(new QSplitter(Qt::Horizontal)),
      m_below(new QSplitter(Qt::Horizontal)),
      m_right(new QSplitter(Qt::Vertical)) {
    layOut();
    connect(&project.choice(), &models::Choice::probeChanged, this,
            [this, &project] { m_editor->showProbe(project.choice().probe()); });
}

void ProbePage::layOut() {
    m_above->addWidget(m_editor);
    m_above->addWidget(m_preview);
    m_below->addWidget(m_probes);
    m_below->addWidget(m_plan);
    m_left->addWidget(m_above);
    m_left->addWidget(m_below);
    m_right->addWidget(m_result);
    m_right->addWidget(m_queue);
    m_columns->addWidget(m_left);
    m_columns->addWidget(m_right);
    for (auto* splitter : {m_columns, m_left, m_above, m_below, m_right}) {
        splitter->setHandleWidth(look::px(look::Size::DockGap));
        splitter->setChildrenCollapsible(false);
    }
    for (QWidget* panel :
         {static_cast<QWidget*>(m_editor), static_cast<QWidget*>(m_preview), static_cast<QWidget*>(m_probes),
          static_cast<QWidget*>(m_plan), static_cast<QWidget*>(m_result), static_cast<QWidget*>(m_queue)}) {
        panel->setMinimumSize(200, 160);
    }
    m_columns->setSizes({kLeft, kRight});
    m_left->setSizes({kAbove, kBelow});
    m_above->setSizes({kEditor, kPreview});
    m_below->setSizes({kProbes, kPlan});
    m_right->setSizes({kResult, kQueue});
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_columns);
}

void ProbePage::startProbe() {
    m_editor->startAtCaret();
}

void ProbePage::showHistory() {
    m_editor->showHistoryAtCaret();
}

void ProbePage::editProbe() {
    m_editor->editCurrentProbe();
}

QByteArray ProbePage::saveLayout() const {
    QByteArray state;
    QDataStream stream(&state, QIODevice::WriteOnly);
    for (const auto* splitter : {m_columns, m_left, m_above, m_below, m_right}) stream << splitter->saveState();
    return state;
}

void ProbePage::restoreLayout(const QByteArray& state) {
    QDataStream stream(state);
    for (auto* splitter : {m_columns, m_left, m_above, m_below, m_right}) {
        QByteArray one;
        stream >> one;
        if (stream.status() == QDataStream::Ok) splitter->restoreState(one);
    }
}

}  // namespace hindcast::shell
