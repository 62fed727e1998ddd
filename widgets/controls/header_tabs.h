// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

namespace hindcast::controls {

/// Tabs inside a panel header: the current one 600 with a 2 px accent line at the header's lower edge.
/// Left/Right and a click choose.
class HeaderTabs : public QWidget {
    Q_OBJECT
public:
    explicit HeaderTabs(QWidget* parent = nullptr);
    void setTitles(const QStringList& titles);
    int current() const { return m_current; }
    QSize sizeHint() const override;

public Q_SLOTS:
    void setCurrent(int index);

Q_SIGNALS:
    void chosen(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    int tabWidth(int index) const;

    QStringList m_titles;
    int m_current = 0;
};

}  // namespace hindcast::controls
