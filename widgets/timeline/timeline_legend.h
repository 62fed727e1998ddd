// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "widgets/timeline/cell_painter.h"

namespace hindcast::timeline {

/// The three signs of a cell that need a word, for the timeline's header: capture, replayed, queued. Hides itself where
/// it would crowd out the title.
class TimelineLegend : public QWidget {
    Q_OBJECT
public:
    explicit TimelineLegend(QWidget* parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return QSize(0, sizeHint().height()); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    CellPainter m_cells;
};

}  // namespace hindcast::timeline
