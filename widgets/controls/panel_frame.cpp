// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/panel_frame.h"

#include <QPainter>
#include <QPainterPath>
#include <QVBoxLayout>

#include "widgets/controls/panel_bars.h"
#include "widgets/controls/panel_header.h"
#include "widgets/look/theme.h"

namespace hindcast::controls {

PanelFrame::PanelFrame(const QString& title, QWidget* parent)
    : QFrame(parent),
      m_layout(new QVBoxLayout(this)),
      m_header(new PanelHeader(title, this)),
      m_loading(new LoadingLine(this)),
      m_banner(new BannerBar(this)),
      m_footer(new FooterBar(this)) {
    // One pixel for the hairline; two at the bottom, so that square children do not paint over the round corners.
    m_layout->setContentsMargins(1, 1, 1, 2);
    m_layout->setSpacing(0);
    m_layout->addWidget(m_header);
    m_layout->addSpacing(1);
    m_layout->addWidget(m_loading);
    m_layout->addWidget(m_banner);
    m_layout->addStretch(0);
    m_layout->addWidget(m_footer);
    m_loading->hide();
    connect(&look::Theme::instance(), &look::Theme::changed, this, qOverload<>(&QWidget::update));
}

void PanelFrame::setContent(QWidget* content) {
    delete m_content;
    m_content = content;
    if (content) m_layout->insertWidget(m_layout->indexOf(m_footer), content, 1);
    showBody();
}

void PanelFrame::setPlaceholder(QWidget* placeholder) {
    delete m_placeholder;
    m_placeholder = placeholder;
    if (placeholder) m_layout->insertWidget(m_layout->indexOf(m_footer), placeholder, 1);
    showBody();
}

void PanelFrame::showBody() {
    if (m_content) m_content->setVisible(!m_placeholder);
}

void PanelFrame::setLoading(std::optional<double> part) {
    m_loading->setPart(part);
}

void PanelFrame::setFooter(const QString& text, QAction* action) {
    m_footer->setNote(text, action);
}

void PanelFrame::showBanner(look::Meaning meaning, const QString& sentence, QAction* action) {
    m_banner->show(meaning, sentence, action);
}

void PanelFrame::clearBanner() {
    m_banner->hide();
}

bool PanelFrame::hasBanner() const {
    return m_banner->isVisibleTo(this);
}

void PanelFrame::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double radius = look::px(look::Size::RadiusDock);
    painter.setPen(QPen(look::color(look::Color::LineHair), 1));
    painter.setBrush(look::color(look::Color::SurfacePanel));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
    painter.fillRect(QRect(1, m_header->geometry().bottom() + 1, width() - 2, 1), look::color(look::Color::LineHair));
}

}  // namespace hindcast::controls
