// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/wrap_layout.h"

#include <QWidget>
#include <algorithm>

namespace hindcast::controls {

WrapLayout::WrapLayout(int gap, QWidget* parent) : QLayout(parent) {
    setSpacing(gap);
    setContentsMargins(0, 0, 0, 0);
}

WrapLayout::~WrapLayout() {
    for (QLayoutItem* item : m_items) delete item;
}

void WrapLayout::addItem(QLayoutItem* item) {
    m_items.push_back(item);
}

QLayoutItem* WrapLayout::itemAt(int index) const {
    return index >= 0 && index < count() ? m_items[static_cast<std::size_t>(index)] : nullptr;
}

QLayoutItem* WrapLayout::takeAt(int index) {
    QLayoutItem* const item = itemAt(index);
    if (item) m_items.erase(m_items.begin() + index);
    return item;
}

QSize WrapLayout::sizeHint() const {
    QSize size;
    for (const QLayoutItem* item : m_items) {
        if (item->isEmpty()) continue;
        const QSize one = item->sizeHint();
        size = QSize(size.width() + (size.width() > 0 ? spacing() : 0) + one.width(),
                     std::max(size.height(), one.height()));
    }
    return size;
}

QSize WrapLayout::minimumSize() const {
    QSize size;
    for (const QLayoutItem* item : m_items) {
        if (!item->isEmpty()) size = size.expandedTo(item->minimumSize());
    }
    return size;
}

void WrapLayout::setGeometry(const QRect& box) {
    QLayout::setGeometry(box);
    arrange(box, true);
}

int WrapLayout::placeRow(std::size_t from, std::size_t to, const QPoint& at, int width, bool move) const {
    int height = 0;
    for (std::size_t i = from; i < to; ++i) {
        if (!m_items[i]->isEmpty()) height = std::max(height, m_items[i]->sizeHint().height());
    }
    int left = at.x();
    for (std::size_t i = from; move && i < to; ++i) {
        if (m_items[i]->isEmpty()) continue;
        QSize size = m_items[i]->sizeHint();
        size.setWidth(std::min(size.width(), width));
        m_items[i]->setGeometry(QRect(QPoint(left, at.y() + (height - size.height()) / 2), size));
        left += size.width() + spacing();
    }
    return height;
}

int WrapLayout::arrange(const QRect& box, bool move) const {
    int top = box.top();
    int right = 0;
    std::size_t from = 0;
    for (std::size_t i = 0; i < m_items.size(); ++i) {
        if (m_items[i]->isEmpty()) continue;
        const int width = m_items[i]->sizeHint().width();
        if (right > 0 && right + spacing() + width > box.width()) {
            top += placeRow(from, i, QPoint(box.left(), top), box.width(), move) + spacing();
            from = i;
            right = 0;
        }
        right += (right > 0 ? spacing() : 0) + width;
    }
    return top + placeRow(from, m_items.size(), QPoint(box.left(), top), box.width(), move) - box.top();
}

}  // namespace hindcast::controls
