// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/empty_state.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/controls/panel_bars.h"
#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"

namespace hindcast::controls {

namespace {
constexpr int kTop = 20;
constexpr int kTextLeft = 48;
constexpr int kMaxTextWidth = 360;
}  // namespace

EmptyState::EmptyState(const QString& icon, const QString& line, const QString& hint, QWidget* parent)
    : QWidget(parent), m_icon(icon), m_line(new QLabel(this)), m_hint(new QLabel(this)), m_buttons(new QHBoxLayout) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kTextLeft, kTop, 12, 12);
    layout->setSpacing(4);
    m_line->setFont(look::font(look::TextRole::Body, QFont::Medium));
    m_hint->setFont(look::font(look::TextRole::Label, QFont::Normal));
    look::setStyleProperty(m_hint, "role", QStringLiteral("secondary"));
    for (QLabel* label : {m_line, m_hint}) {
        label->setWordWrap(true);
        label->setMaximumWidth(kMaxTextWidth);
        layout->addWidget(label);
    }
    m_buttons->setContentsMargins(0, 8, 0, 0);
    m_buttons->setSpacing(look::px(look::Size::DockGap));
    m_buttons->addStretch(1);
    layout->addLayout(m_buttons);
    layout->addStretch(1);
    setTexts(line, hint);
}

void EmptyState::setTexts(const QString& line, const QString& hint) {
    m_line->setText(line);
    m_hint->setText(hint);
    m_hint->setVisible(!hint.isEmpty());
    setAccessibleName(line);
    setAccessibleDescription(hint);
}

void EmptyState::addAction(QAction* action) {
    auto* button = new QPushButton(this);
    look::setStyleProperty(button, "sizing", QStringLiteral("small"));
    bindButton(button, action);
    m_buttons->insertWidget(m_buttons->count() - 1, button);
}

void EmptyState::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const int side = look::px(look::Size::IconLarge);
    look::IconSet::instance().paint(painter, m_icon, QRect(16, kTop - 1, side, side), look::Color::TextTertiary);
}

}  // namespace hindcast::controls
