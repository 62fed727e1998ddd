// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/timeline/timeline_access.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QHash>

#include "widgets/timeline/timeline_view.h"

namespace hindcast::timeline {

namespace {

/// One painted cell. Lives as long as its table; knows its place, asks the view for the rest.
class CellAccess : public QAccessibleInterface, public QAccessibleTableCellInterface {
public:
    CellAccess(TimelineView* view, int row, int column) : m_view(view), m_row(row), m_column(column) {}

    bool isValid() const override { return m_view && m_view->model() && m_row < m_view->model()->versionCount(); }
    QObject* object() const override { return nullptr; }
    QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    QAccessibleInterface* parent() const override { return QAccessible::queryAccessibleInterface(m_view); }
    QAccessibleInterface* child(int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    QString text(QAccessible::Text kind) const override {
        return kind == QAccessible::Name ? m_view->describe(m_row, m_column) : QString();
    }
    void setText(QAccessible::Text, const QString&) override {}
    QRect rect() const override {
        const TimelineLayout& layout = m_view->layoutNow();
        const QRectF row = layout.rowRect(m_row);
        const QRectF box(layout.iterationX(m_column), row.top(), layout.perIteration, row.height());
        const QRect local = box.toAlignedRect();
        return {m_view->viewport()->mapToGlobal(local.topLeft()), local.size()};
    }
    QAccessible::Role role() const override { return QAccessible::Cell; }
    QAccessible::State state() const override {
        QAccessible::State state;
        state.selectable = true;
        state.selected = isSelected();
        return state;
    }
    void* interface_cast(QAccessible::InterfaceType type) override {
        return type == QAccessible::TableCellInterface ? static_cast<QAccessibleTableCellInterface*>(this) : nullptr;
    }
    bool isSelected() const override { return m_view->selectedRow() == m_row; }
    QList<QAccessibleInterface*> columnHeaderCells() const override { return {}; }
    QList<QAccessibleInterface*> rowHeaderCells() const override { return {}; }
    int columnIndex() const override { return m_column; }
    int rowIndex() const override { return m_row; }
    int columnExtent() const override { return 1; }
    int rowExtent() const override { return 1; }
    QAccessibleInterface* table() const override { return parent(); }

private:
    QPointer<TimelineView> m_view;
    int m_row;
    int m_column;
};

class TimelineAccess : public QAccessibleWidget, public QAccessibleTableInterface {
public:
    explicit TimelineAccess(TimelineView* view) : QAccessibleWidget(view, QAccessible::Table), m_view(view) {}
    ~TimelineAccess() override {
        for (const QAccessible::Id id : std::as_const(m_cells)) QAccessible::deleteAccessibleInterface(id);
    }

    void* interface_cast(QAccessible::InterfaceType type) override {
        if (type == QAccessible::TableInterface) return static_cast<QAccessibleTableInterface*>(this);
        return QAccessibleWidget::interface_cast(type);
    }
    QString text(QAccessible::Text kind) const override {
        if (kind == QAccessible::Value)
            return m_view->describe(std::max(0, m_view->selectedRow()), static_cast<int>(m_view->cursor()));
        return QAccessibleWidget::text(kind);
    }
    int childCount() const override { return rowCount() * columnCount(); }
    QAccessibleInterface* child(int index) const override {
        return columnCount() > 0 ? cellAt(index / columnCount(), index % columnCount()) : nullptr;
    }
    QAccessibleInterface* cellAt(int row, int column) const override {
        if (row < 0 || column < 0 || row >= rowCount() || column >= columnCount()) return nullptr;
        const int key = row * columnCount() + column;
        if (!m_cells.contains(key))
            m_cells.insert(key, QAccessible::registerAccessibleInterface(new CellAccess(m_view, row, column)));
        return QAccessible::accessibleInterface(m_cells.value(key));
    }
    int rowCount() const override { return m_view->layoutNow().rows; }
    int columnCount() const override { return m_view->layoutNow().iterations; }
    QAccessibleInterface* caption() const override { return nullptr; }
    QAccessibleInterface* summary() const override { return nullptr; }
    QString columnDescription(int column) const override {
        return m_view->iterationName() + QLatin1Char(' ') + QString::number(column);
    }
    QString rowDescription(int row) const override {
        return m_view->model() ? m_view->model()->row(row).label : QString();
    }
    int selectedCellCount() const override { return 0; }
    QList<QAccessibleInterface*> selectedCells() const override { return {}; }
    int selectedColumnCount() const override { return 0; }
    int selectedRowCount() const override { return m_view->selectedRow() >= 0 ? 1 : 0; }
    QList<int> selectedColumns() const override { return {}; }
    QList<int> selectedRows() const override {
        return m_view->selectedRow() >= 0 ? QList<int>{m_view->selectedRow()} : QList<int>{};
    }
    bool isColumnSelected(int) const override { return false; }
    bool isRowSelected(int row) const override { return m_view->selectedRow() == row; }
    bool selectRow(int row) override {
        m_view->setSelectedRow(row);
        return true;
    }
    bool selectColumn(int) override { return false; }
    bool unselectRow(int) override { return false; }
    bool unselectColumn(int) override { return false; }
    void modelChange(QAccessibleTableModelChangeEvent*) override {}

private:
    TimelineView* m_view;
    mutable QHash<int, QAccessible::Id> m_cells;
};

QAccessibleInterface* makeAccess(const QString& className, QObject* object) {
    Q_UNUSED(className)
    auto* view = qobject_cast<TimelineView*>(object);
    return view ? new TimelineAccess(view) : nullptr;
}

}  // namespace

void installTimelineAccess() {
    static const bool done = [] {
        QAccessible::installFactory(makeAccess);
        return true;
    }();
    Q_UNUSED(done)
}

}  // namespace hindcast::timeline
