// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;
class QMenu;
class QPushButton;

namespace hindcast::models {
class QueryDesk;
}

namespace hindcast::sql {

/// The row under the editor: run or stop, and the saved queries. A name is typed in the row itself: Return keeps the
/// query under it, Escape leaves.
class QueryBar : public QWidget {
    Q_OBJECT
public:
    explicit QueryBar(models::QueryDesk& desk, QWidget* parent = nullptr);
    /// Opens the field for a name; `suggested` stands in it.
    void askForName();

Q_SIGNALS:
    void runRequested();
    void stopRequested();
    void opened(const QString& sql);
    void leftName();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fillMenu();
    void showState();
    void keep();
    void closeName();

    models::QueryDesk& m_desk;
    QPushButton* m_run;
    QPushButton* m_saved;
    QLabel* m_hint;
    QLineEdit* m_name;
    QMenu* m_menu;
    QString m_current;  ///< the saved query that was opened or kept last
};

}  // namespace hindcast::sql
