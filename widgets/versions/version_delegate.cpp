// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/versions/version_delegate.h"

#include <QPainter>

#include "widgets/look/icon_set.h"
#include "widgets/look/number_painter.h"
#include "widgets/look/series_ink.h"
#include "widgets/models/version_model.h"

namespace hindcast::versions {

using models::VersionModel;

namespace {
constexpr int kPad = 8;
constexpr int kSwatchLeft = 12;
constexpr int kSwatch = 10;

int stateColumnOf(const QModelIndex& index) {
    return index.model()->columnCount() - 1;
}

void paintGround(QPainter& painter, const QStyleOptionViewItem& option) {
    if (option.state & QStyle::State_Selected) {
        painter.fillRect(option.rect, look::color(look::Color::SurfaceSelected));
    } else if (option.state & QStyle::State_MouseOver) {
        painter.fillRect(option.rect, look::color(look::Color::SurfaceHover));
    }
}
}  // namespace

QSize VersionDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    size.setHeight(look::rowHeight(look::Size::TableRow, option.fontMetrics));
    return size;
}

void VersionDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    painter->save();
    paintGround(*painter, option);
    if (index.column() == VersionModel::Version) {
        paintName(*painter, option.rect, index);
    } else if (index.column() == VersionModel::Date) {
        painter->setPen(look::color(look::Color::TextTertiary));
        const look::NumberPainter numbers(look::font(look::TextRole::Caption));
        painter->setFont(look::font(look::TextRole::Caption));
        numbers.draw(*painter, option.rect.adjusted(4, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                     index.data().toString());
    } else if (index.column() == stateColumnOf(index)) {
        paintState(*painter, option.rect, index);
    } else {
        const bool number = index.data(VersionModel::NumberRole).isValid();
        painter->setPen(look::color(number ? look::Color::TextPrimary : look::Color::TextTertiary));
        const look::NumberPainter numbers(look::font(look::TextRole::Body));
        numbers.draw(*painter, option.rect.adjusted(0, 0, -kPad, 0), Qt::AlignRight | Qt::AlignVCenter,
                     index.data().toString());
    }
    painter->restore();
}

void VersionDelegate::paintName(QPainter& painter, const QRect& box, const QModelIndex& index) const {
    const int slot = index.data(VersionModel::SlotRole).toInt();
    const look::SeriesInk ink{slot, index.data(VersionModel::AgeRole).toDouble()};
    const double thick = slot >= 0 ? 3.0 : 1.5;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(QRectF(box.left() + kSwatchLeft, box.center().y() + 0.5 - thick / 2, kSwatch, thick),
                     look::color(ink));
    QRect text = box.adjusted(kSwatchLeft + kSwatch + kPad, 0, -4, 0);
    painter.setFont(look::font(slot >= 0 ? look::TextRole::Strong : look::TextRole::Body));
    painter.setPen(look::color(look::Color::TextPrimary));
    const look::NumberPainter numbers(painter.font());
    const QString name = index.data().toString();
    numbers.draw(painter, text, Qt::AlignLeft | Qt::AlignVCenter, name);
    text.setLeft(text.left() + static_cast<int>(numbers.width(name)) + kPad);
    QStringList tags = index.data(VersionModel::TagsRole).toStringList();
    if (tags.isEmpty() || text.width() < 16) return;
    painter.setFont(look::font(look::TextRole::Caption));
    painter.setPen(look::color(look::Color::TextTertiary));
    const QString shown =
        painter.fontMetrics().elidedText(tags.join(QStringLiteral(", ")), Qt::ElideRight, text.width());
    painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter, shown);
}

void VersionDelegate::paintState(QPainter& painter, const QRect& box, const QModelIndex& index) const {
    const QString icon = index.data(VersionModel::StateIconRole).toString();
    if (icon.isEmpty()) return;
    const auto meaning = static_cast<look::Meaning>(index.data(VersionModel::StateMeaningRole).toInt());
    const int size = look::px(look::Size::Icon);
    const QRect place(box.left() + 4, box.center().y() + 1 - size / 2, size, size);
    const QColor ink =
        meaning == look::Meaning::Neutral ? look::color(look::Color::TextTertiary) : look::tokens().mark(meaning);
    look::IconSet::instance().paint(painter, icon, place, ink);
}

}  // namespace hindcast::versions
