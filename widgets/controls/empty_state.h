// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QAction;
class QLabel;
class QHBoxLayout;

namespace hindcast::controls {

/// What a panel shows when it has nothing: what is missing, what would fill it, and up to two ways to do so.
/// Left aligned, at the top; never centred in a void.
class EmptyState : public QWidget {
    Q_OBJECT
public:
    EmptyState(const QString& icon, const QString& line, const QString& hint, QWidget* parent = nullptr);

    void setTexts(const QString& line, const QString& hint);
    /// At most two; a button per action, in order.
    void addAction(QAction* action);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_icon;
    QLabel* m_line;
    QLabel* m_hint;
    QHBoxLayout* m_buttons;
};

}  // namespace hindcast::controls
