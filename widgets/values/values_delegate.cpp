// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/values/values_delegate.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include "widgets/controls/badge.h"
#include "widgets/look/number_painter.h"
#include "widgets/look/series_ink.h"
#include "widgets/models/values_model.h"

namespace hindcast::values {

using models::ValuesModel;

namespace {
constexpr int kPad = 12;
constexpr double kMark = 3.5;

bool checked(const QVariant& fidelity) {
    if (!fidelity.isValid()) return true;
    const auto value = static_cast<look::Fidelity>(fidelity.toInt());
    return value != look::Fidelity::Unverified && value != look::Fidelity::Diverged;
}

QList<controls::BadgeText> badges(const QModelIndex& index) {
    QList<controls::BadgeText> all;
    const QVariant source = index.data(ValuesModel::SourceRole);
    if (!source.isValid()) return all;
    const auto from = static_cast<look::Source>(source.toInt());
    all.append(controls::badgeOf(from));
    const QVariant fidelity = index.data(ValuesModel::FidelityRole);
    if (from == look::Source::Replayed && fidelity.isValid()) {
        all.append(controls::badgeOf(static_cast<look::Fidelity>(fidelity.toInt())));
    }
    return all;
}
}  // namespace

QString fidelityExplanation(int fidelity) {
    switch (static_cast<look::Fidelity>(fidelity)) {
        case look::Fidelity::Exact:
            return ValuesDelegate::tr(
                "✓ restored state  ✓ same path\n✓ recorded values came out again, bit for bit\n✓ state at the end is "
                "the same");
        case look::Fidelity::ExactLogs:
            return ValuesDelegate::tr(
                "✓ restored state  ✓ same path\n✓ recorded values came out again, bit for bit\n– no stored state at "
                "the end to compare");
        case look::Fidelity::Numeric:
            return ValuesDelegate::tr(
                "✓ restored state  ✓ same path\n≈ recorded values within the tolerance\n– other hardware or kernels "
                "than recorded");
        case look::Fidelity::Unverified:
            return ValuesDelegate::tr("– nothing recorded to compare with, or not checked yet");
        case look::Fidelity::Diverged:
            return ValuesDelegate::tr(
                "✗ recorded values came out differently;\nthese values are not shown unless asked for");
    }
    return QString();
}

void ValuesDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    painter->save();
    if (index.data(ValuesModel::HeadingRole).toBool()) {
        paintHeading(*painter, option.rect, index);
    } else if (index.column() == ValuesModel::Name) {
        paintVersion(*painter, option.rect, index);
    } else {
        paintNumber(*painter, option.rect, index);
    }
    painter->restore();
}

/// Headings span the row: only the first column's cell is asked to paint.
void ValuesDelegate::paintHeading(QPainter& painter, const QRect& row, const QModelIndex& index) const {
    if (index.row() > 0)
        painter.fillRect(QRect(row.left(), row.top(), row.width(), 1), look::color(look::Color::LineHair));
    QRect rest = row.adjusted(kPad, 2, -kPad, 0);
    const auto all = badges(index);
    const QString name = index.data().toString();
    const QFont face = look::monoFont(look::TextRole::Label);
    const int named = QFontMetrics(face).horizontalAdvance(name);
    for (auto badge = all.crbegin(); badge != all.crend(); ++badge) {
        const int width = controls::badgeSize(*badge).width();
        // The name comes before the source, which the marks of the rows tell too.
        if (badge != all.crbegin() && rest.width() - width - kPad < named) break;
        controls::paintBadge(painter, QRect(rest.right() - width + 1, rest.top(), width, rest.height()), *badge);
        rest.setRight(rest.right() - width - 6);
    }
    painter.setFont(face);
    painter.setPen(look::color(look::Color::TextPrimary));
    painter.drawText(rest, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(name, Qt::ElideMiddle, rest.width()));
}

void ValuesDelegate::paintVersion(QPainter& painter, const QRect& box, const QModelIndex& index) const {
    const look::SeriesInk ink{index.data(ValuesModel::SlotRole).toInt(), 1.0};
    const QVariant source = index.data(ValuesModel::SourceRole);
    const QVariant fidelity = index.data(ValuesModel::FidelityRole);
    painter.setRenderHint(QPainter::Antialiasing);
    if (source.isValid()) {
        const auto from = static_cast<look::Source>(source.toInt());
        const auto how = fidelity.isValid() ? static_cast<look::Fidelity>(fidelity.toInt()) : look::Fidelity::Exact;
        look::paintMark(painter, QPointF(box.left() + kPad + 4, box.center().y() + 0.5), kMark, from, how,
                        look::color(ink));
    } else {
        painter.fillRect(QRectF(box.left() + kPad, box.center().y() - 1, 8, 3), look::color(ink));
    }
    const bool current = index.data(ValuesModel::CurrentRole).toBool();
    painter.setFont(look::font(current ? look::TextRole::Strong : look::TextRole::Body));
    painter.setPen(look::color(look::Color::TextPrimary));
    const look::NumberPainter numbers(painter.font());
    numbers.draw(painter, box.adjusted(kPad + 18, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, index.data().toString());
}

void ValuesDelegate::paintNumber(QPainter& painter, const QRect& box, const QModelIndex& index) const {
    const bool main = index.column() == ValuesModel::AtCursor;
    const bool missing = main && !index.data(ValuesModel::MissingRole).toString().isEmpty();
    const bool current = index.data(ValuesModel::CurrentRole).toBool();
    painter.setFont(look::font(main && current && !missing ? look::TextRole::Strong
                               : missing                   ? look::TextRole::Caption
                                                           : look::TextRole::Body));
    const bool sure = checked(index.data(ValuesModel::FidelityRole));
    const bool quiet = missing || index.column() == ValuesModel::AtReference || !sure;
    painter.setPen(look::color(quiet ? look::Color::TextTertiary : look::Color::TextPrimary));
    const look::NumberPainter numbers(painter.font());
    numbers.draw(painter, box.adjusted(0, 0, -kPad, 0), Qt::AlignRight | Qt::AlignVCenter, index.data().toString());
}

bool ValuesDelegate::helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                               const QModelIndex& index) {
    if (event->type() != QEvent::ToolTip) return QStyledItemDelegate::helpEvent(event, view, option, index);
    const QVariant fidelity = index.data(ValuesModel::FidelityRole);
    const bool replayed = index.data(ValuesModel::SourceRole).toInt() == static_cast<int>(look::Source::Replayed);
    QToolTip::showText(event->globalPos(),
                       fidelity.isValid() && replayed ? fidelityExplanation(fidelity.toInt()) : QString(), view);
    return true;
}

}  // namespace hindcast::values
