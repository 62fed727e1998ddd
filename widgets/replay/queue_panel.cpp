// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/replay/queue_panel.h"

#include <QAction>
#include <QListView>
#include <QVBoxLayout>

#include "widgets/commands/command_set.h"
#include "widgets/controls/empty_state.h"
#include "widgets/controls/panel_header.h"
#include "widgets/controls/progress_line.h"
#include "widgets/look/icon_set.h"
#include "widgets/models/project.h"
#include "widgets/models/queue_model.h"
#include "widgets/replay/output_view.h"
#include "widgets/replay/queue_delegate.h"
#include "widgets/replay/unfinished_card.h"
#include "widgets/text/quantities.h"

namespace hindcast::replay {

QueuePanel::QueuePanel(models::Project& project, commands::CommandSet& commands, ReadOutput readOutput, QWidget* parent)
    : PanelFrame(tr("Queue"), parent),
      m_project(project),
      m_model(new models::QueueModel(project, this)),
      m_readOutput(std::move(readOutput)),
      m_bar(new controls::ProgressLine),
      m_list(new QListView),
      m_output(new OutputView) {
    setContent(buildContent());
    auto* log = new QAction(look::IconSet::instance().icon(QStringLiteral("terminal")),
                            tr("Show what the worker printed"), this);
    log->setToolTip(tr("Show what the worker printed\nReturn"));
    connect(log, &QAction::triggered, this,
            [this] { showOutput(m_list->currentIndex().isValid() ? m_list->currentIndex() : m_model->index(0)); });
    header()->addTool(log);
    header()->addTool(commands.action(QStringLiteral("replay.pause")));
    header()->addTool(commands.action(QStringLiteral("replay.cancel")));
    connect(&project.replay(), &models::ReplayDesk::progressChanged, this, &QueuePanel::showProgress);
    connect(&project.replay(), &models::ReplayDesk::unfinishedChanged, this, &QueuePanel::showUnfinished);
    connect(m_list, &QListView::activated, this, &QueuePanel::showOutput);
    connect(m_list, &QListView::doubleClicked, this, &QueuePanel::showOutput);
    showUnfinished();
}

QWidget* QueuePanel::buildContent() {
    auto* content = new QWidget;
    auto* all = new QVBoxLayout(content);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    m_cards = new QVBoxLayout;
    m_cards->setSpacing(0);
    all->addLayout(m_cards);
    m_body = new QWidget;
    m_empty = new controls::EmptyState(QStringLiteral("queue"), tr("Nothing queued"),
                                       tr("Replay starts what the plan says; versions fill in here one by one."));
    all->addWidget(m_empty, 1);
    all->addWidget(m_body, 1);
    auto* layout = new QVBoxLayout(m_body);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto* bar = new QVBoxLayout;
    bar->setContentsMargins(12, 8, 12, 8);
    m_bar->setAccessibleName(tr("Replay progress"));
    bar->addWidget(m_bar);
    layout->addLayout(bar);
    m_list->setObjectName(QStringLiteral("queue"));
    m_list->setAccessibleName(tr("Replay queue"));
    m_list->setModel(m_model);
    m_list->setItemDelegate(new QueueDelegate(m_list));
    m_list->setMouseTracking(true);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    layout->addWidget(m_list, 2);
    layout->addWidget(m_output, 1);
    return content;
}

void QueuePanel::showProgress() {
    const auto& desk = m_project.replay();
    const auto& progress = desk.progress();
    for (auto* card : m_unfinished) card->setResumable(!desk.isRunning() && !desk.isStarting());
    m_body->setVisible(!progress.rows.empty());
    m_empty->setVisible(progress.rows.empty());
    if (desk.isStarting()) {
        setLoading(-1.0);
        header()->setCountText(tr("starting"));
        setPlaceholder(new controls::EmptyState(QStringLiteral("replay"), tr("Starting the replay"),
                                                tr("The first values come when the script's imports are done.")));
        return;
    }
    setLoading(std::nullopt);
    if (progress.rows.empty()) {
        const auto waiting = static_cast<int>(m_unfinished.size());
        header()->setCountText(waiting > 0 ? tr("%n interrupted", nullptr, waiting) : QString());
        setPlaceholder(nullptr);
        return;
    }
    setPlaceholder(nullptr);
    m_bar->setPart(progress.total > 0 ? static_cast<double>(progress.done) / static_cast<double>(progress.total) : 0.0);
    m_bar->setPaused(desk.isPaused());
    const QString counted = tr("%1 of %2 epochs").arg(progress.done).arg(progress.total);
    QString state;
    if (desk.isRunning())
        state = desk.isPaused() ? tr("paused") : text::timeLeftText(progress.secondsLeft);
    else
        state = progress.cancelled ? tr("cancelled") : tr("done");
    header()->setCountText(counted + tr(", ", "between parts of a state") + state);
}

void QueuePanel::showUnfinished() {
    for (auto* card : m_unfinished) delete card;
    m_unfinished.clear();
    for (const auto& replay : m_project.replay().unfinished()) {
        auto* card = new UnfinishedCard(replay);
        m_cards->addWidget(card);
        m_unfinished.push_back(card);
        // The card goes with the list; its own signal must have returned by then.
        connect(
            card, &UnfinishedCard::resumed, this, [this, id = replay.id] { m_project.replay().resume(id); },
            Qt::QueuedConnection);
        connect(
            card, &UnfinishedCard::discarded, this, [this, id = replay.id] { m_project.replay().discard(id); },
            Qt::QueuedConnection);
    }
    showProgress();
}

void QueuePanel::showOutput(const QModelIndex& index) {
    if (!index.isValid()) return;
    const QString file = index.data(models::QueueModel::OutputRole).toString();
    m_output->showOutput(tr("Output of %1").arg(index.data(models::QueueModel::NameRole).toString()),
                         m_readOutput(file));
}

}  // namespace hindcast::replay
