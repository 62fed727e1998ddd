// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QIcon>
#include <QPixmap>
#include <QString>
#include <optional>

#include "widgets/look/tokens.h"

class QPainter;

namespace hindcast::look {

/// The line icons of resources/icons, recoloured by token and drawn for the real device pixel ratio.
/// GUI thread only. Pixmaps are cached by (name, colour, size, ratio); a theme switch needs no call here, because
/// icons look their colour up when they are painted.
class IconSet {
public:
    static IconSet& instance();

    /// Icon for actions and buttons: tertiary idle, secondary hovered, accent when checked, disabled grey.
    /// With `fixed`, always that token (state icons, icons on an accent ground).
    QIcon icon(const QString& name, std::optional<Color> fixed = std::nullopt) const;
    /// `sizePx` logical pixels at `ratio` device pixels each.
    QPixmap pixmap(const QString& name, const QColor& ink, int sizePx, qreal ratio);
    void paint(QPainter& painter, const QString& name, const QRect& box, Color token);
    void paint(QPainter& painter, const QString& name, const QRect& box, const QColor& ink);

    static bool exists(const QString& name);

private:
    IconSet() = default;
    QHash<QString, QPixmap> m_cache;
};

/// Icon name of a meaning: "ok", "warn", "error", "info", "diverged"; empty for the neutral ones.
QString iconOf(Meaning meaning);

}  // namespace hindcast::look
