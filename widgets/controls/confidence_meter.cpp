// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/confidence_meter.h"

#include <QPainter>
#include <algorithm>

#include "widgets/look/number_painter.h"
#include "widgets/look/theme.h"

namespace hindcast::controls {

namespace {
constexpr double kBarWidth = 44;
constexpr double kBarHeight = 5;
constexpr double kNumberGap = 8;
}  // namespace

void paintConfidence(QPainter& painter, const QRect& box, std::optional<double> confidence, double bar) {
    const look::NumberPainter numbers(look::font(look::TextRole::Label, QFont::Normal));
    if (!confidence) {
        painter.setPen(look::color(look::Color::TextTertiary));
        numbers.draw(painter, box, Qt::AlignLeft | Qt::AlignVCenter, QStringLiteral("\u2013"));
        return;
    }
    const double value = std::clamp(*confidence, 0.0, 1.0);
    const bool passes = value >= bar;
    const QRectF track(box.left(), box.center().y() - 2, kBarWidth, kBarHeight);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(look::color(look::Color::LineHair));
    painter.drawRoundedRect(track, 1, 1);
    painter.setBrush(look::color(passes ? look::Color::OkMark : look::Color::WarnMark));
    painter.drawRoundedRect(QRectF(track.topLeft(), QSizeF(kBarWidth * value, kBarHeight)), 1, 1);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setBrush(look::color(passes ? look::Color::SurfacePanel : look::Color::LineControl));
    painter.drawRect(QRectF(std::round(track.left() + kBarWidth * bar), track.top(), 1, kBarHeight));
    painter.setPen(look::color(passes ? look::Color::TextPrimary : look::Color::Warn));
    const QRectF number(track.right() + kNumberGap, box.top(), box.right() - track.right(), box.height());
    numbers.draw(painter, number, Qt::AlignLeft | Qt::AlignVCenter, look::formatNumber(value, {.decimals = 2}));
    painter.restore();
}

ConfidenceMeter::ConfidenceMeter(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void ConfidenceMeter::setConfidence(std::optional<double> confidence, double bar) {
    m_confidence = confidence;
    m_bar = bar;
    setAccessibleName(confidence ? tr("Confidence %1").arg(look::formatNumber(*confidence, {.decimals = 2}))
                                 : tr("No confidence"));
    update();
}

QSize ConfidenceMeter::sizeHint() const {
    const look::NumberPainter numbers(look::font(look::TextRole::Label, QFont::Normal));
    return {static_cast<int>(kBarWidth + kNumberGap + numbers.width(QStringLiteral("0.00")) + 1),
            look::px(look::Size::Badge)};
}

void ConfidenceMeter::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paintConfidence(painter, rect(), m_confidence, m_bar);
}

}  // namespace hindcast::controls
