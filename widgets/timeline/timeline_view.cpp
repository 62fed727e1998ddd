// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/timeline/timeline_view.h"

#include <QEvent>
#include <QFontMetrics>
#include <QScrollBar>
#include <algorithm>
#include <cmath>

#include "widgets/controls/empty_state.h"
#include "widgets/look/number_painter.h"
#include "widgets/look/theme.h"
#include "widgets/look/time_cursor.h"
#include "widgets/timeline/ruler_painter.h"
#include "widgets/timeline/timeline_access.h"

namespace hindcast::timeline {

namespace {

constexpr int kLabelMargin = 12;
constexpr int kTagGap = 8;
constexpr int kMostLabel = 150;
constexpr int kLeastLabel = 64;
constexpr int kSampledRows = 400;
constexpr double kCursorReach = 2.0;

}  // namespace

TimelineView::TimelineView(QWidget* parent)
    : QAbstractScrollArea(parent), m_empty(new controls::EmptyState(QStringLiteral("capture"), {}, {}, viewport())) {
    installTimelineAccess();
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    retranslate();
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    m_changeTimer.setSingleShot(true);
    m_changeTimer.setInterval(static_cast<int>(1000.0 / look::measure(look::Measure::LiveRepaintHz)));
    connect(&m_changeTimer, &QTimer::timeout, this, [this] {
        m_mapStale = true;
        invalidate();
    });
    connect(&look::Theme::instance(), &look::Theme::changed, this, [this] {
        m_cellPainter.clear();
        m_mapStale = true;
        relayout();
    });
}

TimelineView::~TimelineView() {
    // A model that is our child dies after this, when nothing here can answer its `destroyed`.
    if (m_model) m_model->disconnect(this);
}

void TimelineView::setModel(TimelineModel* model) {
    if (m_model) m_model->disconnect(this);
    m_model = model;
    if (model) {
        connect(model, &TimelineModel::reset, this, &TimelineView::modelReset);
        connect(model, &QObject::destroyed, this, [this] { setModel(nullptr); });
        connect(model, &TimelineModel::changed, this, [this] {
            if (!m_changeTimer.isActive()) m_changeTimer.start();
        });
    }
    modelReset();
}

void TimelineView::modelReset() {
    m_changeTimer.stop();
    m_mapStale = true;
    m_layout.rows = m_model ? m_model->versionCount() : 0;
    m_layout.iterations = m_model ? m_model->longest() : 0;
    m_empty->setVisible(m_layout.rows == 0);
    // The selection follows its version, wherever its row went.
    m_selected = -1;
    for (int i = 0; i < m_layout.rows && !m_selectedVersion.isEmpty(); ++i)
        if (m_model->row(i).version == m_selectedVersion) m_selected = i;
    relayout();
}

void TimelineView::setTimeCursor(look::TimeCursor* cursor) {
    if (m_cursor) m_cursor->disconnect(this);
    m_cursor = cursor;
    if (!cursor) return;
    m_paintedCursor = cursor->position();
    connect(cursor, &look::TimeCursor::moved, this, [this](double to) {
        repaintCursor(m_paintedCursor, to);
        if (m_drag == Drag::None) scrollToCursor();
    });
    connect(cursor, &look::TimeCursor::referenceChanged, this, [this] {
        const double old = m_paintedReference.value_or(m_cursor->reference().value_or(0.0));
        repaintCursor(old, m_cursor->reference().value_or(old));
    });
    viewport()->update();
}

void TimelineView::retranslate() {
    setAccessibleName(tr("Timeline"));
    if (!m_ownName) m_iterationName = tr("epoch");
    if (!m_ownEmptyTexts)
        m_empty->setTexts(tr("No versions yet"),
                          tr("Run your training script once with Hindcast, and its epochs appear here."));
}

void TimelineView::setIterationName(const QString& name) {
    m_ownName = true;
    m_iterationName = name;
}

double TimelineView::cursor() const {
    return m_cursor ? m_cursor->position() : 0.0;
}

void TimelineView::setEmptyTexts(const QString& line, const QString& hint) {
    m_ownEmptyTexts = true;
    m_empty->setTexts(line, hint);
}

double TimelineView::labelColumn() const {
    const QFontMetrics labels(look::font(look::TextRole::Caption, QFont::DemiBold));
    const QFontMetrics tags(look::font(look::TextRole::Caption));
    int widest = kLeastLabel;
    for (int i = 0; i < std::min(m_layout.rows, kSampledRows); ++i) {
        const Row row = m_model->row(i);
        const int tag = row.tag.isEmpty() ? 0 : kTagGap + tags.horizontalAdvance(row.tag);
        widest = std::max(widest, kLabelMargin + labels.horizontalAdvance(row.label) + tag + kTagGap);
    }
    return std::min(widest, kMostLabel);
}

/// All rows in view where that leaves each enough for its lanes.
int TimelineView::suitableRowHeight() const {
    const bool steps = m_layout.zoom() == Zoom::Step;
    const int least = look::px(steps ? look::Size::TimelineRowComfortable : look::Size::TimelineRowEpoch);
    const int most = look::px(steps ? look::Size::TimelineRowStep : look::Size::TimelineRowComfortable);
    if (m_wantedRow > 0) return steps ? std::max(m_wantedRow, least) : m_wantedRow;
    const int room = static_cast<int>(m_layout.cells().height()) / std::max(1, m_layout.rows);
    return std::clamp(room, least, most);
}

void TimelineView::relayout() {
    m_layout.viewport = viewport()->size();
    m_layout.labelWidth = m_model ? labelColumn() : kLeastLabel;
    if (m_fitted) {
        m_layout.perIteration = m_layout.fittingPerIteration();
        m_layout.firstIteration = 0;
    }
    m_layout.constrain();
    m_layout.rowHeight = suitableRowHeight();
    m_layout.constrain();
    const int page = static_cast<int>(m_layout.cells().height());
    verticalScrollBar()->setPageStep(page);
    verticalScrollBar()->setSingleStep(m_layout.rowHeight);
    verticalScrollBar()->setRange(0, std::max(0, m_layout.contentHeight() - page));
    m_layout.scrollY = verticalScrollBar()->value();
    m_empty->setGeometry(viewport()->rect());
    invalidate();
}

void TimelineView::invalidate() {
    m_baseStale = true;
    viewport()->update();
    announcePart();
}

std::pair<int, int> TimelineView::iterationsInView() const {
    const double end = m_layout.firstIteration + m_layout.visibleIterations();
    return {static_cast<int>(m_layout.firstIteration),
            std::clamp(static_cast<int>(std::ceil(end)), 1, std::max(1, m_layout.iterations)) - 1};
}

void TimelineView::announcePart() {
    if (m_layout.rows == 0) return;
    const auto [first, last] = iterationsInView();
    const std::array now{m_layout.firstVisibleRow(), m_layout.lastVisibleRow(), first, last};
    if (now == m_announced) return;
    m_announced = now;
    Q_EMIT partChanged();
}

void TimelineView::selectRow(int row, bool announce) {
    if (!m_model || row < 0 || row >= m_layout.rows) return;
    const bool changed = row != m_selected;
    m_selected = row;
    m_selectedVersion = m_model->row(row).version;
    scrollToRow(row);
    invalidate();
    if (announce && changed) Q_EMIT versionChosen(m_selectedVersion);
}

void TimelineView::setSelectedRow(int row) {
    selectRow(row, false);
}

void TimelineView::setSelectedVersion(const QString& version) {
    m_selectedVersion = version;
    for (int i = 0; i < m_layout.rows; ++i)
        if (m_model->row(i).version == version) return selectRow(i, false);
    m_selected = -1;
    invalidate();
}

void TimelineView::scrollToRow(int row) {
    const QRectF box = m_layout.rowRect(row);
    const QRectF cells = m_layout.cells();
    QScrollBar* bar = verticalScrollBar();
    if (box.top() < cells.top()) bar->setValue(bar->value() + static_cast<int>(box.top() - cells.top()));
    if (box.bottom() > cells.bottom())
        bar->setValue(bar->value() + static_cast<int>(std::ceil(box.bottom() - cells.bottom())));
}

void TimelineView::scrollToCursor() {
    const double x = m_layout.cursorX(cursor());
    const QRectF cells = m_layout.cells();
    if (x >= cells.left() && x <= cells.right()) return;
    m_layout.firstIteration = std::floor(cursor()) - m_layout.visibleIterations() / 2;
    m_layout.constrain();
    invalidate();
}

void TimelineView::fit() {
    m_fitted = true;
    relayout();
}

void TimelineView::zoomBy(double factor, double anchorX) {
    const double anchor = m_layout.iterationAt(std::clamp(anchorX, m_layout.cells().left(), m_layout.cells().right()));
    const double before = m_layout.perIteration;
    m_layout.perIteration *= factor;
    m_layout.constrain();
    m_fitted = m_layout.perIteration <= m_layout.fittingPerIteration() * (1 + 1e-9);
    m_layout.firstIteration = anchor - (anchor - m_layout.firstIteration) * before / m_layout.perIteration;
    relayout();
    if (m_selected >= 0) scrollToRow(m_selected);
}

void TimelineView::setRowHeight(int pixels) {
    m_wantedRow = std::clamp(pixels, look::px(look::Size::TimelineRowOverview), look::px(look::Size::TimelineRowStep));
    relayout();
}

QRectF TimelineView::scrubberRect() const {
    return flagRect(m_layout, m_layout.cursorX(cursor()), look::formatNumber(std::floor(cursor())));
}

QRectF TimelineView::referenceRect() const {
    if (!m_cursor || !m_cursor->reference()) return {};
    return flagRect(m_layout, m_layout.cursorX(*m_cursor->reference()), QStringLiteral("B"));
}

void TimelineView::repaintCursor(double from, double to) {
    for (const double position : {from, to}) {
        const double x = m_layout.cursorX(position);
        const QRectF flag = flagRect(m_layout, x, look::formatNumber(std::floor(position)));
        viewport()->update(flag.adjusted(-2, -2, 2, 2).toAlignedRect());
        viewport()->update(
            QRectF(x - kCursorReach, flag.top(), 2 * kCursorReach + 1, m_layout.viewport.height()).toAlignedRect());
    }
    m_paintedCursor = cursor();
    m_paintedReference = m_cursor ? m_cursor->reference() : std::nullopt;
}

QString TimelineView::describe(int row, int iteration) const {
    if (!m_model || row < 0 || row >= m_layout.rows || iteration < 0 || iteration >= m_layout.iterations) return {};
    const Row about = m_model->row(row);
    const Cell cell = iteration < m_model->iterationCount(row) ? m_model->cell(row, iteration) : Cell{};
    QStringList words{cell.logged ? tr("logged") : tr("nothing logged")};
    if (cell.captured) words << tr("capture");
    if (cell.failed) words << tr("failed");
    if (cell.alerting) words << tr("alert");
    switch (cell.hindsight) {
        case Hindsight::None:
            break;
        case Hindsight::Queued:
            words << tr("queued");
            break;
        case Hindsight::Running:
            words << tr("replay running");
            break;
        case Hindsight::Replayed:
            words << tr("replayed");
            break;
        case Hindsight::Unverified:
            words << tr("replayed, unverified");
            break;
        case Hindsight::Diverged:
            words << tr("diverged");
            break;
    }
    const QString head = about.tag.isEmpty() ? about.label : tr("%1 (%2)").arg(about.label, about.tag);
    return tr("%1 · %2 %3: %4").arg(head, m_iterationName).arg(iteration).arg(words.join(tr(", ")));
}

void TimelineView::resizeEvent(QResizeEvent* event) {
    QAbstractScrollArea::resizeEvent(event);
    m_mapStale = true;
    relayout();
}

void TimelineView::scrollContentsBy(int, int) {
    m_layout.scrollY = verticalScrollBar()->value();
    invalidate();
}

void TimelineView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    if (event->type() == QEvent::FontChange || event->type() == QEvent::LanguageChange) relayout();
    QAbstractScrollArea::changeEvent(event);
}

}  // namespace hindcast::timeline
