// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>
#include <QObject>

#include "widgets/look/tokens.h"

class QFontMetrics;

namespace hindcast::look {

/// Text roles of the design: pixel size and weight.
enum class TextRole : std::uint8_t { Caption, Label, Body, Strong, Stat, Title, Code };

/// The look in force. One per application, GUI thread only. Painting code asks it at paint time and repaints on
/// `changed`; nothing keeps a colour.
class Theme : public QObject {
    Q_OBJECT
public:
    static Theme& instance();

    /// Sets style, palette, style sheet and fonts of the application, then emits `changed`. Needs a QApplication.
    void apply(ThemeKind kind);
    ThemeKind kind() const { return m_kind; }
    const Tokens& tokens() const { return Tokens::of(m_kind); }

Q_SIGNALS:
    void changed();

private:
    Theme() = default;
    ThemeKind m_kind = ThemeKind::Light;
    bool m_styleSet = false;
};

/// Short forms for painting code.
inline const Tokens& tokens() {
    return Theme::instance().tokens();
}
inline QColor color(Color token) {
    return tokens().color(token);
}
inline QColor color(Color token, double alpha) {
    return tokens().color(token, alpha);
}

/// Interface font of a role (Inter, then Noto Sans CJK JP); Code gives the fixed-width face.
QFont font(TextRole role);
QFont font(TextRole role, QFont::Weight weight);
/// Fixed-width face in the size of another role: names of metrics, paths, expressions.
QFont monoFont(TextRole role);

/// Height of a row that shows `metrics` text and is at least `minimum`: Japanese needs more than the figure.
int rowHeight(Size minimum, const QFontMetrics& metrics);

/// Sets a dynamic property that the style sheet looks at ("kind", "sizing", "role") and applies it at once.
void setStyleProperty(QWidget* widget, const char* name, const QString& value);

}  // namespace hindcast::look
