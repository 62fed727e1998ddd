// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/look/theme.h"

#include <QApplication>
#include <QFile>
#include <QFontMetrics>
#include <QPalette>
#include <QStyle>
#include <QToolTip>
#include <QWidget>
#include <algorithm>

#include "widgets/look/base_style.h"

namespace hindcast::look {

namespace {

struct RoleColor {
    QPalette::ColorRole role;
    Color color;
};

constexpr std::array kPaletteRoles = {RoleColor{QPalette::Window, Color::SurfaceApp},
                                      RoleColor{QPalette::WindowText, Color::TextPrimary},
                                      RoleColor{QPalette::Base, Color::SurfacePanel},
                                      RoleColor{QPalette::AlternateBase, Color::SurfaceSunken},
                                      RoleColor{QPalette::Text, Color::TextPrimary},
                                      RoleColor{QPalette::PlaceholderText, Color::TextTertiary},
                                      RoleColor{QPalette::Button, Color::SurfacePanel},
                                      RoleColor{QPalette::ButtonText, Color::TextPrimary},
                                      RoleColor{QPalette::BrightText, Color::TextOnAccent},
                                      RoleColor{QPalette::Highlight, Color::Accent},
                                      RoleColor{QPalette::HighlightedText, Color::TextOnAccent},
                                      RoleColor{QPalette::Link, Color::AccentText},
                                      RoleColor{QPalette::LinkVisited, Color::AccentText},
                                      RoleColor{QPalette::ToolTipBase, Color::SurfaceTooltip},
                                      RoleColor{QPalette::ToolTipText, Color::TextOnTooltip},
                                      RoleColor{QPalette::Light, Color::LineHair},
                                      RoleColor{QPalette::Midlight, Color::LineHair},
                                      RoleColor{QPalette::Mid, Color::LineStrong},
                                      RoleColor{QPalette::Dark, Color::LineControl},
                                      RoleColor{QPalette::Shadow, Color::LineControl}};

QPalette paletteOf(const Tokens& tokens) {
    QPalette palette;
    for (const RoleColor& entry : kPaletteRoles) palette.setColor(entry.role, tokens.color(entry.color));
    for (const QPalette::ColorRole role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, tokens.color(Color::TextDisabled));
    palette.setColor(QPalette::Disabled, QPalette::Highlight, tokens.color(Color::SurfaceSelectedInactive));
    return palette;
}

QString styleTemplate() {
    QFile file(QStringLiteral(":/hindcast/look/style.qss"));
    if (!file.open(QIODevice::ReadOnly)) qFatal("the style sheet is missing from the resources");
    return QString::fromUtf8(file.readAll());
}

struct RoleFont {
    int pixels;
    QFont::Weight weight;
};

constexpr RoleFont roleFont(TextRole role) {
    switch (role) {
        case TextRole::Caption:
            return {11, QFont::Normal};
        case TextRole::Label:
            return {12, QFont::Medium};
        case TextRole::Body:
            return {13, QFont::Normal};
        case TextRole::Strong:
            return {13, QFont::DemiBold};
        case TextRole::Stat:
            return {20, QFont::DemiBold};
        case TextRole::Title:
            return {28, QFont::DemiBold};
        case TextRole::Code:
            return {12, QFont::Normal};
    }
    return {13, QFont::Normal};
}

QFont makeFont(const QStringList& families, int pixels, QFont::Weight weight) {
    QFont result;
    result.setFamilies(families);
    result.setPixelSize(pixels);
    result.setWeight(weight);
    result.setHintingPreference(QFont::PreferNoHinting);
    return result;
}

const QStringList& interfaceFamilies() {
    static const QStringList families{QStringLiteral("Inter"), QStringLiteral("Noto Sans CJK JP"),
                                      QStringLiteral("sans-serif")};
    return families;
}

const QStringList& codeFamilies() {
    static const QStringList families{QStringLiteral("JetBrains Mono"), QStringLiteral("Noto Sans CJK JP"),
                                      QStringLiteral("monospace")};
    return families;
}

}  // namespace

Theme& Theme::instance() {
    static Theme theme;
    return theme;
}

void Theme::apply(ThemeKind kind) {
    m_kind = kind;
    if (!m_styleSet) {
        QApplication::setStyle(new BaseStyle);
        m_styleSet = true;
    }
    const QPalette palette = paletteOf(tokens());
    QApplication::setPalette(palette);
    QToolTip::setPalette(palette);
    const QFont body = font(TextRole::Body);
    QApplication::setFont(body);
    for (const char* menuClass : {"QMenu", "QMenuBar"}) QApplication::setFont(body, menuClass);
    QToolTip::setFont(font(TextRole::Label, QFont::Normal));
    qApp->setStyleSheet(tokens().fill(styleTemplate()));
    Q_EMIT changed();
}

QFont font(TextRole role, QFont::Weight weight) {
    const QStringList& families = role == TextRole::Code ? codeFamilies() : interfaceFamilies();
    return makeFont(families, roleFont(role).pixels, weight);
}

QFont font(TextRole role) {
    return font(role, roleFont(role).weight);
}

QFont monoFont(TextRole role) {
    return makeFont(codeFamilies(), roleFont(role).pixels, roleFont(role).weight);
}

int rowHeight(Size minimum, const QFontMetrics& metrics) {
    return std::max(px(minimum), metrics.height() + 8);
}

void setStyleProperty(QWidget* widget, const char* name, const QString& value) {
    widget->setProperty(name, value);
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
    // Fonts and remembered size hints follow only this event.
    QEvent change(QEvent::StyleChange);
    QApplication::sendEvent(widget, &change);
    widget->updateGeometry();
}

}  // namespace hindcast::look
