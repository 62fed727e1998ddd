// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "widgets/look/tokens.h"

class QPainter;

namespace hindcast::controls {

/// A 3 px bar on its track. Negative part: length unknown, a still, part-filled bar; nothing ever spins.
void paintProgress(QPainter& painter, const QRectF& box, double part, look::Color ink = look::Color::Accent);

class ProgressLine : public QWidget {
    Q_OBJECT
public:
    explicit ProgressLine(QWidget* parent = nullptr);
    void setPart(double part);
    double part() const { return m_part; }
    /// Grey while paused.
    void setPaused(bool paused);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return QSize(24, sizeHint().height()); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    double m_part = 0.0;
    bool m_paused = false;
};

}  // namespace hindcast::controls
