// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QFontMetricsF>
#include <QString>
#include <span>

class QPainter;

namespace hindcast::look {

struct NumberFormat {
    int decimals = -1;        ///< -1: as many as five significant digits need
    bool plusSign = false;    ///< differences: +0.049
    bool scientific = false;  ///< 1.2e−7
};

/// Text of a value for people: U+2212 as minus, "NaN", "+∞", "−∞". Never rounds a value other than zero to a bare
/// zero: what would show as 0.000 becomes scientific. Full precision is for exports, not here.
QString formatNumber(double value, const NumberFormat& format = {});

/// One number of decimals for a whole column or axis, so that neighbouring values can be told apart; at most 6.
int decimalsFor(std::span<const double> values);

/// Paints numbers with tabular digits: every digit, sign and U+2212 in a cell as wide as the widest digit, because
/// Inter's digits are proportional and Qt 6.4 cannot switch `tnum` on. Cheap to build; keep one per paint event.
class NumberPainter {
public:
    explicit NumberPainter(const QFont& font);
    double width(const QString& text) const;
    /// `alignment`: horizontal and vertical flags as for QPainter::drawText. Uses the painter's pen.
    void draw(QPainter& painter, const QRectF& box, Qt::Alignment alignment, const QString& text) const;

private:
    double advance(QChar character) const;

    QFont m_font;
    QFontMetricsF m_metrics;
    double m_digit = 0.0;
};

}  // namespace hindcast::look
