// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/chart/chart_access.h"

#include <QAccessible>
#include <QAccessibleWidget>

#include "widgets/chart/chart_view.h"
#include "widgets/look/time_cursor.h"

namespace hindcast::chart {

namespace {

class ChartAccess : public QAccessibleWidget, public QAccessibleValueInterface {
public:
    explicit ChartAccess(ChartView* view) : QAccessibleWidget(view, QAccessible::Chart), m_view(view) {}

    void* interface_cast(QAccessible::InterfaceType type) override {
        if (type == QAccessible::ValueInterface) return static_cast<QAccessibleValueInterface*>(this);
        return QAccessibleWidget::interface_cast(type);
    }
    QString text(QAccessible::Text kind) const override {
        if (kind == QAccessible::Value) return m_view->describeCursor();
        return QAccessibleWidget::text(kind);
    }
    QVariant currentValue() const override { return m_view->cursor(); }
    void setCurrentValue(const QVariant& value) override { m_view->moveCursor(value.toDouble()); }
    QVariant maximumValue() const override { return m_view->xRange().high; }
    QVariant minimumValue() const override { return m_view->xRange().low; }
    QVariant minimumStepSize() const override { return 1.0; }

private:
    ChartView* m_view;
};

QAccessibleInterface* makeAccess(const QString& className, QObject* object) {
    Q_UNUSED(className)
    auto* view = qobject_cast<ChartView*>(object);
    return view ? new ChartAccess(view) : nullptr;
}

}  // namespace

void installChartAccess() {
    static const bool done = [] {
        QAccessible::installFactory(makeAccess);
        return true;
    }();
    Q_UNUSED(done)
}

}  // namespace hindcast::chart
