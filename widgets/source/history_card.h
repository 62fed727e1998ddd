// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <vector>

#include "core/workspace/views.h"

class QLabel;
class QListWidget;

namespace hindcast::controls {
class PlacementStrip;
}
namespace hindcast::models {
class Project;
}

namespace hindcast::source {

/// Which versions have a line of the newest source, since when: a mark per version (filled: the same, outlined: in
/// other words, dash: missing) and a row for each run of versions that have the same text. A click or Return shows the
/// line in that version. Escape closes it and ends the search.
class HistoryCard : public QFrame {
    Q_OBJECT
public:
    explicit HistoryCard(models::Project& project, QWidget* parent = nullptr);
    /// `line` is 1-based in the text that the editor shows.
    void show(const QString& file, int line);
    void close();
    /// "train.py:42: in v3–v8, as it stands since v7".
    QString summary() const;

Q_SIGNALS:
    void closed();

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void take(const std::vector<workspace::LineInVersion>& history, bool complete);
    void showMarks();
    void showRuns();
    void showIn(const workspace::LineInVersion& entry);

    models::Project& m_project;
    QString m_place;
    std::vector<workspace::LineInVersion> m_history;  ///< newest first
    std::vector<std::size_t> m_rows;                  ///< entry of m_history that a row stands for
    QLabel* m_title;
    QLabel* m_summary;
    controls::PlacementStrip* m_strip;
    QListWidget* m_runs;
};

}  // namespace hindcast::source
