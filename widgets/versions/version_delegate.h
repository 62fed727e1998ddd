// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace hindcast::versions {

/// Width at the left edge of the first column in which a click toggles the emphasis.
inline constexpr int kSwatchWidth = 26;

/// Paints the versions table: colour swatch, name and tag, quiet date, tabular numbers, state icon.
class VersionDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintName(QPainter& painter, const QRect& box, const QModelIndex& index) const;
    void paintState(QPainter& painter, const QRect& box, const QModelIndex& index) const;
};

}  // namespace hindcast::versions
