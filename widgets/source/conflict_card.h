// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <optional>
#include <vector>

#include "core/workspace/views.h"

class QCheckBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace hindcast::source {

/// Says why a probe has no sure place in a version, and takes the decision: place at A or B, edit the line for this
/// version, skip the version; the same for older versions with the same question.
class ConflictCard : public QFrame {
    Q_OBJECT
public:
    explicit ConflictCard(QWidget* parent = nullptr);
    /// `sameFor`: other versions in conflict, as "v1–v3"; empty hides the switch.
    void show(const QString& version, const workspace::PlacementView& placement, const QString& sameFor);
    bool forOthersToo() const;
    /// Puts the keyboard on the first answer.
    void focusFirst();

Q_SIGNALS:
    void placed(const hindcast::workspace::CandidateView& place);
    void skipped();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void addButtons(QHBoxLayout* layout);
    void startEdit();

    std::vector<workspace::CandidateView> m_candidates;
    QLabel* m_title;
    QLabel* m_score;
    QLabel* m_reason;
    QPushButton* m_placeA;
    QPushButton* m_placeB;
    QPushButton* m_edit;
    QPushButton* m_skip;
    QCheckBox* m_same;
    QLineEdit* m_line;
};

}  // namespace hindcast::source
