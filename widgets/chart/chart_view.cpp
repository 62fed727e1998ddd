// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/chart/chart_view.h"

#include <QEvent>
#include <QFontMetrics>
#include <algorithm>
#include <cmath>

#include "widgets/chart/chart_access.h"
#include "widgets/chart/chart_frame.h"
#include "widgets/chart/coverage_rail.h"
#include "widgets/controls/empty_state.h"
#include "widgets/look/number_painter.h"
#include "widgets/look/time_cursor.h"

namespace hindcast::chart {

namespace {

constexpr int kTop = 34;         // title, and room for "NaN" above the plot
constexpr int kAxisLabels = 24;  // below the plot
constexpr int kSide = 12;
constexpr int kTick = 4;
constexpr int kLabelGap = 6;

}  // namespace

ChartView::ChartView(QWidget* parent)
    : QWidget(parent),
      m_frame(std::make_unique<ChartFrame>()),
      m_empty(new controls::EmptyState(QStringLiteral("chart-line"), {}, {}, this)) {
    installChartAccess();
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAttribute(Qt::WA_OpaquePaintEvent);
    retranslate();
    m_liveTimer.setSingleShot(true);
    m_liveTimer.setInterval(static_cast<int>(1000.0 / look::measure(look::Measure::LiveRepaintHz)));
    connect(&m_liveTimer, &QTimer::timeout, this, &ChartView::dataChanged);
    connect(&look::Theme::instance(), &look::Theme::changed, this, [this] {
        m_frame->applyTheme();
        invalidate();
    });
}

ChartView::~ChartView() = default;

void ChartView::setTitle(const QString& metric, const QString& note) {
    m_metric = metric;
    m_note = note;
    setAccessibleName(metric.isEmpty() ? tr("Chart") : tr("Chart of %1").arg(metric));
    setAccessibleDescription(note);
    invalidate();
}

void ChartView::retranslate() {
    if (!m_ownEmptyTexts)
        m_empty->setTexts(tr("Nothing to plot yet"),
                          tr("Choose a metric, or add a probe for one that was not logged."));
    if (!m_ownXName) m_xName = tr("epoch");
    setAccessibleName(m_metric.isEmpty() ? tr("Chart") : tr("Chart of %1").arg(m_metric));
}

void ChartView::setXName(const QString& name) {
    m_ownXName = true;
    m_xName = name;
}

void ChartView::setEmptyTexts(const QString& line, const QString& hint) {
    m_ownEmptyTexts = true;
    m_empty->setTexts(line, hint);
}

void ChartView::setSeries(std::vector<Series> series) {
    m_hovered = -1;
    m_store.set(std::move(series));
    m_liveTimer.stop();
    dataChanged();
}

bool ChartView::appendPoints(const QString& version, std::span<const Point> points) {
    if (!m_store.append(version, points)) return false;
    if (!m_liveTimer.isActive()) m_liveTimer.start();
    return true;
}

void ChartView::setEmphasised(const QStringList& versions) {
    for (StoredSeries& one : m_store.series()) one.data.emphasised = versions.contains(one.data.version);
    dataChanged();
}

void ChartView::setCoverage(const QString& version, std::vector<CoverageSlot> coverage) {
    if (coverage.empty())
        m_coverage.remove(version);
    else
        m_coverage.insert(version, std::move(coverage));
    if (!m_liveTimer.isActive()) m_liveTimer.start();
}

void ChartView::setSmoothing(double factor) {
    m_store.setSmoothing(factor);
    dataChanged();
}

void ChartView::setLogarithmicY(bool logarithmic) {
    m_logY = logarithmic;
    m_viewY.reset();
    dataChanged();
}

void ChartView::setShowDiverged(bool show) {
    m_withDiverged = show;
    dataChanged();
}

void ChartView::setXDomain(Range domain) {
    m_domain = domain;
    invalidate();
}

void ChartView::dataChanged() {
    m_empty->setVisible(m_store.series().empty());
    invalidate();
    Q_EMIT marginsChanged();
}

void ChartView::invalidate() {
    m_baseStale = true;
    m_fittedY.reset();
    update();
}

Range ChartView::fittedX() const {
    if (m_domain.valid()) return m_domain;
    return m_store.xRange();
}

Range ChartView::fittedY() const {
    // Asked for many times per paint, and a look at every visible point.
    if (!m_fittedY) {
        const Range extent = m_store.yRange(xRange(), m_logY, m_withDiverged);
        m_fittedY = extent.valid() ? roundedOut(extent, m_logY) : Range{m_logY ? 0.1 : 0.0, 1.0};
    }
    return *m_fittedY;
}

Range ChartView::xRange() const {
    const Range range = m_viewX ? *m_viewX : fittedX();
    return range.valid() ? range : Range{0.0, 1.0};
}

Range ChartView::yRange() const {
    return m_viewY ? *m_viewY : fittedY();
}

int ChartView::railRows() const {
    constexpr int kMostRows = 3;
    const auto shown = std::count_if(m_store.series().begin(), m_store.series().end(), [this](const StoredSeries& s) {
        return s.data.emphasised && m_coverage.contains(s.data.version);
    });
    return std::min(kMostRows, static_cast<int>(shown));
}

int ChartView::neededLeftMargin() const {
    const look::NumberPainter numbers(look::font(look::TextRole::Caption));
    const AxisScale scale(yRange(), m_logY);
    const std::vector<double> ticks = scale.ticks(5);
    const look::NumberFormat format{.decimals = scale.decimals(ticks)};
    double widest = 0.0;
    for (const double tick : ticks) widest = std::max(widest, numbers.width(look::formatNumber(tick, format)));
    return kSide + static_cast<int>(std::ceil(widest)) + kLabelGap + kTick;
}

int ChartView::neededRightMargin() const {
    const QFontMetrics metrics(look::font(look::TextRole::Caption, QFont::DemiBold));
    int widest = 0;
    for (const StoredSeries& one : m_store.series())
        if (one.data.emphasised) widest = std::max(widest, metrics.horizontalAdvance(one.data.label));
    return widest > 0 ? kLabelGap + widest + kSide : kSide + kTick;
}

void ChartView::setLeftMargin(int pixels) {
    if (pixels == m_leftMargin) return;
    m_leftMargin = pixels;
    invalidate();
}

void ChartView::setRightMargin(int pixels) {
    if (pixels == m_rightMargin) return;
    m_rightMargin = pixels;
    invalidate();
}

QRectF ChartView::plotArea() const {
    const int left = std::max(m_leftMargin, neededLeftMargin());
    const int right = std::max(m_rightMargin, neededRightMargin());
    const int rails = railRows();
    const int below = kAxisLabels + (rails > 0 ? static_cast<int>(rails * kRailPitch) + 2 : 0);
    return QRectF(left, kTop, std::max(10, width() - left - right), std::max(10, height() - kTop - below));
}

Plot ChartView::plot() const {
    return {plotArea(), AxisScale(xRange(), false), AxisScale(yRange(), m_logY), devicePixelRatioF(), m_withDiverged};
}

void ChartView::setTimeCursor(look::TimeCursor* cursor) {
    if (m_cursor) m_cursor->disconnect(this);
    m_cursor = cursor;
    if (!cursor) return;
    m_paintedCursor = cursor->position();
    connect(cursor, &look::TimeCursor::moved, this, [this](double to) { repaintCursor(m_paintedCursor, to); });
    connect(cursor, &look::TimeCursor::referenceChanged, this, [this] {
        const double old = m_paintedReference.value_or(m_cursor->reference().value_or(0.0));
        repaintCursor(old, m_cursor->reference().value_or(old));
    });
    update();
}

double ChartView::cursor() const {
    return m_cursor ? m_cursor->position() : 0.0;
}

void ChartView::fit() {
    m_viewX.reset();
    m_viewY.reset();
    invalidate();
    const Range range = xRange();
    Q_EMIT xRangeChanged(range.low, range.high);
    Q_EMIT fitted();
    Q_EMIT marginsChanged();
}

void ChartView::setXRange(double low, double high) {
    if (!(low < high)) return;
    const Range whole = fittedX();
    const bool isWhole = low == whole.low && high == whole.high;
    const std::optional<Range> next = isWhole ? std::nullopt : std::optional<Range>({low, high});
    if (next == m_viewX) return;
    m_viewX = next;
    invalidate();
    Q_EMIT xRangeChanged(low, high);
    Q_EMIT marginsChanged();
}

void ChartView::setYRange(double low, double high) {
    if (!(low < high) || (m_logY && low <= 0.0)) return;
    m_viewY = Range{low, high};
    invalidate();
    Q_EMIT marginsChanged();
}

QString ChartView::hoveredVersion() const {
    return m_hovered >= 0 ? m_store.series()[static_cast<std::size_t>(m_hovered)].data.version : QString();
}

QString ChartView::describe(const QString& version, double x) const {
    const int index = m_store.indexOf(version);
    if (index < 0) return {};
    const Series& series = m_store.series()[static_cast<std::size_t>(index)].data;
    const double reach = series.spacing > 0 ? series.spacing : xRange().length();
    const auto at = pointAt(series, x, reach);
    if (!at) return tr("%1: no value here").arg(series.label);
    const Point& point = series.points[*at];
    QString words = look::sourceText(point.source);
    if (point.source != look::Source::Recorded) words += tr(", ") + look::fidelityText(point.fidelity);
    const bool hidden = point.fidelity == look::Fidelity::Diverged && !m_withDiverged;
    const QString value = hidden ? tr("hidden") : look::formatNumber(point.y);
    return tr("%1 · %2 %3: %4 (%5)").arg(series.label, m_xName, look::formatNumber(point.x), value, words);
}

QString ChartView::describeCursor() const {
    QStringList parts{tr("%1 %2").arg(m_xName, look::formatNumber(cursor()))};
    for (const StoredSeries& one : m_store.series())
        if (one.data.emphasised) parts << describe(one.data.version, cursor());
    return parts.join(QStringLiteral("; "));
}

void ChartView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    m_empty->setGeometry(0, kTop - 8, width(), height() - kTop + 8);
    invalidate();
}

void ChartView::changeEvent(QEvent* event) {
    if (event->type() == QEvent::LanguageChange) retranslate();
    if (event->type() == QEvent::FontChange || event->type() == QEvent::LanguageChange) invalidate();
    QWidget::changeEvent(event);
}

}  // namespace hindcast::chart
