// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/timeline/timeline_legend.h"

#include <QEvent>
#include <QFontMetrics>
#include <QPainter>

#include "widgets/look/theme.h"

namespace hindcast::timeline {

namespace {

constexpr int kCellWidth = 15;
constexpr int kCellHeight = 13;
constexpr int kTextGap = 5;
constexpr int kEntryGap = 12;

struct Entry {
    Cell cell;
    QString word;
};

QList<Entry> entries() {
    return {{Cell{.logged = true, .captured = true}, TimelineLegend::tr("capture")},
            {Cell{.logged = true, .hindsight = Hindsight::Replayed}, TimelineLegend::tr("replayed")},
            {Cell{.logged = true, .hindsight = Hindsight::Queued}, TimelineLegend::tr("queued")}};
}

}  // namespace

TimelineLegend::TimelineLegend(QWidget* parent) : QWidget(parent) {
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    setAccessibleName(tr("Legend"));
    connect(&look::Theme::instance(), &look::Theme::changed, this, [this] {
        m_cells.clear();
        update();
    });
}

QSize TimelineLegend::sizeHint() const {
    const QFontMetrics metrics(look::font(look::TextRole::Caption));
    int width = 0;
    for (const Entry& entry : entries())
        width += kCellWidth + kTextGap + metrics.horizontalAdvance(entry.word) + kEntryGap;
    return {width, look::px(look::Size::HitMin)};
}

void TimelineLegend::paintEvent(QPaintEvent*) {
    if (width() < sizeHint().width()) return;
    QPainter painter(this);
    const QFont face = look::font(look::TextRole::Caption);
    const QFontMetrics metrics(face);
    int x = 0;
    for (const Entry& entry : entries()) {
        m_cells.paintEpoch(painter, QPointF(x, (height() - kCellHeight) / 2), QSizeF(kCellWidth, kCellHeight),
                           entry.cell, devicePixelRatioF());
        x += kCellWidth + kTextGap;
        const int width = metrics.horizontalAdvance(entry.word);
        painter.setFont(face);
        painter.setPen(look::color(look::Color::TextTertiary));
        painter.drawText(QRect(x, 0, width + 2, height()), Qt::AlignVCenter, entry.word);
        x += width + kEntryGap;
    }
}

void TimelineLegend::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) {
        setAccessibleName(tr("Legend"));
        updateGeometry();
        update();
    }
    QWidget::changeEvent(event);
}

}  // namespace hindcast::timeline
