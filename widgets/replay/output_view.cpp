// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/replay/output_view.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"

namespace hindcast::replay {

OutputView::OutputView(QWidget* parent) : QWidget(parent), m_title(new QLabel), m_text(new QPlainTextEdit) {
    m_title->setFont(look::font(look::TextRole::Caption, QFont::Medium));
    m_text->setReadOnly(true);
    m_text->setFont(look::monoFont(look::TextRole::Caption));
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setAccessibleName(tr("Output of the worker"));
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setTabChangesFocus(true);
    auto* close = new QToolButton;
    close->setIcon(look::IconSet::instance().icon(QStringLiteral("close")));
    close->setToolTip(tr("Close"));
    close->setAccessibleName(tr("Close"));
    connect(close, &QToolButton::clicked, this, &QWidget::hide);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(12, 0, 4, 0);
    head->addWidget(m_title, 1);
    head->addWidget(close);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 1, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(m_text, 1);
    hide();
}

void OutputView::showOutput(const QString& title, const QString& text) {
    m_title->setText(title);
    m_text->setPlainText(text.isEmpty() ? tr("It printed nothing.") : text);
    m_text->verticalScrollBar()->setValue(m_text->verticalScrollBar()->maximum());
    show();
    m_text->setFocus(Qt::OtherFocusReason);
}

void OutputView::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) return hide();
    QWidget::keyPressEvent(event);
}

void OutputView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(QRect(0, 0, width(), 1), look::color(look::Color::LineHair));
}

}  // namespace hindcast::replay
