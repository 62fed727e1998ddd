// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/header_tabs.h"

#include <QFontMetrics>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include "widgets/look/theme.h"

namespace hindcast::controls {

namespace {
constexpr int kPad = 10;
}

HeaderTabs::HeaderTabs(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
}

void HeaderTabs::setTitles(const QStringList& titles) {
    m_titles = titles;
    m_current = titles.isEmpty() ? 0 : std::min(m_current, static_cast<int>(titles.size()) - 1);
    setAccessibleName(m_titles.value(m_current));
    updateGeometry();
    update();
}

void HeaderTabs::setCurrent(int index) {
    if (index < 0 || index >= m_titles.size() || index == m_current) return;
    m_current = index;
    setAccessibleName(m_titles.value(m_current));
    update();
    Q_EMIT chosen(index);
}

int HeaderTabs::tabWidth(int index) const {
    const QFontMetrics metrics(look::font(look::TextRole::Strong));
    return metrics.horizontalAdvance(m_titles.value(index)) + 2 * kPad;
}

QSize HeaderTabs::sizeHint() const {
    int total = 0;
    for (int i = 0; i < m_titles.size(); ++i) total += tabWidth(i);
    return {total, look::px(look::Size::DockHeader)};
}

void HeaderTabs::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    int x = 0;
    for (int i = 0; i < m_titles.size(); ++i) {
        const bool on = i == m_current;
        const QRect box(x, 0, tabWidth(i), height());
        painter.setFont(on ? look::font(look::TextRole::Strong) : look::font(look::TextRole::Body, QFont::Medium));
        painter.setPen(look::color(on ? look::Color::TextPrimary : look::Color::TextSecondary));
        painter.drawText(box, Qt::AlignCenter, m_titles.at(i));
        if (on)
            painter.fillRect(QRect(box.left() + kPad, height() - 2, box.width() - 2 * kPad, 2),
                             look::color(look::Color::Accent));
        x += box.width();
    }
}

void HeaderTabs::mousePressEvent(QMouseEvent* event) {
    int x = 0;
    for (int i = 0; i < m_titles.size(); ++i) {
        x += tabWidth(i);
        if (event->position().x() < x) {
            setCurrent(i);
            return;
        }
    }
}

void HeaderTabs::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Left) return setCurrent(m_current - 1);
    if (event->key() == Qt::Key_Right) return setCurrent(m_current + 1);
    QWidget::keyPressEvent(event);
}

}  // namespace hindcast::controls
