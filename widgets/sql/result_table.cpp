// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sql/result_table.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <algorithm>

#include "widgets/look/number_painter.h"
#include "widgets/look/theme.h"
#include "widgets/sql/result_model.h"

namespace hindcast::sql {

namespace {
constexpr int kPad = 8;
constexpr int kLeastWidth = 64;
constexpr int kMostWidth = 360;
constexpr int kRowsMeasured = 60;

class ResultDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const auto kind = static_cast<query::CellKind>(index.data(ResultModel::KindRole).toInt());
        const bool absent = kind == query::CellKind::Missing || kind == query::CellKind::Replayable;
        const bool number = index.data(ResultModel::NumberRole).toBool();
        const bool right =
            number ||
            (absent && (index.model()->headerData(index.column(), Qt::Horizontal, Qt::TextAlignmentRole).toInt() &
                        Qt::AlignRight) != 0);
        painter->save();
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, look::color(look::Color::SurfaceSelected));
        else if (option.state & QStyle::State_MouseOver)
            painter->fillRect(option.rect, look::color(look::Color::SurfaceHover));
        painter->setFont(look::font(absent ? look::TextRole::Caption : look::TextRole::Body));
        painter->setPen(look::color(absent || kind == query::CellKind::None ? look::Color::TextTertiary
                                                                            : look::Color::TextPrimary));
        const QRect box = option.rect.adjusted(kPad, 0, -kPad, 0);
        const QString text = index.data().toString();
        if (number) {
            look::NumberPainter(painter->font()).draw(*painter, box, Qt::AlignRight | Qt::AlignVCenter, text);
        } else {
            painter->drawText(box, (right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter,
                              painter->fontMetrics().elidedText(text, Qt::ElideRight, box.width()));
        }
        painter->restore();
    }
};
}  // namespace

ResultTable::ResultTable(ResultModel& model, QWidget* parent) : QTableView(parent), m_model(model) {
    setObjectName(QStringLiteral("sqlResult"));
    setAccessibleName(tr("Result of the query"));
    setModel(&model);
    setItemDelegate(new ResultDelegate(this));
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setMouseTracking(true);
    setSelectionMode(QAbstractItemView::ContiguousSelection);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(look::rowHeight(look::Size::ListRow, fontMetrics()));
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setMinimumSectionSize(kLeastWidth);
    connect(&model, &QAbstractItemModel::modelReset, this, &ResultTable::fitColumns);
    fitColumns();
}

/// As wide as the first rows need; measuring a million would take longer than the query.
void ResultTable::fitColumns() {
    const look::NumberPainter numbers(look::font(look::TextRole::Body));
    const QFontMetrics words(look::font(look::TextRole::Body));
    const QFontMetrics titles(look::font(look::TextRole::Caption, QFont::Medium));
    const int rows = std::min(m_model.rowCount(), kRowsMeasured);
    for (int column = 0; column < m_model.columnCount(); ++column) {
        int width = titles.horizontalAdvance(m_model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        for (int row = 0; row < rows; ++row) {
            const QModelIndex index = m_model.index(row, column);
            const QString text = index.data().toString();
            const int wide = index.data(ResultModel::NumberRole).toBool() ? static_cast<int>(numbers.width(text)) + 1
                                                                          : words.horizontalAdvance(text);
            width = std::max(width, wide);
        }
        setColumnWidth(column, std::clamp(width + 3 * kPad, kLeastWidth, kMostWidth));
    }
}

void ResultTable::copy(bool named) const {
    QItemSelectionRange range;
    if (!selectionModel()->selection().isEmpty()) range = selectionModel()->selection().front();
    const bool all = !range.isValid();
    const int top = all ? 0 : range.top();
    const int bottom = all ? m_model.rowCount() - 1 : range.bottom();
    const int left = all ? 0 : range.left();
    const int right = all ? m_model.columnCount() - 1 : range.right();
    QString text;
    for (int row = named ? top - 1 : top; row <= bottom; ++row) {
        for (int column = left; column <= right; ++column) {
            if (column > left) text += QLatin1Char('\t');
            text += row < top ? m_model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString()
                              : m_model.copied(m_model.index(row, column));
        }
        text += QLatin1Char('\n');
    }
    QGuiApplication::clipboard()->setText(text);
}

bool ResultTable::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->matches(QKeySequence::Copy) || key->matches(QKeySequence::SelectAll)) {
            event->accept();
            return true;
        }
    }
    return QTableView::event(event);
}

void ResultTable::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) return copy(false);
    QTableView::keyPressEvent(event);
}

}  // namespace hindcast::sql
