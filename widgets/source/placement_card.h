// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QStringList>

#include "core/workspace/views.h"

class QLabel;
class QLayout;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;

namespace hindcast::source {

/// What can be decided about a probe's place in one version: for a conflict why it has none and the best candidates;
/// for every place another text for this version, leaving the version out, or taking a decision back; and for how many
/// further versions the same shall hold.
class PlacementCard : public QFrame {
    Q_OBJECT
public:
    explicit PlacementCard(QWidget* parent = nullptr);

    /// `statement` is what stands there, without indentation; `decided`: the user did this, and can take it back;
    /// `others` names the versions that the same can be decided for, in that order.
    void show(const QString& version, const workspace::PlacementView& placement, const QString& statement, bool decided,
              const QStringList& others);
    /// How many of `others` get the same decision.
    int alsoForNext() const;
    void focusFirst();
    void startEdit();
    /// What was wrong with the typed statement.
    void showProblem(const QString& sentence);

Q_SIGNALS:
    void placed(const hindcast::workspace::CandidateView& place);
    void edited(const QString& statement);
    void skipped();
    void takenBack();

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void addButtons(QLayout& layout);
    void showSame();
    void fitEdit();

    std::vector<workspace::CandidateView> m_candidates;
    QString m_statement;
    QStringList m_others;
    bool m_conflict = false;
    QLabel* m_title;
    QLabel* m_score;
    QLabel* m_reason;
    QLabel* m_problem;
    QPushButton* m_placeA;
    QPushButton* m_placeB;
    QPushButton* m_edit;
    QPushButton* m_skip;
    QPushButton* m_back;
    QLabel* m_also;
    QSpinBox* m_next;
    QLabel* m_nextNames;
    QPlainTextEdit* m_text;
};

}  // namespace hindcast::source
