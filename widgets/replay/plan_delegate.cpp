// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/replay/plan_delegate.h"

#include <QPainter>

#include "widgets/controls/badge.h"
#include "widgets/controls/confidence_meter.h"
#include "widgets/look/number_painter.h"
#include "widgets/look/theme.h"
#include "widgets/models/plan_model.h"
#include "widgets/models/view_values.h"

namespace hindcast::replay {

using models::PlanModel;

namespace {
constexpr int kPad = 8;
}

void PlanDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    painter->save();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, look::color(look::Color::SurfaceSelected));
    else if (option.state & QStyle::State_MouseOver)
        painter->fillRect(option.rect, look::color(look::Color::SurfaceHover));
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
                      look::color(look::Color::LineHair));
    const bool runs = index.data(PlanModel::RunsRole).toBool();
    const QRect box = option.rect.adjusted(kPad, 0, -kPad, -1);
    const int column = index.column();
    const QVariant placement = index.data(PlanModel::PlacementRole);
    if (column == PlanModel::Placement && placement.isValid()) {
        controls::paintBadge(
            *painter, box,
            controls::badgeOf(models::lookPlacement(static_cast<workspace::PlacementKind>(placement.toInt()))));
    } else if (column == PlanModel::Confidence) {
        const QVariant confidence = index.data(PlanModel::ConfidenceRole);
        controls::paintConfidence(*painter, box,
                                  confidence.isValid() ? std::optional(confidence.toDouble()) : std::nullopt);
    } else {
        const bool number = column == PlanModel::Iterations || column == PlanModel::Time;
        painter->setFont(look::font(column == PlanModel::Version ? look::TextRole::Strong : look::TextRole::Body));
        const bool quiet = !runs || column == PlanModel::Why || column == PlanModel::From;
        painter->setPen(look::color(column == PlanModel::Version ? look::Color::TextPrimary
                                    : quiet                      ? look::Color::TextSecondary
                                                                 : look::Color::TextPrimary));
        const auto align = (number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
        const QString text = painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, box.width());
        if (column == PlanModel::Why)
            painter->drawText(box, align, text);
        else
            look::NumberPainter(painter->font()).draw(*painter, box, align, text);
    }
    painter->restore();
}

}  // namespace hindcast::replay
