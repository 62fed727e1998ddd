// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/versions/metric_list.h"

#include <QApplication>
#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <algorithm>

#include "widgets/controls/badge.h"
#include "widgets/look/theme.h"
#include "widgets/models/name_model.h"
#include "widgets/models/project.h"

namespace hindcast::versions {

using models::NameModel;

namespace {
constexpr int kPad = 12;
constexpr int kBox = 16;
constexpr int kMostRows = 8;

class MetricDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override {
        return {100, look::rowHeight(look::Size::ListRow, option.fontMetrics)};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        painter->save();
        if (option.state & (QStyle::State_MouseOver | QStyle::State_HasFocus)) {
            painter->fillRect(option.rect, look::color(look::Color::SurfaceHover));
        }
        paintBox(*painter, option, index);
        QRect rest = option.rect.adjusted(kPad + kBox + 8, 0, -kPad, 0);
        if (index.data(NameModel::ReplayedRole).toBool()) {
            const auto badge = controls::badgeOf(look::Source::Replayed);
            const int width = controls::badgeSize(badge).width();
            controls::paintBadge(*painter, QRect(rest.right() - width + 1, rest.top(), width, rest.height()), badge);
            rest.setRight(rest.right() - width - 8);
        }
        painter->setFont(look::monoFont(look::TextRole::Label));
        const bool enabled = option.state & QStyle::State_Enabled;
        painter->setPen(look::color(enabled ? look::Color::TextPrimary : look::Color::TextDisabled));
        const QString name = painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideMiddle, rest.width());
        painter->drawText(rest, Qt::AlignLeft | Qt::AlignVCenter, name);
        rest.setLeft(rest.left() + painter->fontMetrics().horizontalAdvance(name) + 8);
        painter->setFont(look::font(look::TextRole::Caption));
        painter->setPen(look::color(look::Color::TextTertiary));
        const QString level = index.data(NameModel::LevelRole).toString();
        if (painter->fontMetrics().horizontalAdvance(level) <= rest.width())
            painter->drawText(rest, Qt::AlignLeft | Qt::AlignVCenter, level);
        painter->restore();
    }

    bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem&,
                     const QModelIndex& index) override {
        // The whole row toggles, not only the box: the target is then as large as it looks.
        const bool click = event->type() == QEvent::MouseButtonRelease;
        const bool space = event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Space;
        if ((!click && !space) || !(model->flags(index) & Qt::ItemIsUserCheckable)) return false;
        const bool on = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
        return model->setData(index, on ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
    }

private:
    static void paintBox(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index) {
        QStyleOptionButton box;
        box.rect = QRect(option.rect.left() + kPad, option.rect.center().y() - kBox / 2 + 1, kBox, kBox);
        const bool on = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
        box.state = (option.state & QStyle::State_Enabled) | (on ? QStyle::State_On : QStyle::State_Off);
        QApplication::style()->drawPrimitive(QStyle::PE_IndicatorCheckBox, &box, &painter);
    }
};
}  // namespace

MetricList::MetricList(models::Project& project, QWidget* parent) : QListView(parent) {
    setObjectName(QStringLiteral("metrics"));
    setAccessibleName(tr("Metrics on the charts"));
    setModel(new models::NameModel(project, this));
    setItemDelegate(new MetricDelegate(this));
    setMouseTracking(true);
    setUniformItemSizes(true);
    setVerticalScrollMode(ScrollPerPixel);
    setEditTriggers(NoEditTriggers);
    connect(model(), &QAbstractItemModel::modelReset, this, &MetricList::updateGeometry);
}

QSize MetricList::sizeHint() const {
    const int rows = std::clamp(model()->rowCount(), 1, kMostRows);
    return {200, rows * look::rowHeight(look::Size::ListRow, fontMetrics()) + 8};
}

QSize MetricList::minimumSizeHint() const {
    return {120, 2 * look::px(look::Size::ListRow)};
}

}  // namespace hindcast::versions
