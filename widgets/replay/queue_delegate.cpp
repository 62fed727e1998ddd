// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/replay/queue_delegate.h"

#include <QPainter>

#include "widgets/controls/progress_line.h"
#include "widgets/look/icon_set.h"
#include "widgets/look/number_painter.h"
#include "widgets/look/theme.h"
#include "widgets/models/queue_model.h"

namespace hindcast::replay {

using models::QueueModel;

namespace {
constexpr int kPad = 12;
constexpr int kNameWidth = 66;
constexpr int kBarRow = 42;
}  // namespace

QSize QueueDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const int plain = look::rowHeight(look::Size::QueueRow, option.fontMetrics);
    return {200, index.data(QueueModel::PartRole).isValid() ? std::max(kBarRow, plain + 14) : plain};
}

void QueueDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    painter->save();
    const QVariant part = index.data(QueueModel::PartRole);
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, look::color(look::Color::SurfaceSelected));
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(option.rect, look::color(look::Color::SurfaceHover));
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
                      look::color(look::Color::LineHair));
    QRect row = option.rect.adjusted(kPad, 0, -kPad, 0);
    row.setHeight(look::rowHeight(look::Size::QueueRow, option.fontMetrics));
    const auto meaning = static_cast<look::Meaning>(index.data(QueueModel::MeaningRole).toInt());
    const int size = look::px(look::Size::Icon);
    const QColor ink =
        meaning == look::Meaning::Neutral ? look::color(look::Color::TextTertiary) : look::tokens().mark(meaning);
    look::IconSet::instance().paint(*painter, index.data(QueueModel::IconRole).toString(),
                                    QRect(row.left(), row.center().y() - size / 2 + 1, size, size), ink);
    row.setLeft(row.left() + size + 8);
    painter->setFont(look::font(look::TextRole::Strong));
    painter->setPen(look::color(look::Color::TextPrimary));
    const look::NumberPainter strong(painter->font());
    const QString name = index.data(QueueModel::NameRole).toString();
    strong.draw(*painter, row, Qt::AlignLeft | Qt::AlignVCenter, name);
    row.setLeft(row.left() + std::max(kNameWidth, static_cast<int>(strong.width(name)) + 8));
    painter->setFont(look::font(look::TextRole::Body));
    const look::NumberPainter numbers(painter->font());
    const QString done = index.data(QueueModel::DoneRole).toString();
    painter->setPen(look::color(look::Color::TextSecondary));
    numbers.draw(*painter, row, Qt::AlignRight | Qt::AlignVCenter, done);
    row.setRight(row.right() - static_cast<int>(numbers.width(done)) - 12);
    const bool loud =
        meaning == look::Meaning::Error || meaning == look::Meaning::Diverged || meaning == look::Meaning::Ok;
    painter->setPen(loud ? look::tokens().text(meaning) : look::color(look::Color::TextSecondary));
    painter->drawText(
        row, Qt::AlignLeft | Qt::AlignVCenter,
        painter->fontMetrics().elidedText(index.data(QueueModel::PhraseRole).toString(), Qt::ElideRight, row.width()));
    if (part.isValid()) {
        const QRectF bar(option.rect.left() + kPad + size + 8, option.rect.bottom() - 11,
                         option.rect.width() - 2 * kPad - size - 8, 3);
        controls::paintProgress(*painter, bar, part.toDouble());
    }
    painter->restore();
}

}  // namespace hindcast::replay
