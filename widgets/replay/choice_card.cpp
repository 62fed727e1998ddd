// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/replay/choice_card.h"

#include <QPainter>

#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"

namespace hindcast::replay {

namespace {
constexpr int kPad = 12;
constexpr int kIconRoom = 22;
constexpr int kBetween = 6;
constexpr int kMarkRoom = 20;
}  // namespace

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
    describe();
}

void ChoiceCard::setIconName(const QString& icon) {
    m_icon = icon;
    update();
}

void ChoiceCard::setVerdict(Verdict verdict) {
    m_verdict = verdict;
    describe();
}

void ChoiceCard::describe() {
    QStringList parts{m_where, m_workers, m_time, m_margin, m_disk};
    if (m_verdict == Verdict::Suits) parts << tr("suits the limits best");
    if (m_verdict == Verdict::TooMuch) parts << tr("breaks a limit");
    setAccessibleName(parts.join(QStringLiteral(", ")));
    setToolTip(accessibleName());
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
    const QFontMetrics captions(look::font(look::TextRole::Caption));
    const auto fits = [&captions](const QRect& row, int used, const QString& text) {
        return used + kBetween + captions.horizontalAdvance(text) <= row.width();
    };
    // What does not fit is left out whole: the place and the time are what the choice is about.
    const int whereWidth = kIconRoom + painter.fontMetrics().horizontalAdvance(m_where);
    painter.drawText(first.adjusted(kIconRoom, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(m_where, Qt::ElideRight, first.width() - kIconRoom));
    painter.setFont(look::font(look::TextRole::Strong, QFont::DemiBold));
    if (m_verdict == Verdict::TooMuch) painter.setPen(look::color(look::Color::Warn));
    QRect drawn;
    painter.drawText(second, Qt::AlignLeft | Qt::AlignVCenter, m_time, &drawn);
    painter.setFont(look::font(look::TextRole::Caption));
    painter.setPen(look::color(look::Color::TextTertiary));
    int used = drawn.width();
    if (fits(second, used, m_margin)) {
        painter.drawText(second.adjusted(used + kBetween, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, m_margin);
        used += kBetween + captions.horizontalAdvance(m_margin);
    }
    const int mark = m_verdict == Verdict::None ? 0 : kMarkRoom;
    if (mark > 0) {
        const bool suits = m_verdict == Verdict::Suits;
        look::IconSet::instance().paint(painter, suits ? QStringLiteral("demo") : QStringLiteral("warn"),
                                        QRect(first.right() - 13, 11, 14, 14),
                                        suits ? look::Color::AccentText : look::Color::WarnMark);
    }
    const QRect beforeMark = first.adjusted(0, 0, -mark, 0);
    if (fits(beforeMark, whereWidth, m_workers))
        painter.drawText(beforeMark, Qt::AlignRight | Qt::AlignVCenter, m_workers);
    if (fits(second, used, m_disk)) painter.drawText(second, Qt::AlignRight | Qt::AlignVCenter, m_disk);
}

}  // namespace hindcast::replay
