// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/search_field.h"

#include <QPainter>

#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"

namespace hindcast::shell {

namespace {
constexpr int kWidth = 380;
constexpr int kPad = 10;
}  // namespace

SearchField::SearchField(const QString& text, const QString& keys, QWidget* parent)
    : QAbstractButton(parent), m_keys(keys) {
    setText(text);
    setAccessibleName(text);
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::IBeamCursor);
}

QSize SearchField::sizeHint() const {
    return {kWidth, look::px(look::Size::ButtonSmall)};
}

void SearchField::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(look::color(hasFocus() ? look::Color::Focus : look::Color::LineStrong));
    painter.setBrush(look::color(look::Color::SurfacePanel));
    const int radius = look::px(look::Size::RadiusControl);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    const QRect icon(kPad, height() / 2 - 7, 14, 14);
    look::IconSet::instance().paint(painter, QStringLiteral("search"), icon, look::Color::TextTertiary);
    painter.setFont(look::font(look::TextRole::Caption));
    painter.setPen(look::color(look::Color::TextTertiary));
    const QFontMetrics metrics = painter.fontMetrics();
    const int keysWidth = metrics.horizontalAdvance(m_keys) + 10;
    const QRectF keys(width() - keysWidth - 5, height() / 2.0 - 8, keysWidth, 16);
    painter.drawText(keys, Qt::AlignCenter, m_keys);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(look::color(look::Color::LineHair));
    painter.drawRoundedRect(keys.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    painter.setPen(look::color(look::Color::TextTertiary));
    painter.setFont(look::font(look::TextRole::Label, QFont::Normal));
    const QRect box(icon.right() + 8, 0, width() - icon.right() - keysWidth - 20, height());
    painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(text(), Qt::ElideRight, box.width()));
}

}  // namespace hindcast::shell
