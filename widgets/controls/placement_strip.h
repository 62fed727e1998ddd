// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>
#include <vector>

#include "widgets/controls/badge.h"

namespace hindcast::controls {

/// One version in the strip, old to new.
struct StripMark {
    Placement placement = Placement::Placed;
    QString version;        ///< "v17"
    QString tooltip;        ///< why; may be empty
    bool pending = false;   ///< not placed yet (propagation still runs)
    bool diverged = false;  ///< its replay diverged
    double certainty = 1.0;
};

/// One 7 x 8 px mark per version: filled = placed, outlined = by hand, amber with cross = conflict, dash = skipped,
/// dot = already there. Marks that do not fit are merged, the worst one shown. Click or Return chooses the version;
/// Left/Right move, Ctrl+Left/Right jump to the next conflict.
class PlacementStrip : public QWidget {
    Q_OBJECT
public:
    explicit PlacementStrip(QWidget* parent = nullptr);

    void setMarks(std::vector<StripMark> marks);
    const std::vector<StripMark>& marks() const { return m_marks; }
    int current() const { return m_current; }
    void setCurrent(int index);
    QRect markRect(int index) const;
    int markAt(QPoint point) const;
    /// "19 placed, 1 by hand, 1 conflict, 3 skipped"
    QString summary() const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void versionChosen(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    double pitch() const;
    void paintOne(QPainter& painter, const QRectF& box, const StripMark& mark) const;
    int severity(const StripMark& mark) const;
    int nextConflict(int direction) const;

    std::vector<StripMark> m_marks;
    int m_current = -1;
};

}  // namespace hindcast::controls
