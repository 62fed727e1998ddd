// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

namespace hindcast::controls {

/// One choice among few, 28 px: workspaces, kinds of export. Left/Right, Home/End choose; so does a click.
class SegmentedSwitch : public QWidget {
    Q_OBJECT
public:
    explicit SegmentedSwitch(const QStringList& titles, QWidget* parent = nullptr);

    void setTitles(const QStringList& titles);
    int count() const { return static_cast<int>(m_titles.size()); }
    int current() const { return m_current; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }
    QRect segmentRect(int index) const;

public Q_SLOTS:
    void setCurrent(int index);

Q_SIGNALS:
    void currentChanged(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    int segmentAt(QPoint point) const;
    int segmentWidth(int index) const;
    void announce();

    QStringList m_titles;
    int m_current = 0;
    int m_hovered = -1;
};

}  // namespace hindcast::controls
