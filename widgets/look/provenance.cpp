// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/look/provenance.h"

#include <QCoreApplication>
#include <QPainter>
#include <QPainterPath>

#include "widgets/look/theme.h"

namespace hindcast::look {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(hindcast::look::Provenance)
};

// Factors make the four shapes look equally heavy at one radius.
QPainterPath shapeOf(QPointF c, double r, Source source) {
    QPainterPath path;
    switch (source) {
        case Source::Recorded:
            path.addEllipse(c, r, r);
            break;
        case Source::Replayed: {
            const double d = r * 1.3;
            path.addPolygon(QPolygonF{c + QPointF(0, -d), c + QPointF(d, 0), c + QPointF(0, d), c + QPointF(-d, 0)});
            path.closeSubpath();
            break;
        }
        case Source::Derived:
            path.addRect(QRectF(c.x() - r * 0.93, c.y() - r * 0.93, r * 1.86, r * 1.86));
            break;
        case Source::Imported: {
            const double d = r * 1.2;
            path.addPolygon(QPolygonF{c + QPointF(0, -d), c + QPointF(d, d * 0.85), c + QPointF(-d, d * 0.85)});
            path.closeSubpath();
            break;
        }
    }
    return path;
}

void paintCross(QPainter& painter, QPointF c, double arm) {
    painter.drawLine(c + QPointF(-arm, -arm), c + QPointF(arm, arm));
    painter.drawLine(c + QPointF(-arm, arm), c + QPointF(arm, -arm));
}

}  // namespace

QString sourceText(Source source) {
    switch (source) {
        case Source::Recorded:
            return Words::tr("recorded");
        case Source::Replayed:
            return Words::tr("replayed");
        case Source::Derived:
            return Words::tr("derived");
        case Source::Imported:
            return Words::tr("imported");
    }
    return {};
}

QString fidelityText(Fidelity fidelity) {
    switch (fidelity) {
        case Fidelity::Exact:
            return Words::tr("exact");
        case Fidelity::ExactLogs:
            return Words::tr("exact-logs");
        case Fidelity::Numeric:
            return Words::tr("numeric");
        case Fidelity::Unverified:
            return Words::tr("unverified");
        case Fidelity::Diverged:
            return Words::tr("diverged");
    }
    return {};
}

Meaning meaningOf(Fidelity fidelity) {
    switch (fidelity) {
        case Fidelity::Exact:
        case Fidelity::ExactLogs:
            return Meaning::Ok;
        case Fidelity::Numeric:
            return Meaning::Info;
        case Fidelity::Unverified:
            return Meaning::Neutral;
        case Fidelity::Diverged:
            return Meaning::Diverged;
    }
    return Meaning::Neutral;
}

void paintMark(QPainter& painter, QPointF centre, double radius, Source source, Fidelity fidelity, const QColor& ink) {
    const Fidelity fill = source == Source::Recorded ? Fidelity::Exact : fidelity;
    const bool diverged = fill == Fidelity::Diverged;
    const QColor stroke = diverged ? color(Color::DivergedMark) : ink;
    const QPainterPath shape = shapeOf(centre, radius, source);
    const bool solid = fill == Fidelity::Exact || fill == Fidelity::ExactLogs;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QPen pen(stroke, measure(Measure::StrokeMarker));
    pen.setJoinStyle(Qt::MiterJoin);
    painter.setPen(pen);
    painter.setBrush(solid ? stroke : color(Color::SurfacePanel));
    painter.drawPath(shape);
    if (fill == Fidelity::Numeric) {
        QPainterPath left;
        left.addRect(QRectF(centre.x() - radius * 2, centre.y() - radius * 2, radius * 2, radius * 4));
        painter.fillPath(shape.intersected(left), stroke);
    }
    if (diverged) paintCross(painter, centre, radius * 0.45);
    painter.restore();
}

}  // namespace hindcast::look
