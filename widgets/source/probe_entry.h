// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QLabel;
class QLineEdit;
class QPlainTextEdit;

namespace hindcast::source {

/// Where a probe is typed, laid over the editor at its line: a log statement as it stands in the script, or an
/// expression with a name beside it. Return takes it, Shift+Return starts a new line, Escape leaves.
class ProbeEntry : public QFrame {
    Q_OBJECT
public:
    struct Typed {
        QString statement;  ///< a whole statement, else empty
        QString expression;
        QString name;
    };

    explicit ProbeEntry(QWidget* parent);
    /// Empty for a new probe; the old text for a changed one.
    void start(const QString& text);
    Typed typed() const;
    /// What was wrong with it, in place of the hint; typing clears it.
    void showProblem(const QString& sentence);
    /// While the workspace works on it, typing is off.
    void setBusy(bool busy);
    int neededHeight() const;

Q_SIGNALS:
    void accepted();
    void cancelled();
    void heightChanged();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void follow();
    int linesShown() const;
    void fitHeight();
    void showHint();

    QPlainTextEdit* m_text;
    QLabel* m_as;
    QLineEdit* m_name;
    QLabel* m_hint;
    bool m_nameTyped = false;
    QString m_problem;
};

}  // namespace hindcast::source
