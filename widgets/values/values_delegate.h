// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace hindcast::values {

/// Paints the values at the cursor: heading rows with name and badges, value rows with mark, version and tabular
/// numbers.
class ValuesDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
                   const QModelIndex& index) override;

private:
    void paintHeading(QPainter& painter, const QRect& row, const QModelIndex& index) const;
    void paintVersion(QPainter& painter, const QRect& box, const QModelIndex& index) const;
    void paintNumber(QPainter& painter, const QRect& box, const QModelIndex& index) const;
};

/// What was checked for a fidelity, in words, for tooltips.
QString fidelityExplanation(int fidelity);

}  // namespace hindcast::values
