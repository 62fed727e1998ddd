// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QPixmap>
#include <QPointer>
#include <QTimer>
#include <QWidget>
#include <memory>
#include <optional>
#include <span>

#include "widgets/chart/plot_lines.h"
#include "widgets/chart/series_store.h"

namespace hindcast::controls {
class EmptyState;
}
namespace hindcast::look {
class TimeCursor;
}

namespace hindcast::chart {

class ChartFrame;

/// One metric over many versions. Lines of all versions, the emphasised ones thicker, above and labelled at their
/// ends; source and fidelity of every value in its mark; the time cursor A and the reference B.
///
/// Cost: 50 x 10,000 points redraw in well under a frame's time; a cursor move repaints a few columns from a cached
/// pixmap. Values that arrive by appendPoints are shown at most 10 times a second.
///
/// Mouse: click on a line chooses its version, elsewhere moves the cursor; Shift+drag or dragging the cursor line
/// scrubs; drag pans a zoomed view; right-drag zooms to a box; wheel zooms x at the pointer (over the y axis: y;
/// Ctrl: both; Shift: pans); double click fits; Ctrl+click sets B.
/// Keys: Left/Right (Shift x10), Home/End move the cursor; Up/Down lift the next line, Return chooses it; + - zoom,
/// F or 0 fit, A D W S pan, B sets and Shift+B clears the reference.
class ChartView : public QWidget {
    Q_OBJECT
public:
    explicit ChartView(QWidget* parent = nullptr);
    ~ChartView() override;

    /// Name of the metric (never translated) and what follows in tertiary: unit, "per step, smoothed 0.88".
    void setTitle(const QString& metric, const QString& note);
    QString metric() const { return m_metric; }
    /// What to show while there is no series: one line, and what would fill it.
    void setEmptyTexts(const QString& line, const QString& hint);
    controls::EmptyState* emptyState() const { return m_empty; }

    void setSeries(std::vector<Series> series);
    void clear() { setSeries({}); }
    /// Live fill-in. False when there is no such version.
    bool appendPoints(const QString& version, std::span<const Point> points);
    void setEmphasised(const QStringList& versions);
    void setCoverage(const QString& version, std::vector<CoverageSlot> coverage);
    const SeriesStore& store() const { return m_store; }

    void setSmoothing(double factor);
    void setLogarithmicY(bool logarithmic);
    bool logarithmicY() const { return m_logY; }
    /// Diverged values are left out unless asked for.
    void setShowDiverged(bool show);

    /// Whole range of x, known before the values are, so that the axis stands still while they arrive.
    void setXDomain(Range domain);
    Range xRange() const;
    Range yRange() const;
    bool zoomed() const { return m_viewX.has_value() || m_viewY.has_value(); }

    /// The cursor is shared, not owned; x of the chart is the cursor's unit times `perIteration`.
    void setTimeCursor(look::TimeCursor* cursor);
    double cursor() const;
    /// Moves the shared cursor as a key or a drag would: snapped, held inside its range, with a signal.
    void moveCursor(double x);
    /// Distance of one Left/Right step and of snapping; 0 snaps to nothing.
    void setCursorStep(double step) { m_step = step; }

    /// Room that the y labels need, and the room to leave for them, so that charts in a column can be aligned.
    int neededLeftMargin() const;
    void setLeftMargin(int pixels);
    int neededRightMargin() const;
    void setRightMargin(int pixels);

    /// Where values are on the widget now.
    Plot plot() const;
    QString hoveredVersion() const;
    /// "v17 · epoch 17: 0.151, recorded" for a version at an x, as the tooltip says it.
    QString describe(const QString& version, double x) const;
    /// Cursor position and the emphasised values there, for accessibility and tooltips.
    QString describeCursor() const;
    void setXName(const QString& name);

    QSize sizeHint() const override { return {480, 260}; }
    QSize minimumSizeHint() const override { return {180, 120}; }

public Q_SLOTS:
    void fit();
    void setXRange(double low, double high);
    void setYRange(double low, double high);

Q_SIGNALS:
    void cursorMoved(double x);
    void referenceMoved(double x);
    void versionChosen(const QString& version);
    void versionHovered(const QString& version);
    void xRangeChanged(double low, double high);
    void fitted();
    void marginsChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    bool event(QEvent* event) override;

private:
    enum class Drag : std::uint8_t { None, Press, Scrub, Pan, Box };
    struct EndLabel {
        QString text;
        QColor ink;
        double y = 0.0;
    };

    // chart_view.cpp
    void dataChanged();
    void invalidate();
    void retranslate();
    Range fittedX() const;
    Range fittedY() const;
    int railRows() const;
    QRectF plotArea() const;
    // chart_paint.cpp
    void ensureBase();
    void renderBase(QPainter& painter);
    void paintSeriesLayer(QPainter& painter, const Plot& plot);
    void paintDimLines(QPainter& painter, const Plot& plot);
    void paintAxisLabels(QPainter& painter, const Plot& plot);
    void paintTitle(QPainter& painter);
    void paintRails(QPainter& painter, const Plot& plot);
    void paintEndLabels(QPainter& painter, const Plot& plot);
    void paintCursors(QPainter& painter, const Plot& plot);
    void paintCursorMarks(QPainter& painter, const Plot& plot, double x);
    void paintHovered(QPainter& painter, const Plot& plot);
    std::vector<double> xTicks(const Plot& plot) const;
    std::vector<double> yTicks(const Plot& plot) const;
    QRect cursorRect(double x) const;
    void repaintCursor(double from, double to);
    // chart_input.cpp
    int seriesAt(QPointF place) const;
    void setHovered(int index);
    double snapped(double x) const;
    void zoomX(double anchorPixel, double factor);
    void zoomY(double anchorPixel, double factor);
    void pan(double unitsX, double unitsY);
    void zoomToBox(const QRectF& box);
    void liftNext(int direction);
    bool overCursor(QPointF place) const;

    SeriesStore m_store;
    QHash<QString, std::vector<CoverageSlot>> m_coverage;
    std::unique_ptr<ChartFrame> m_frame;
    controls::EmptyState* m_empty;
    QPointer<look::TimeCursor> m_cursor;
    QString m_metric;
    QString m_note;
    QString m_xName;
    bool m_ownEmptyTexts = false;
    bool m_ownXName = false;
    bool m_logY = false;
    bool m_withDiverged = false;
    Range m_domain;
    std::optional<Range> m_viewX;
    std::optional<Range> m_viewY;
    mutable std::optional<Range> m_fittedY;  ///< until the next change of data or range
    double m_step = 1.0;
    int m_leftMargin = 0;
    int m_rightMargin = 0;

    QPixmap m_base;
    bool m_baseStale = true;
    std::vector<PlotSeries> m_drawn;  ///< by series, as in m_base; also for finding lines under the pointer
    bool m_banded = false;            ///< a band stands for the lines that are not emphasised
    QTimer m_liveTimer;
    double m_paintedCursor = 0.0;
    std::optional<double> m_paintedReference;

    int m_hovered = -1;
    QPointF m_hoverPlace;
    Drag m_drag = Drag::None;
    QPointF m_pressed;
    QPointF m_lastDrag;
    QRectF m_box;
};

}  // namespace hindcast::chart
