// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/look/number_painter.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

namespace hindcast::look {

namespace {

constexpr char16_t kMinus = u'\u2212';
constexpr int kSignificant = 5;
constexpr int kMaxDecimals = 6;

int orderOf(double magnitude) {
    return static_cast<int>(std::floor(std::log10(magnitude)));
}

int significantDecimals(double magnitude) {
    if (magnitude == 0.0) return 0;
    return std::clamp(kSignificant - 1 - orderOf(magnitude), 0, kMaxDecimals);
}

QString trimmedZeros(QString text) {
    if (!text.contains(QLatin1Char('.'))) return text;
    while (text.endsWith(QLatin1Char('0'))) text.chop(1);
    if (text.endsWith(QLatin1Char('.'))) text.chop(1);
    return text;
}

QString scientificText(double magnitude) {
    QString text = QString::number(magnitude, 'e', 2);
    const qsizetype e = text.indexOf(QLatin1Char('e'));
    const int exponent = text.mid(e + 1).toInt();
    return trimmedZeros(text.left(e)) + QLatin1Char('e') + (exponent < 0 ? QString(kMinus) : QString()) +
           QString::number(std::abs(exponent));
}

QString magnitudeText(double magnitude, const NumberFormat& format) {
    const int decimals = format.decimals >= 0 ? format.decimals : significantDecimals(magnitude);
    const bool vanishes = magnitude > 0.0 && magnitude < 0.5 * std::pow(10.0, -decimals);
    if (format.scientific || vanishes || magnitude >= 1e9) return scientificText(magnitude);
    const QString text = QString::number(magnitude, 'f', decimals);
    return format.decimals >= 0 ? text : trimmedZeros(text);
}

bool takesDigitCell(QChar c) {
    return c.isDigit() || c == QChar(kMinus) || c == QLatin1Char('+');
}

}  // namespace

QString formatNumber(double value, const NumberFormat& format) {
    if (std::isnan(value)) return QStringLiteral("NaN");
    if (std::isinf(value)) return value > 0 ? QStringLiteral("+\u221E") : QStringLiteral("\u2212\u221E");
    const QString text = magnitudeText(std::abs(value), format);
    if (value < 0) return QChar(kMinus) + text;
    return format.plusSign && value > 0 ? QLatin1Char('+') + text : text;
}

int decimalsFor(std::span<const double> values) {
    double largest = 0.0;
    double lowest = INFINITY;
    double highest = -INFINITY;
    for (const double value : values) {
        if (!std::isfinite(value)) continue;
        largest = std::max(largest, std::abs(value));
        lowest = std::min(lowest, value);
        highest = std::max(highest, value);
    }
    if (largest == 0.0) return 0;
    const bool whole =
        std::all_of(values.begin(), values.end(), [](double v) { return !std::isfinite(v) || v == std::floor(v); });
    if (whole) return 0;
    // Three digits of the spread, or of the value where all are alike.
    const double spread = highest - lowest;
    const double basis = spread > largest * 1e-4 ? spread : largest;
    return std::clamp(2 - orderOf(basis), 0, kMaxDecimals);
}

NumberPainter::NumberPainter(const QFont& font) : m_font(font), m_metrics(font) {
    for (char16_t digit = u'0'; digit <= u'9'; ++digit)
        m_digit = std::max(m_digit, m_metrics.horizontalAdvance(QChar(digit)));
}

double NumberPainter::advance(QChar character) const {
    return takesDigitCell(character) ? m_digit : m_metrics.horizontalAdvance(character);
}

double NumberPainter::width(const QString& text) const {
    double total = 0.0;
    for (const QChar character : text) total += advance(character);
    return total;
}

void NumberPainter::draw(QPainter& painter, const QRectF& box, Qt::Alignment alignment, const QString& text) const {
    double x = box.left();
    if (alignment.testFlag(Qt::AlignRight)) x = box.right() - width(text);
    if (alignment.testFlag(Qt::AlignHCenter)) x = box.center().x() - width(text) / 2;
    double baseline = box.top() + m_metrics.ascent();
    if (alignment.testFlag(Qt::AlignVCenter))
        baseline = box.center().y() + (m_metrics.ascent() - m_metrics.descent()) / 2;
    if (alignment.testFlag(Qt::AlignBottom)) baseline = box.bottom() - m_metrics.descent();
    painter.setFont(m_font);
    baseline = std::round(baseline);
    for (const QChar character : text) {
        const double cell = advance(character);
        const double own = m_metrics.horizontalAdvance(character);
        painter.drawText(QPointF(x + (cell - own) / 2, baseline), QString(character));
        x += cell;
    }
}

}  // namespace hindcast::look
