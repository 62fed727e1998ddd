// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractScrollArea>
#include <QPixmap>
#include <QPointer>
#include <QTimer>
#include <array>
#include <optional>

#include "widgets/timeline/cell_painter.h"
#include "widgets/timeline/timeline_layout.h"
#include "widgets/timeline/timeline_model.h"

namespace hindcast::controls {
class EmptyState;
}
namespace hindcast::look {
class TimeCursor;
}

namespace hindcast::timeline {

/// Versions as rows, iterations as cells, the scrubber of the one time cursor above them, and a minimap of all.
/// From 1,000 x 1,000 cells at a pixel each, where a failed, diverged or alerting cell still takes 2 x 2 pixels,
/// down to single steps. A cursor move repaints two narrow strips of a cached picture.
///
/// Mouse: drag on the ruler or the flag scrubs, Ctrl+click there sets B, dragging B's flag moves it; a click on a cell
/// chooses the version and moves the cursor; drag on the minimap moves the view, on its grips zooms; Ctrl+wheel zooms
/// at the pointer (so does the wheel over the ruler), Shift+wheel moves in time, Ctrl+Shift+wheel changes row height.
/// Keys: Left/Right (Shift x10), Home/End, Ctrl+Left/Right to a capture, A / Shift+A to an alert, Up/Down to another
/// version, B sets and Shift+B clears the reference, + - zoom, F fits.
class TimelineView : public QAbstractScrollArea {
    Q_OBJECT
public:
    explicit TimelineView(QWidget* parent = nullptr);
    ~TimelineView() override;

    /// Not owned; null shows the empty state.
    void setModel(TimelineModel* model);
    TimelineModel* model() const { return m_model; }
    void setTimeCursor(look::TimeCursor* cursor);
    void setEmptyTexts(const QString& line, const QString& hint);
    controls::EmptyState* emptyState() const { return m_empty; }
    /// "epoch"; used in tooltips and for accessibility.
    void setIterationName(const QString& name);
    const QString& iterationName() const { return m_iterationName; }

    int selectedRow() const { return m_selected; }
    const TimelineLayout& layoutNow() const { return m_layout; }
    /// Iterations in view, inclusive.
    std::pair<int, int> iterationsInView() const;
    /// "v17 · epoch 12: logged, capture, replayed, alert"
    QString describe(int row, int iteration) const;
    QRectF scrubberRect() const;
    QRectF referenceRect() const;
    double cursor() const;

    QSize sizeHint() const override { return {720, 360}; }
    QSize minimumSizeHint() const override { return {240, 140}; }

public Q_SLOTS:
    /// Moves the selection without a signal, and scrolls to it.
    void setSelectedVersion(const QString& version);
    void setSelectedRow(int row);
    void fit();
    void zoomBy(double factor, double anchorX);
    void setRowHeight(int pixels);
    /// To the next (+1) or previous (-1) capture or alert of the selected version.
    void goToCapture(int direction);
    void goToAlert(int direction);

Q_SIGNALS:
    void cursorMoved(double position);
    void versionChosen(const QString& version);
    void versionActivated(const QString& version);
    /// Other rows or iterations are in view than before: was scrolled, zoomed, or given another model or size.
    void partChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void changeEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    enum class Drag : std::uint8_t { None, Scrub, Reference, MapMove, MapLeft, MapRight, Pan };

    // timeline_view.cpp
    void modelReset();
    void relayout();
    void retranslate();
    void invalidate();
    void announcePart();
    double labelColumn() const;
    int suitableRowHeight() const;
    void selectRow(int row, bool announce);
    void scrollToRow(int row);
    void scrollToCursor();
    void repaintCursor(double from, double to);
    // timeline_paint.cpp
    void ensureBase();
    void paintRows(QPainter& painter);
    void paintRowGround(QPainter& painter, int row);
    void paintRowLabel(QPainter& painter, int row);
    void paintOverview(QPainter& painter);
    void paintCellRow(QPainter& painter, int row);
    void paintMinimap(QPainter& painter);
    void paintMinimapFrame(QPainter& painter);
    void paintCursors(QPainter& painter);
    // timeline_input.cpp
    Drag dragAt(QPointF place) const;
    double positionAt(double x) const;
    void moveCursor(double position);
    void jump(int direction, bool (*wanted)(const Cell&));
    void dragMap(QPointF place);
    void chooseAt(QPointF place);

    TimelineModel* m_model = nullptr;
    QPointer<look::TimeCursor> m_cursor;
    controls::EmptyState* m_empty;
    QString m_iterationName;
    bool m_ownName = false;
    bool m_ownEmptyTexts = false;
    TimelineLayout m_layout;
    CellPainter m_cellPainter;
    bool m_fitted = true;  ///< follow the width while the user has not zoomed
    int m_wantedRow = 0;   ///< row height the user asked for; 0: chosen by the view
    int m_selected = -1;
    QString m_selectedVersion;
    int m_hoveredRow = -1;

    QPixmap m_base;
    QPixmap m_map;
    bool m_baseStale = true;
    bool m_mapStale = true;
    QTimer m_changeTimer;
    double m_paintedCursor = 0.0;
    std::array<int, 4> m_announced{};  ///< first and last row, first and last iteration in view
    std::optional<double> m_paintedReference;
    Drag m_drag = Drag::None;
    QPointF m_lastDrag;
};

}  // namespace hindcast::timeline
