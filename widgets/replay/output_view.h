// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QPlainTextEdit;

namespace hindcast::replay {

/// What a replay worker printed, below the queue; Escape or the cross closes it.
class OutputView : public QWidget {
    Q_OBJECT
public:
    explicit OutputView(QWidget* parent = nullptr);
    void showOutput(const QString& title, const QString& text);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QLabel* m_title;
    QPlainTextEdit* m_text;
};

}  // namespace hindcast::replay
