// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/controls/elided_label.h"

#include <QResizeEvent>

namespace hindcast::controls {

ElidedLabel::ElidedLabel(QWidget* parent) : QLabel(parent) {
    setTextFormat(Qt::PlainText);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
}

void ElidedLabel::setWhole(const QString& text, const QString& explanation) {
    m_whole = text;
    m_explanation = explanation;
    setAccessibleName(text);
    elide();
}

void ElidedLabel::resizeEvent(QResizeEvent* event) {
    QLabel::resizeEvent(event);
    elide();
}

void ElidedLabel::elide() {
    const QString shown = fontMetrics().elidedText(m_whole, Qt::ElideRight, width());
    setText(shown);
    QStringList said;
    if (shown != m_whole) said.append(m_whole);
    if (!m_explanation.isEmpty()) said.append(m_explanation);
    setToolTip(said.join(QLatin1Char('\n')));
}

}  // namespace hindcast::controls
