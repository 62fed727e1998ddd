// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/badge.h"

#include <QFontMetrics>
#include <QPainter>

#include "widgets/look/icon_set.h"
#include "widgets/look/number_painter.h"
#include "widgets/look/theme.h"

namespace hindcast::controls {

namespace {

constexpr int kPad = 6;
constexpr int kIcon = 12;
constexpr int kIconGap = 4;

QFont badgeFont() {
    return look::font(look::TextRole::Caption, QFont::Medium);
}

}  // namespace

BadgeText badgeOf(look::Fidelity fidelity, double largestDifference) {
    const look::Meaning meaning = look::meaningOf(fidelity);
    QString word = look::fidelityText(fidelity);
    switch (fidelity) {
        case look::Fidelity::Exact:
        case look::Fidelity::ExactLogs:
            return {meaning, QStringLiteral("ok"), word};
        case look::Fidelity::Numeric:
            word.prepend(QStringLiteral("\u2248 "));
            if (largestDifference > 0.0)
                word += QLatin1Char(' ') + look::formatNumber(largestDifference, {.decimals = -1, .scientific = true});
            return {meaning, {}, word};
        case look::Fidelity::Unverified:
            return {meaning, QStringLiteral("info"), word};
        case look::Fidelity::Diverged:
            return {meaning, QStringLiteral("diverged"), word};
    }
    return {};
}

BadgeText badgeOf(look::Source source) {
    const QString word = look::sourceText(source);
    switch (source) {
        case look::Source::Recorded:
            return {look::Meaning::Neutral, {}, word};
        case look::Source::Replayed:
            return {look::Meaning::Accent, QStringLiteral("replay"), word};
        case look::Source::Derived:
            return {look::Meaning::Neutral, QStringLiteral("probe-state"), word};
        case look::Source::Imported:
            return {look::Meaning::Neutral, QStringLiteral("folder"), word};
    }
    return {};
}

BadgeText badgeOf(Placement placement) {
    switch (placement) {
        case Placement::Placed:
            return {look::Meaning::Ok, QStringLiteral("placed"), Badge::tr("placed")};
        case Placement::ByHand:
            return {look::Meaning::Ok, QStringLiteral("by-hand"), Badge::tr("by hand"), true};
        case Placement::Conflict:
            return {look::Meaning::Warn, QStringLiteral("conflict"), Badge::tr("conflict")};
        case Placement::Skipped:
            return {look::Meaning::Neutral, QStringLiteral("skipped"), Badge::tr("skipped")};
        case Placement::Recorded:
            return {look::Meaning::Neutral, QStringLiteral("check"), Badge::tr("recorded")};
    }
    return {};
}

QSize badgeSize(const BadgeText& text) {
    const QFontMetrics metrics(badgeFont());
    const int icon = text.icon.isEmpty() ? 0 : kIcon + kIconGap;
    return {metrics.horizontalAdvance(text.word) + 2 * kPad + icon,
            std::max(look::px(look::Size::Badge), metrics.height() + 3)};
}

int paintBadge(QPainter& painter, const QRect& box, const BadgeText& text) {
    const QSize size = badgeSize(text);
    const QRect body(box.left(), box.top() + (box.height() - size.height()) / 2, size.width(), size.height());
    const look::Tokens& tokens = look::tokens();
    const double radius = look::px(look::Size::RadiusChip);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(text.outlined ? QPen(tokens.mark(text.meaning), 1) : QPen(Qt::NoPen));
    painter.setBrush(text.outlined ? tokens.color(look::Color::SurfacePanel) : tokens.ground(text.meaning));
    painter.drawRoundedRect(QRectF(body).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    int x = body.left() + kPad;
    if (!text.icon.isEmpty()) {
        const QRect icon(x, body.top() + (body.height() - kIcon) / 2, kIcon, kIcon);
        look::IconSet::instance().paint(painter, text.icon, icon, tokens.text(text.meaning));
        x += kIcon + kIconGap;
    }
    painter.setFont(badgeFont());
    painter.setPen(tokens.text(text.meaning));
    painter.drawText(QRect(x, body.top(), body.right() - x + 1, body.height()), Qt::AlignVCenter, text.word);
    painter.restore();
    return size.width();
}

Badge::Badge(BadgeText text, QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setBadge(text);
}

void Badge::setBadge(const BadgeText& text) {
    m_text = text;
    setAccessibleName(text.word);
    updateGeometry();
    update();
}

QSize Badge::sizeHint() const {
    return m_text.word.isEmpty() ? QSize(0, 0) : badgeSize(m_text);
}

void Badge::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (!m_text.word.isEmpty()) paintBadge(painter, rect(), m_text);
}

}  // namespace hindcast::controls
