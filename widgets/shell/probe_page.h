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
namespace hindcast::probes {
class ProbesPanel;
}
namespace hindcast::replay {
class PlanPanel;
class QueuePanel;
class ResultPanel;
}  // namespace hindcast::replay
namespace hindcast::source {
class EditorPanel;
class PreviewPanel;
}  // namespace hindcast::source

namespace hindcast::shell {

class Surroundings;

/// The Probe workspace: editor and preview above probes and plan; result and queue at the right.
class ProbePage : public QWidget {
    Q_OBJECT
public:
    ProbePage(models::Project& project, commands::CommandSet& commands, Surroundings& surroundings,
              QWidget* parent = nullptr);

    source::EditorPanel* editor() const { return m_editor; }
    source::PreviewPanel* preview() const { return m_preview; }
    probes::ProbesPanel* probes() const { return m_probes; }
    replay::PlanPanel* plan() const { return m_plan; }
    replay::ResultPanel* result() const { return m_result; }
    replay::QueuePanel* queue() const { return m_queue; }

    void startProbe();
    void editProbe();
    void showHistory();
    QByteArray saveLayout() const;
    void restoreLayout(const QByteArray& state);

private:
    void layOut();

    source::EditorPanel* m_editor;
    source::PreviewPanel* m_preview;
    probes::ProbesPanel* m_probes;
    replay::PlanPanel* m_plan;
    replay::ResultPanel* m_result;
    replay::QueuePanel* m_queue;
    QSplitter* m_columns;
    QSplitter* m_left;
    QSplitter* m_above;
    QSplitter* m_below;
    QSplitter* m_right;
};

}  // namespace hindcast::shell
