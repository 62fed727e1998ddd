// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QComboBox;
class QHBoxLayout;
class QLabel;
class QLineEdit;

namespace hindcast::models {
class ReplayDesk;
}

namespace hindcast::replay {

/// What a replay may take: which passes, how much time and money. Return or leaving a field asks the plan again; what
/// cannot be read is told beside the fields and changes nothing; an empty field is no limit.
class LimitsRow : public QWidget {
    Q_OBJECT
public:
    explicit LimitsRow(models::ReplayDesk& desk, QWidget* parent = nullptr);
    /// What the options say to the limits, in words; "" without limits.
    void setVerdict(const QString& words, bool kept);

private:
    void addPasses(QHBoxLayout& row);
    QLineEdit* addField(QHBoxLayout& row, const QString& label, const QString& example, const char* name);
    void take();

    models::ReplayDesk& m_desk;
    QComboBox* m_passes;
    QLineEdit* m_deadline;
    QLineEdit* m_budget;
    QLabel* m_words;
};

}  // namespace hindcast::replay
