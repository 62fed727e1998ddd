// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/replay/choice_card.h"

#include <QPainter>

#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"

namespace hindcast::replay {

namespace {
constexpr int kPad = 12;
}

ChoiceCard::ChoiceCard(const QString& icon, QWidget* parent) : QAbstractButton(parent), m_icon(icon) {
    setCheckable(true);
    setAutoExclusive(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ChoiceCard::setTexts(const QString& where, const QString& workers, const QString& time, const QString& margin,
                          const QString& disk) {
    m_where = where;
    m_workers = workers;
    m_time = time;
    m_margin = margin;
    m_disk = disk;
    setAccessibleName(QStringList{where, workers, time, margin, disk}.join(QStringLiteral(", ")));
    update();
}

void ChoiceCard::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool on = isChecked();
    painter.setPen(QPen(look::color(on ? look::Color::Accent : look::Color::LineHair), on ? 1.5 : 1.0));
    painter.setBrush(look::color(underMouse() && !on ? look::Color::SurfaceHover : look::Color::SurfacePanel));
    const int radius = look::px(look::Size::RadiusControl);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), radius, radius);
    const QRect first(kPad, 8, width() - 2 * kPad, 20);
    const QRect second(kPad, 30, width() - 2 * kPad, 20);
    look::IconSet::instance().paint(painter, m_icon, QRect(kPad, 11, 14, 14),
                                    on ? look::Color::AccentText : look::Color::TextTertiary);
    painter.setFont(look::font(look::TextRole::Label));
    painter.setPen(look::color(look::Color::TextPrimary));
    painter.drawText(first.adjusted(22, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, m_where);
    painter.setFont(look::font(look::TextRole::Strong, QFont::DemiBold));
    QRect drawn;
    painter.drawText(second, Qt::AlignLeft | Qt::AlignVCenter, m_time, &drawn);
    painter.setFont(look::font(look::TextRole::Caption));
    painter.setPen(look::color(look::Color::TextTertiary));
    painter.drawText(QRect(drawn.right() + 6, second.top(), second.right() - drawn.right(), second.height()),
                     Qt::AlignLeft | Qt::AlignVCenter, m_margin);
    painter.drawText(first, Qt::AlignRight | Qt::AlignVCenter, m_workers);
    painter.drawText(second, Qt::AlignRight | Qt::AlignVCenter, m_disk);
}

}  // namespace hindcast::replay
