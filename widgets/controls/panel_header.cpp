// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/panel_header.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

#include "widgets/controls/header_tabs.h"
#include "widgets/look/theme.h"

namespace hindcast::controls {

PanelHeader::PanelHeader(const QString& title, QWidget* parent)
    : QWidget(parent), m_layout(new QHBoxLayout(this)), m_title(new QLabel(title, this)), m_count(new QLabel(this)) {
    m_layout->setContentsMargins(12, 0, 6, 0);
    m_layout->setSpacing(look::px(look::Size::DockGap));
    m_title->setFont(look::font(look::TextRole::Strong));
    m_count->setFont(look::font(look::TextRole::Label, QFont::Normal));
    look::setStyleProperty(m_count, "role", QStringLiteral("tertiary"));
    m_count->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_count->hide();
    m_layout->addWidget(m_title);
    m_layout->addWidget(m_count, 1);
    m_layout->addStretch(0);
    setFixedHeight(look::rowHeight(look::Size::DockHeader, m_title->fontMetrics()));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAccessibleName(title);
}

void PanelHeader::setTitle(const QString& title) {
    m_title->setText(title);
    setAccessibleName(title);
}

QString PanelHeader::title() const {
    return m_title->text();
}

void PanelHeader::setCountText(const QString& text) {
    m_countText = text;
    m_count->setVisible(!text.isEmpty());
    elideCount();
}

QString PanelHeader::countText() const {
    return m_countText;
}

void PanelHeader::elideCount() {
    const int room = m_count->width() > 0 ? m_count->width() : width() / 2;
    m_count->setText(m_count->fontMetrics().elidedText(m_countText, Qt::ElideRight, room));
    m_count->setToolTip(m_count->text() == m_countText ? QString() : m_countText);
}

QToolButton* PanelHeader::addTool(QAction* action) {
    auto* button = new QToolButton(this);
    button->setDefaultAction(action);
    button->setIconSize(QSize(look::px(look::Size::Icon), look::px(look::Size::Icon)));
    button->setFixedSize(look::px(look::Size::HitMin), look::px(look::Size::HitMin));
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    const auto describe = [button, action] { button->setAccessibleName(action->iconText()); };
    describe();
    connect(action, &QAction::changed, button, describe);
    addToolWidget(button);
    return button;
}

void PanelHeader::addToolWidget(QWidget* widget) {
    m_layout->addWidget(widget, 0, Qt::AlignVCenter);
}

void PanelHeader::setTabs(const QStringList& titles) {
    if (!m_tabs) {
        m_tabs = new HeaderTabs(this);
        m_layout->insertWidget(0, m_tabs);
        m_layout->setContentsMargins(2, 0, 6, 0);
        m_title->hide();
        connect(m_tabs, &HeaderTabs::chosen, this, &PanelHeader::tabChosen);
    }
    m_tabs->setTitles(titles);
}

int PanelHeader::currentTab() const {
    return m_tabs ? m_tabs->current() : -1;
}

void PanelHeader::setCurrentTab(int index) {
    if (m_tabs) m_tabs->setCurrent(index);
}

void PanelHeader::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    elideCount();
}

}  // namespace hindcast::controls
