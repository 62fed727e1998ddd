// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/look/focus_ring.h"

#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QFocusEvent>
#include <QLineEdit>
#include <QPainter>

#include "widgets/look/theme.h"

namespace hindcast::look {

namespace {

class Ring : public QWidget {
public:
    explicit Ring(QWidget* window) : QWidget(window) {
        setAttribute(Qt::WA_TransparentForMouseEvents);
        setAttribute(Qt::WA_NoSystemBackground);
        setFocusPolicy(Qt::NoFocus);
        setObjectName(QStringLiteral("focusRing"));
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(color(Color::Focus), px(Size::FocusRing)));
        const double radius = px(Size::RadiusControl) + px(Size::FocusOffset) + 1;
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), radius, radius);
    }
};

bool movedByKey(Qt::FocusReason reason) {
    return reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason || reason == Qt::ShortcutFocusReason;
}

bool showsOwnBorder(const QWidget* widget) {
    return qobject_cast<const QLineEdit*>(widget) || qobject_cast<const QAbstractSpinBox*>(widget) ||
           qobject_cast<const QComboBox*>(widget);
}

}  // namespace

FocusRing::FocusRing(QObject* parent) : QObject(parent) {
    qApp->installEventFilter(this);
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        if (m_ring) m_ring->update();
    });
}

FocusRing::~FocusRing() {
    delete m_ring;
}

QWidget* FocusRing::shownAround() const {
    return m_ring && m_ring->isVisible() ? m_target.data() : nullptr;
}

bool FocusRing::eventFilter(QObject* watched, QEvent* event) {
    switch (event->type()) {
        case QEvent::FocusIn: {
            auto* widget = qobject_cast<QWidget*>(watched);
            if (widget) follow(movedByKey(static_cast<QFocusEvent*>(event)->reason()) ? widget : nullptr);
            break;
        }
        case QEvent::FocusOut:
            if (watched == m_target) follow(nullptr);
            break;
        case QEvent::Move:
        case QEvent::Resize:
        case QEvent::Show:
        case QEvent::Hide:
            if (m_target && (watched == m_target || watched == m_target->parentWidget())) place();
            break;
        default:
            break;
    }
    return false;
}

void FocusRing::follow(QWidget* target) {
    m_target = target && !showsOwnBorder(target) ? target : nullptr;
    if (!m_target || (m_ring && m_ring->parentWidget() != m_target->window())) delete m_ring;
    if (!m_target) return;
    if (!m_ring) m_ring = new Ring(m_target->window());
    place();
}

void FocusRing::place() {
    if (!m_ring || !m_target) return;
    const int out = px(Size::FocusRing) + px(Size::FocusOffset);
    const QRect inWindow(m_target->mapTo(m_target->window(), QPoint(0, 0)), m_target->size());
    m_ring->setGeometry(inWindow.adjusted(-out, -out, out, out));
    m_ring->setVisible(m_target->isVisible());
    m_ring->raise();
}

}  // namespace hindcast::look
