// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/explore/timeline_legend.h"

#include <QPainter>
#include <array>

#include "widgets/look/theme.h"

namespace hindcast::explore {

namespace {
constexpr int kSample = 14;
constexpr int kGap = 6;
constexpr int kBetween = 12;

std::array<QString, 2> words() {
    return {TimelineLegend::tr("capture"), TimelineLegend::tr("replayed")};
}
}  // namespace

TimelineLegend::TimelineLegend(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    setAccessibleName(tr("Key of the cells: a tick is a capture, the lower lane is replayed"));
}

QSize TimelineLegend::sizeHint() const {
    const QFontMetrics metrics(look::font(look::TextRole::Caption));
    int width = 0;
    for (const QString& word : words()) width += kSample + kGap + metrics.horizontalAdvance(word) + kBetween;
    return {width, 24};
}

void TimelineLegend::paintEvent(QPaintEvent*) {
    if (width() < sizeHint().width()) return;
    QPainter painter(this);
    painter.setFont(look::font(look::TextRole::Caption));
    const auto all = words();
    int left = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const int top = height() / 2 - 5;
        painter.fillRect(left, top, kSample, look::px(look::Size::RecordLane), look::color(look::Color::CellLogged));
        if (i == 0) {
            painter.fillRect(left, top, look::px(look::Size::CaptureTick), look::px(look::Size::RecordLane),
                             look::color(look::Color::CellCaptured));
        } else {
            painter.fillRect(left, top + look::px(look::Size::RecordLane) + 1, kSample, 2,
                             look::color(look::Color::CellReplayed));
        }
        painter.setPen(look::color(look::Color::TextTertiary));
        const QRect box(left + kSample + kGap, 0, width(), height());
        painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter, all[i]);
        left += kSample + kGap + painter.fontMetrics().horizontalAdvance(all[i]) + kBetween;
    }
}

}  // namespace hindcast::explore
