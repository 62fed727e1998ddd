// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFontMetrics>
#include <QPaintEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/chart/chart_frame.h"
#include "widgets/chart/chart_view.h"
#include "widgets/chart/coverage_rail.h"
#include "widgets/chart/envelope.h"
#include "widgets/chart/label_layout.h"
#include "widgets/chart/series_painter.h"
#include "widgets/look/number_painter.h"
#include "widgets/look/time_cursor.h"

namespace hindcast::chart {

namespace {

using look::Color;
using look::TextRole;

constexpr int kTitleBaseline = 17;
constexpr int kSide = 12;
constexpr int kTick = 4;
constexpr int kLabelGap = 6;
constexpr double kLabelPitch = 13.0;
constexpr double kCursorReach = 10.0;  ///< half the width that a cursor and its marks may touch
constexpr double kXLabelRoom = 56.0;
constexpr double kWholeFrom = 3.0;  ///< shorter ranges get ticks between whole iterations
constexpr double kYLabelRoom = 38.0;
constexpr int kBoxAlphaPercent = 12;

/// Lines drawn on the last device pixel column that `x` falls into, one logical pixel wide.
double onPixel(double x, double ratio) {
    return std::floor(x * ratio) / ratio;
}

QPixmap makeBase(QSize size, qreal ratio) {
    QPixmap pixmap(size * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(look::color(Color::SurfacePanel));
    return pixmap;
}

void paintDashed(QPainter& painter, double x, double top, double bottom, const QColor& ink) {
    constexpr double kDash = 3.0;
    for (double y = top; y < bottom; y += 2 * kDash)
        painter.fillRect(QRectF(x, y, 1, std::min(kDash, bottom - y)), ink);
}

}  // namespace

std::vector<double> ChartView::xTicks(const Plot& plot) const {
    return plot.x.ticks(std::max(2, static_cast<int>(plot.area.width() / kXLabelRoom)),
                        plot.x.range().length() >= kWholeFrom);
}

std::vector<double> ChartView::yTicks(const Plot& plot) const {
    return plot.y.ticks(std::clamp(static_cast<int>(plot.area.height() / kYLabelRoom), 2, 5));
}

void ChartView::ensureBase() {
    const qreal ratio = devicePixelRatioF();
    const bool fits = m_base.size() == size() * ratio && m_base.devicePixelRatio() == ratio;
    if (!m_baseStale && fits) return;
    m_base = makeBase(size(), ratio);
    QPainter painter(&m_base);
    renderBase(painter);
    m_baseStale = false;
}

void ChartView::renderBase(QPainter& painter) {
    m_drawn.clear();
    paintTitle(painter);
    if (m_store.series().empty()) return;
    const Plot plot = this->plot();
    const auto units = [](const std::vector<double>& ticks, const AxisScale& scale) {
        std::vector<double> result;
        for (const double tick : ticks) result.push_back(scale.toUnit(tick));
        return result;
    };
    m_frame->layOut(QSizeF(size()), plot.area, units(xTicks(plot), plot.x), units(yTicks(plot), plot.y));
    m_frame->paint(painter);
    paintTitle(painter);
    paintAxisLabels(painter, plot);
    paintSeriesLayer(painter, plot);
    paintRails(painter, plot);
    paintEndLabels(painter, plot);
}

void ChartView::paintTitle(QPainter& painter) {
    const QFont nameFont = look::font(TextRole::Label, QFont::DemiBold);
    const QFont noteFont = look::font(TextRole::Caption);
    painter.setFont(nameFont);
    painter.setPen(look::color(Color::TextPrimary));
    const QFontMetrics metrics(nameFont);
    const QString name = metrics.elidedText(m_metric, Qt::ElideRight, width() - 2 * kSide);
    painter.drawText(QPointF(kSide, kTitleBaseline), name);
    const int left = kSide + metrics.horizontalAdvance(name) + 8;
    painter.setFont(noteFont);
    painter.setPen(look::color(Color::TextTertiary));
    const int room = width() - left - kSide;
    if (room > 24)
        painter.drawText(QPointF(left, kTitleBaseline),
                         QFontMetrics(noteFont).elidedText(m_note, Qt::ElideRight, room));
}

void ChartView::paintAxisLabels(QPainter& painter, const Plot& plot) {
    const look::NumberPainter numbers(look::font(TextRole::Caption));
    painter.setPen(look::color(Color::TextTertiary));
    const std::vector<double> ys = yTicks(plot);
    const look::NumberFormat yFormat{.decimals = plot.y.decimals(ys)};
    for (const double tick : ys) {
        const double y = plot.mapY(tick);
        const QRectF box(0, y - 8, plot.area.left() - kLabelGap, 16);
        numbers.draw(painter, box, Qt::AlignRight | Qt::AlignVCenter, look::formatNumber(tick, yFormat));
    }
    const std::vector<double> xs = xTicks(plot);
    const look::NumberFormat xFormat{.decimals = plot.x.decimals(xs)};
    const double top = plot.area.bottom() + kTick + (railRows() > 0 ? railRows() * kRailPitch + 2 : 0);
    for (const double tick : xs) {
        const QString text = look::formatNumber(tick, xFormat);
        const double half = numbers.width(text) / 2;
        const double x = std::clamp(plot.mapX(tick), half, width() - half);
        painter.fillRect(QRectF(onPixel(plot.mapX(tick), plot.ratio), plot.area.bottom() + 1, 1, 3),
                         look::color(Color::LineAxis));
        numbers.draw(painter, QRectF(x - half, top, 2 * half, 16), Qt::AlignHCenter | Qt::AlignVCenter, text);
    }
}

void ChartView::paintDimLines(QPainter& painter, const Plot& plot) {
    const auto& series = m_store.series();
    std::vector<const PlotSeries*> dim;
    for (std::size_t i = 0; i < series.size(); ++i)
        if (!series[i].data.emphasised) dim.push_back(&m_drawn[i]);
    m_banded = static_cast<int>(dim.size()) > kBandFrom;
    if (m_banded) {
        painter.setRenderHint(QPainter::Antialiasing);
        paintEnvelope(painter, envelopeOf(dim, plot), plot.ratio);
        return;
    }
    for (std::size_t i = 0; i < series.size(); ++i) {
        if (series[i].data.emphasised) continue;
        QColor ink = look::color(series[i].data.ink);
        ink.setAlphaF(static_cast<float>(look::tokens().dimAlpha()));
        paintLines(painter, m_drawn[i].lines, ink, LineWeight::Dim, plot.ratio);
    }
}

void ChartView::paintSeriesLayer(QPainter& painter, const Plot& plot) {
    for (const StoredSeries& one : m_store.series()) m_drawn.push_back(plotSeries(one, plot, one.data.emphasised));
    const double dim = look::tokens().dimAlpha();
    // A little beyond the plot, so that wide lines and marks at its edge are whole.
    const QRectF clip = plot.area.adjusted(-5, -5, 5, 2);
    painter.save();
    painter.setClipRect(clip);
    const auto& series = m_store.series();
    for (std::size_t i = 0; i < series.size(); ++i) paintDiverged(painter, series[i], m_drawn[i], plot);
    paintDimLines(painter, plot);
    for (std::size_t i = 0; i < series.size(); ++i) {
        if (!series[i].data.emphasised) continue;
        QColor ghost = look::color(series[i].data.ink);
        ghost.setAlphaF(static_cast<float>(look::tokens().ghostAlpha()));
        paintLines(painter, m_drawn[i].ghost, ghost, LineWeight::Ghost, plot.ratio);
    }
    for (std::size_t i = 0; i < series.size(); ++i)
        if (series[i].data.emphasised)
            paintLines(painter, m_drawn[i].lines, look::color(series[i].data.ink), LineWeight::Emphasised, plot.ratio);
    painter.restore();
    for (std::size_t i = 0; i < series.size(); ++i) {
        const bool emphasised = series[i].data.emphasised;
        if (!emphasised && m_banded) continue;
        QColor ink = look::color(series[i].data.ink);
        if (!emphasised) ink.setAlphaF(static_cast<float>(std::min(1.0, 2 * dim)));
        std::vector<PlotMark> marks;
        if (emphasised || !m_drawn[i].lone.empty()) marks = marksOf(series[i], m_drawn[i], plot);
        if (!emphasised)
            std::erase_if(marks, [&](const PlotMark& mark) {
                return !std::binary_search(m_drawn[i].lone.begin(), m_drawn[i].lone.end(), mark.index);
            });
        painter.save();
        painter.setClipRect(clip);
        paintMarks(painter, series[i], marks, ink);
        painter.setClipRect(plot.area.adjusted(-20, -18, 20, 0));
        paintUnplottable(painter, series[i], m_drawn[i], plot, ink, emphasised);
        painter.restore();
    }
}

void ChartView::paintRails(QPainter& painter, const Plot& plot) {
    double top = plot.area.bottom() + kTick + 1;
    int rows = railRows();
    for (const StoredSeries& one : m_store.series()) {
        const auto coverage = m_coverage.constFind(one.data.version);
        if (rows == 0) return;
        if (!one.data.emphasised || coverage == m_coverage.constEnd()) continue;
        paintRail(painter, plot, top, *coverage, look::color(one.data.ink));
        painter.setFont(look::font(TextRole::Caption, QFont::DemiBold));
        painter.setPen(look::color(one.data.ink));
        if (railRows() > 1)
            painter.drawText(QRectF(plot.area.right() + kLabelGap, top - 5, 80, 16), Qt::AlignVCenter, one.data.label);
        top += kRailPitch;
        --rows;
    }
}

void ChartView::paintEndLabels(QPainter& painter, const Plot& plot) {
    std::vector<EndLabel> labels;
    std::vector<WantedLabel> wanted;
    for (const StoredSeries& one : m_store.series()) {
        if (!one.data.emphasised) continue;
        const auto at = pointAt(one.data, plot.x.range().high, INFINITY);
        double y = at ? plot.mapY(one.y(*at)) : NAN;
        for (std::size_t i = at.value_or(0); std::isnan(y) && i-- > 0;) y = plot.mapY(one.y(i));
        if (std::isnan(y)) continue;
        labels.push_back({one.data.label, look::color(one.data.ink), 0.0});
        wanted.push_back({y, static_cast<double>(wanted.size()) * -1.0});
    }
    const std::vector<double> places = placeLabels(wanted, plot.area.top(), plot.area.bottom() - 4, kLabelPitch);
    painter.setFont(look::font(TextRole::Caption, QFont::DemiBold));
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (std::isnan(places[i])) continue;
        painter.setPen(labels[i].ink);
        const QRectF box(plot.area.right() + kLabelGap, places[i] - 8, width() - plot.area.right() - kLabelGap, 16);
        painter.drawText(box, Qt::AlignLeft | Qt::AlignVCenter, labels[i].text);
    }
}

QRect ChartView::cursorRect(double x) const {
    const QRectF area = plotArea();
    const double pixel = plot().mapX(x);
    return QRectF(pixel - kCursorReach, area.top() - kCursorReach, 2 * kCursorReach, area.height() + 2 * kCursorReach)
        .toAlignedRect();
}

void ChartView::repaintCursor(double from, double to) {
    update(cursorRect(from));
    update(cursorRect(to));
    m_paintedCursor = cursor();
    m_paintedReference = m_cursor ? m_cursor->reference() : std::nullopt;
}

void ChartView::paintEvent(QPaintEvent* event) {
    ensureBase();
    QPainter painter(this);
    const QRect dirty = event->rect();
    const qreal ratio = m_base.devicePixelRatio();
    painter.drawPixmap(dirty, m_base, QRectF(QPointF(dirty.topLeft()) * ratio, QSizeF(dirty.size()) * ratio).toRect());
    if (m_store.series().empty()) return;
    const Plot plot = this->plot();
    paintHovered(painter, plot);
    paintCursors(painter, plot);
    if (m_drag == Drag::Box) {
        QColor fill = look::color(Color::Accent);
        fill.setAlphaF(kBoxAlphaPercent / 100.0F);
        painter.setPen(QPen(look::color(Color::Accent), 1));
        painter.setBrush(fill);
        painter.drawRect(m_box.intersected(plot.area));
    }
}

void ChartView::paintCursors(QPainter& painter, const Plot& plot) {
    if (!m_cursor) return;
    const auto inside = [&](double pixel) { return pixel >= plot.area.left() - 1 && pixel <= plot.area.right() + 1; };
    if (const auto reference = m_cursor->reference()) {
        const double x = plot.mapX(*reference);
        if (inside(x))
            paintDashed(painter, onPixel(x, plot.ratio), plot.area.top(), plot.area.bottom(),
                        look::color(Color::CursorB));
    }
    const double x = plot.mapX(m_cursor->position());
    if (!inside(x)) return;
    painter.fillRect(QRectF(onPixel(x, plot.ratio), plot.area.top(), 1, plot.area.height()),
                     look::color(Color::CursorA));
    paintCursorMarks(painter, plot, m_cursor->position());
}

void ChartView::paintCursorMarks(QPainter& painter, const Plot& plot, double x) {
    for (std::size_t i = 0; i < m_store.series().size(); ++i) {
        const StoredSeries& one = m_store.series()[i];
        if (!one.data.emphasised && static_cast<int>(i) != m_hovered) continue;
        const auto at = pointAt(one.data, x, one.data.spacing > 0 ? one.data.spacing : INFINITY);
        if (!at) continue;
        const Point& point = one.data.points[*at];
        if (point.fidelity == look::Fidelity::Diverged && !plot.withDiverged) continue;
        const QPointF place = plot.map(point.x, one.y(*at));
        // A value far before the cursor belongs to another place on the screen than its mark would claim.
        if (!std::isfinite(place.y()) || std::abs(place.x() - plot.mapX(x)) > kCursorReach - 5) continue;
        if (place.y() < plot.area.top() - 1 || place.y() > plot.area.bottom() + 1) continue;
        look::paintMark(painter, place, look::measure(look::Measure::MarkHover), point.source, point.fidelity,
                        look::color(one.data.ink));
    }
}

void ChartView::paintHovered(QPainter& painter, const Plot& plot) {
    if (m_hovered < 0 || static_cast<std::size_t>(m_hovered) >= m_drawn.size()) return;
    const StoredSeries& one = m_store.series()[static_cast<std::size_t>(m_hovered)];
    const QColor ink = look::color(one.data.ink);
    painter.save();
    painter.setClipRect(plot.area.adjusted(-5, -5, 5, 2));
    paintLines(painter, m_drawn[static_cast<std::size_t>(m_hovered)].lines, ink, LineWeight::Emphasised, plot.ratio);
    painter.restore();
    const double x = plot.x.fromUnit((m_hoverPlace.x() - plot.area.left()) / plot.area.width());
    const double half = one.data.spacing > 0 ? one.data.spacing / 2 : 0.0;
    const auto at = pointAt(one.data, x + half, INFINITY);
    if (!at) return;
    const Point& point = one.data.points[*at];
    const QPointF place = plot.map(point.x, one.y(*at));
    if (!std::isfinite(place.y()) || !plot.area.adjusted(-1, -1, 1, 1).contains(place)) return;
    look::paintMark(painter, place, look::measure(look::Measure::MarkHover), point.source, point.fidelity, ink);
    const QFont font = look::font(TextRole::Caption, QFont::DemiBold);
    const QFontMetrics metrics(font);
    const QString text = one.data.label + QLatin1String("  ") + look::formatNumber(point.y);
    QRectF box(place + QPointF(8, -20), QSizeF(metrics.horizontalAdvance(text) + 10, 17));
    if (box.right() > plot.area.right()) box.moveRight(place.x() - 8);
    if (box.top() < plot.area.top()) box.moveTop(place.y() + 6);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(look::color(Color::LineStrong), 1));
    painter.setBrush(look::color(Color::SurfaceRaised));
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    painter.setFont(font);
    painter.setPen(ink);
    painter.drawText(box, Qt::AlignCenter, text);
}

}  // namespace hindcast::chart
