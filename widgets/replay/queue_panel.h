// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

#include "widgets/controls/panel_frame.h"

class QListView;
class QVBoxLayout;

namespace hindcast::commands {
class CommandSet;
}
namespace hindcast::controls {
class ProgressLine;
}
namespace hindcast::models {
class Project;
class QueueModel;
}  // namespace hindcast::models

namespace hindcast::replay {

class OutputView;
class UnfinishedCard;

/// The replay in progress, or the last one: overall bar, a row per version, what a worker printed on demand. Above it
/// the replays that were interrupted, to be resumed or discarded.
class QueuePanel : public controls::PanelFrame {
    Q_OBJECT
public:
    using ReadOutput = std::function<QString(const QString& file)>;
    QueuePanel(models::Project& project, commands::CommandSet& commands, ReadOutput readOutput,
               QWidget* parent = nullptr);
    QListView* list() const { return m_list; }

private:
    QWidget* buildContent();
    void showProgress();
    void showUnfinished();
    void showOutput(const QModelIndex& index);

    models::Project& m_project;
    QVBoxLayout* m_cards = nullptr;
    std::vector<UnfinishedCard*> m_unfinished;
    QWidget* m_body = nullptr;  ///< bar, rows and output
    QWidget* m_empty = nullptr;
    models::QueueModel* m_model;
    ReadOutput m_readOutput;
    controls::ProgressLine* m_bar;
    QListView* m_list;
    OutputView* m_output;
};

}  // namespace hindcast::replay
