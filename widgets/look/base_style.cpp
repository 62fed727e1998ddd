// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/look/base_style.h"

#include <QPainter>
#include <QStyleOption>

#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"

namespace hindcast::look {

namespace {

constexpr int kIndicator = 16;
constexpr int kComboArrow = 22;
constexpr int kComboPad = 8;
constexpr int kTooltipDelayMs = 400;

void drawCheck(const QStyleOption& option, QPainter& painter) {
    const bool enabled = option.state.testFlag(QStyle::State_Enabled);
    const bool on = option.state.testFlag(QStyle::State_On);
    const bool partial = option.state.testFlag(QStyle::State_NoChange);
    const QRectF box = QRectF(QPointF(option.rect.center()) - QPointF(7, 7), QSizeF(15, 15));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    const Color fill = on || partial ? (enabled ? Color::Accent : Color::TextDisabled) : Color::SurfacePanel;
    painter.setBrush(color(fill));
    painter.setPen(QPen(color(on || partial ? fill : enabled ? Color::LineControl : Color::LineStrong), 1));
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    painter.setPen(QPen(color(Color::TextOnAccent), 1.75, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const QPointF c = box.center();
    if (partial)
        painter.drawLine(c + QPointF(-3.5, 0), c + QPointF(3.5, 0));
    else if (on)
        painter.drawPolyline(QPolygonF{c + QPointF(-3.5, 0.2), c + QPointF(-1, 2.7), c + QPointF(3.7, -2.6)});
    painter.restore();
}

void drawRadio(const QStyleOption& option, QPainter& painter) {
    const bool on = option.state.testFlag(QStyle::State_On);
    const QRectF box = QRectF(QPointF(option.rect.center()) - QPointF(7, 7), QSizeF(15, 15));
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(color(Color::SurfacePanel));
    painter.setPen(QPen(color(on ? Color::Accent : Color::LineControl), on ? 1.75 : 1));
    painter.drawEllipse(box.adjusted(1, 1, -1, -1));
    if (on) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(color(Color::Accent));
        painter.drawEllipse(box.center(), 3.5, 3.5);
    }
    painter.restore();
}

void drawArrow(const char* icon, const QStyleOption& option, QPainter& painter) {
    const bool enabled = option.state.testFlag(QStyle::State_Enabled);
    const int size = std::min({14, option.rect.width(), option.rect.height()});
    QRect box(0, 0, size, size);
    box.moveCenter(option.rect.center());
    IconSet::instance().paint(painter, QString::fromLatin1(icon), box,
                              enabled ? Color::TextTertiary : Color::TextDisabled);
}

}  // namespace

BaseStyle::BaseStyle() : QProxyStyle(QStringLiteral("Fusion")) {}

void BaseStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                              const QWidget* widget) const {
    switch (element) {
        case PE_IndicatorCheckBox:
        case PE_IndicatorItemViewItemCheck:
            drawCheck(*option, *painter);
            return;
        case PE_IndicatorRadioButton:
            drawRadio(*option, *painter);
            return;
        case PE_IndicatorArrowDown:
            drawArrow("chevron-down", *option, *painter);
            return;
        case PE_IndicatorArrowRight:
            drawArrow("chevron-right", *option, *painter);
            return;
        case PE_IndicatorBranch:
            if (option->state.testFlag(State_Children))
                drawArrow(option->state.testFlag(State_Open) ? "chevron-down" : "chevron-right", *option, *painter);
            return;
        case PE_FrameFocusRect:
            return;
        default:
            QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void BaseStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                                   const QWidget* widget) const {
    if (control != CC_ComboBox) return QProxyStyle::drawComplexControl(control, option, painter, widget);
    const bool enabled = option->state.testFlag(State_Enabled);
    const bool focused = option->state.testFlag(State_HasFocus);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const double width = focused ? px(Size::FocusRing) : 1;
    const Color edge = !enabled ? Color::LineHair : focused ? Color::Focus : Color::LineControl;
    painter->setPen(QPen(color(edge), width));
    painter->setBrush(color(Color::SurfacePanel));
    const double inset = width / 2;
    const double radius = px(Size::RadiusControl);
    painter->drawRoundedRect(QRectF(option->rect).adjusted(inset, inset, -inset, -inset), radius, radius);
    painter->restore();
    QStyleOption arrow = *option;
    arrow.rect = QRect(option->rect.right() - kComboArrow, option->rect.top(), kComboArrow, option->rect.height());
    drawArrow("chevron-down", arrow, *painter);
}

QRect BaseStyle::subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part,
                                const QWidget* widget) const {
    if (control == CC_ComboBox && part == SC_ComboBoxEditField)
        return option->rect.adjusted(kComboPad - 2, 1, -kComboArrow, -1);
    return QProxyStyle::subControlRect(control, option, part, widget);
}

QSize BaseStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& contents,
                                  const QWidget* widget) const {
    QSize size = QProxyStyle::sizeFromContents(type, option, contents, widget);
    if (type == CT_ComboBox) {
        size.setHeight(std::max(px(Size::Field), contents.height() + 8));
        size.rwidth() += kComboPad;
    }
    return size;
}

int BaseStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                         QStyleHintReturn* returnData) const {
    switch (hint) {
        case SH_ToolTip_WakeUpDelay:
            return kTooltipDelayMs;
        case SH_UnderlineShortcut:
            return 0;
        case SH_ItemView_ShowDecorationSelected:
            return 1;
        case SH_Table_GridLineColor:
            return static_cast<int>(color(Color::LineHair).rgba());
        default:
            return QProxyStyle::styleHint(hint, option, widget, returnData);
    }
}

int BaseStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const {
    switch (metric) {
        case PM_IndicatorWidth:
        case PM_IndicatorHeight:
        case PM_ExclusiveIndicatorWidth:
        case PM_ExclusiveIndicatorHeight:
            return kIndicator;
        case PM_SmallIconSize:
        case PM_ButtonIconSize:
        case PM_ToolBarIconSize:
            return px(Size::Icon);
        default:
            return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

}  // namespace hindcast::look
