// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "widgets/look/provenance.h"

class QPainter;

namespace hindcast::controls {

/// What a badge says: icon 12 + word on the ground of its meaning, 18 px high.
struct BadgeText {
    look::Meaning meaning = look::Meaning::Neutral;
    QString icon;  ///< name in the icon set, may be empty
    QString word;
    bool outlined = false;  ///< border in the mark colour on the panel's ground: placed by hand

    bool operator==(const BadgeText&) const = default;
};

enum class Placement : std::uint8_t { Placed, ByHand, Conflict, Skipped, Recorded };

/// The badges of the design; words are translated. `largest` of a numeric badge: the largest difference, or 0.
BadgeText badgeOf(look::Fidelity fidelity, double largestDifference = 0.0);
BadgeText badgeOf(look::Source source);
BadgeText badgeOf(Placement placement);

/// For delegates: size of a badge and its painting at the left edge of `box`, centred vertically. Returns its width.
QSize badgeSize(const BadgeText& text);
int paintBadge(QPainter& painter, const QRect& box, const BadgeText& text);

/// A badge as a widget. Not focusable; its text is its accessible name.
class Badge : public QWidget {
    Q_OBJECT
public:
    explicit Badge(BadgeText text = {}, QWidget* parent = nullptr);
    void setBadge(const BadgeText& text);
    const BadgeText& badge() const { return m_text; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    BadgeText m_text;
};

}  // namespace hindcast::controls
