// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QTimer>
#include <map>

#include "widgets/controls/panel_frame.h"

class QToolButton;

namespace hindcast::base {
class Error;
}
namespace hindcast::commands {
class CommandSet;
}
namespace hindcast::models {
class Project;
}
namespace hindcast::workspace {
struct ProbeDraft;
struct ProbeView;
}  // namespace hindcast::workspace

namespace hindcast::source {

class CodeView;
class HistoryCard;
class ProbeEntry;

/// The newest source with the probes in it. '+' in the margin (or Ctrl+L) opens a line to type a probe; probe lines
/// carry an icon, a ground, and below them the values at the cursor and where the probe landed.
class EditorPanel : public controls::PanelFrame {
    Q_OBJECT
public:
    EditorPanel(models::Project& project, commands::CommandSet& commands, QWidget* parent = nullptr);
    CodeView* code() const { return m_code; }
    ProbeEntry* entry() const { return m_entry; }
    QString file() const { return m_file; }

    /// Opens the line below the caret's for a new probe.
    void startAtCaret();
    /// Opens the text of the current probe.
    void editCurrentProbe();
    /// Which versions have the caret's line, since when.
    void showHistoryAtCaret();
    void showFile(const QString& file);
    /// Scrolls to a probe's line.
    void showProbe(const QString& id);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void connectProject();
    void addFileMenu();
    void buildContent(commands::CommandSet& commands);
    void showFiles();
    void showTabs();
    void scrollToProbe();
    void showText();
    void decorate();
    void annotate();
    void startAt(int line);
    void openEntry(int belowLine, const QString& text);
    void closeEntry();
    void placeEntry();
    void accept();
    void probeFailed(const base::Error& error);
    int probeLine(const QString& id) const;
    const workspace::ProbeView* probeAtCaret() const;

    models::Project& m_project;
    CodeView* m_code;
    HistoryCard* m_history;
    ProbeEntry* m_entry;
    QToolButton* m_allFiles = nullptr;  ///< menu of every file, while some have no tab
    QStringList m_tabs;                 ///< files that have a tab, as many as fit
    QString m_file;
    QString m_sought;       ///< id of the probe to scroll to once its text is here
    QString m_edited;       ///< id of the probe that the entry changes, "" for a new one
    int m_entryBelow = -1;  ///< line that the entry stands under
    int m_beforeLine = 0;   ///< of the draft, 1-based
    QString m_indent;
    bool m_waiting = false;  ///< for the workspace's answer to the typed probe
    QTimer m_values;
};

}  // namespace hindcast::source
