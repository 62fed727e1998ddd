// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/source/code_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>

#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"
#include "widgets/source/python_lexer.h"

namespace hindcast::source {

namespace {
constexpr int kNumbers = 0;
constexpr int kIcons = 1;
constexpr int kFolds = 2;
constexpr int kIconWidth = 26;
constexpr int kIconSize = 14;
constexpr int kLineHeight = 20;

int number(CodeView::Mark mark) {
    return static_cast<int>(mark);
}

unsigned bit(CodeView::Mark mark) {
    return 1U << static_cast<unsigned>(mark);
}

constexpr unsigned kIconMask = (1U << 4U) - 1U;
}  // namespace

CodeView::CodeView(QWidget* parent) : QsciScintilla(parent), m_lexer(new PythonLexer(this)) {
    setFrameShape(QFrame::NoFrame);
    setLexer(m_lexer);
    setUtf8(true);
    setReadOnly(true);
    setTabWidth(4);
    setWrapMode(WrapNone);
    setScrollWidth(1);
    setScrollWidthTracking(true);
    setMarginType(kNumbers, TextMarginRightJustified);
    setMarginType(kIcons, SymbolMargin);
    setMarginWidth(kIcons, kIconWidth);
    setMarginWidth(kFolds, 0);
    setMarginSensitivity(kIcons, true);
    setMarginMarkerMask(kNumbers, 0);
    setMarginMarkerMask(kIcons, static_cast<int>(kIconMask));
    setAnnotationDisplay(AnnotationStandard);
    setCaretLineVisible(true);
    viewport()->setMouseTracking(true);
    viewport()->installEventFilter(this);
    connect(this, &QsciScintilla::marginClicked, this, [this](int, int line, Qt::KeyboardModifiers) {
        if (isMarked(line, Mark::Plus))
            Q_EMIT plusClicked(line);
        else
            Q_EMIT markClicked(line);
    });
    connect(this, &QsciScintilla::cursorPositionChanged, this, &CodeView::showPlus);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &CodeView::scrolled);
    connect(horizontalScrollBar(), &QScrollBar::valueChanged, this, &CodeView::scrolled);
    applyTheme();
}

void CodeView::applyTheme() {
    m_lexer->applyTheme();
    setMarginsFont(editorFont(look::TextRole::Caption));
    setMarginsBackgroundColor(look::color(look::Color::SurfacePanel));
    setMarginsForegroundColor(look::color(look::Color::TextTertiary));
    setCaretLineBackgroundColor(look::color(look::Color::SurfaceHover));
    setCaretForegroundColor(look::color(look::Color::TextPrimary));
    setSelectionBackgroundColor(look::color(look::Color::AccentSoft));
    setSelectionForegroundColor(look::color(look::Color::TextPrimary));
    const int spare = kLineHeight - QFontMetrics(editorFont(look::TextRole::Code)).height();
    setExtraAscent(qMax(0, spare - spare / 2));
    setExtraDescent(qMax(0, spare / 2));
    defineMarks();
}

void CodeView::defineMarks() {
    const auto icon = [this](const char* name, look::Color token) {
        return look::IconSet::instance().pixmap(QLatin1String(name), look::color(token), kIconSize,
                                                devicePixelRatioF());
    };
    markerDefine(icon("plus", look::Color::TextSecondary), number(Mark::Plus));
    markerDefine(icon("probe-statement", look::Color::AccentText), number(Mark::Probe));
    markerDefine(icon("placed", look::Color::OkMark), number(Mark::Placed));
    markerDefine(icon("conflict", look::Color::WarnMark), number(Mark::Conflict));
    const auto ground = [this](Mark mark, look::Color token) {
        markerDefine(Background, number(mark));
        setMarkerBackgroundColor(look::color(token), number(mark));
    };
    ground(Mark::ProbeGround, look::Color::CodeProbeGround);
    ground(Mark::OkGround, look::Color::OkGround);
    ground(Mark::WarnGround, look::Color::WarnGround);
    markerDefine(Underline, number(Mark::Drop));
    setMarkerBackgroundColor(look::color(look::Color::Accent), number(Mark::Drop));
}

void CodeView::showText(const QString& text) {
    const int top = firstVisibleLine();
    int line = 0;
    int column = 0;
    getCursorPosition(&line, &column);
    m_plusLines.clear();
    setMovable(0, -1);
    markerDeleteAll(-1);
    clearAnnotations();
    setReadOnly(false);
    setText(text);
    setReadOnly(true);
    SendScintilla(SCI_EMPTYUNDOBUFFER);
    // The width is measured anew, and only grows by itself.
    setScrollWidth(1);
    const int digits = qMax(3, static_cast<int>(QString::number(lines()).size()));
    setMarginWidth(kNumbers, QString(digits + 1, QLatin1Char('8')));
    for (int i = 0; i < lines(); ++i) setNumberText(i, QString::number(i + 1));
    setCursorPosition(qMin(line, lines() - 1), 0);
    setFirstVisibleLine(top);
    showPlus();
}

QStringList CodeView::textLines() const {
    return text().split(QLatin1Char('\n'));
}

void CodeView::setNumberText(int line, const QString& text) {
    QsciScintilla::setMarginText(line, text, STYLE_LINENUMBER);
}

void CodeView::mark(int line, Mark mark) {
    markerAdd(line, number(mark));
}

void CodeView::unmark(int line, Mark mark) {
    markerDelete(line, number(mark));
}

bool CodeView::isMarked(int line, Mark mark) const {
    return (markersAtLine(line) & bit(mark)) != 0;
}

void CodeView::setOffersPlus(bool on) {
    m_offersPlus = on;
    showPlus();
}

int CodeView::lineHeight() const {
    return static_cast<int>(SendScintilla(SCI_TEXTHEIGHT, 0UL));
}

int CodeView::lineTop(int line) const {
    const auto position = SendScintilla(SCI_POSITIONFROMLINE, line);
    return static_cast<int>(SendScintilla(SCI_POINTYFROMPOSITION, 0UL, position));
}

int CodeView::lineAtPoint(QPoint point) const {
    const auto position = SendScintilla(SCI_POSITIONFROMPOINT, static_cast<unsigned long>(qMax(0, point.x())),
                                        static_cast<long>(point.y()));
    const auto line = static_cast<int>(SendScintilla(SCI_LINEFROMPOSITION, position));
    return point.y() < lineTop(line) + lineHeight() ? line : -1;
}

void CodeView::moveHover(int line) {
    if (m_hovered == line) return;
    m_hovered = line;
    showPlus();
}

/// A '+' on the hovered line and on the caret's, unless the line has an icon already.
void CodeView::showPlus() {
    for (const int line : std::as_const(m_plusLines)) unmark(line, Mark::Plus);
    m_plusLines.clear();
    if (!m_offersPlus) return;
    int caret = 0;
    int column = 0;
    getCursorPosition(&caret, &column);
    for (const int line : {m_hovered, caret}) {
        if (line < 0 || m_plusLines.contains(line) || (markersAtLine(line) & kIconMask)) continue;
        mark(line, Mark::Plus);
        m_plusLines.append(line);
    }
}

void CodeView::setMovable(int first, int last) {
    showDrop(-2);
    m_dragging = false;
    m_firstMovable = first;
    m_lastMovable = last;
}

void CodeView::showDrop(int belowLine) {
    if (m_drop >= -1) unmark(qMax(0, m_drop), Mark::Drop);
    m_drop = belowLine;
    if (m_drop >= -1) mark(qMax(0, m_drop), Mark::Drop);
}

void CodeView::drop() {
    const int below = m_drop;
    const bool moved = below >= -1 && (below < m_firstMovable - 1 || below > m_lastMovable);
    showDrop(-2);
    if (moved) Q_EMIT dropped(below);
}

/// A press on a movable line begins a drag; true when the event is its own.
bool CodeView::followDrag(QEvent* event) {
    if (event->type() == QEvent::MouseButtonPress) {
        const auto* press = static_cast<QMouseEvent*>(event);
        m_dragging = press->button() == Qt::LeftButton && isMovable(lineAtPoint(press->pos()));
        if (m_dragging) viewport()->setCursor(Qt::ClosedHandCursor);
        return m_dragging;
    }
    if (event->type() == QEvent::MouseMove) {
        const QPoint at = static_cast<QMouseEvent*>(event)->pos();
        if (!m_dragging) {
            viewport()->setCursor(isMovable(lineAtPoint(at)) ? Qt::OpenHandCursor : Qt::IBeamCursor);
            return false;
        }
        // The gap nearest to the pointer: in the lower half of a line the one below it.
        const int line = lineAtPoint(QPoint(at.x(), qBound(0, at.y(), viewport()->height() - 1)));
        if (line >= 0) showDrop(at.y() > lineTop(line) + lineHeight() / 2 ? line : line - 1);
        return true;
    }
    if (event->type() == QEvent::MouseButtonRelease && m_dragging) {
        m_dragging = false;
        viewport()->setCursor(Qt::OpenHandCursor);
        drop();
        return true;
    }
    return false;
}

bool CodeView::eventFilter(QObject* watched, QEvent* event) {
    if (watched == viewport() && m_lastMovable >= m_firstMovable && followDrag(event)) return true;
    if (watched == viewport() && m_offersPlus) {
        if (event->type() == QEvent::MouseMove) moveHover(lineAtPoint(static_cast<QMouseEvent*>(event)->pos()));
        if (event->type() == QEvent::Leave) moveHover(-1);
    }
    return QsciScintilla::eventFilter(watched, event);
}

void CodeView::keyPressEvent(QKeyEvent* event) {
    // Tab leaves the view: nothing is typed here, and the keyboard must get out again.
    if (event->key() == Qt::Key_Tab || event->key() == Qt::Key_Backtab) {
        focusNextPrevChild(event->key() == Qt::Key_Tab);
        return;
    }
    const bool movable = m_lastMovable >= m_firstMovable;
    const bool step = event->key() == Qt::Key_Up || event->key() == Qt::Key_Down;
    if (movable && step && event->modifiers() == Qt::AltModifier) {
        const bool down = event->key() == Qt::Key_Down;
        const int from = m_drop < -1 ? (down ? m_lastMovable : m_firstMovable - 1) : m_drop;
        // Between the moved lines themselves there is no place.
        int to = from + (down ? 1 : -1);
        if (to >= m_firstMovable - 1 && to <= m_lastMovable) to = down ? m_lastMovable + 1 : m_firstMovable - 2;
        showDrop(qBound(-1, to, lines() - 1));
        ensureLineVisible(qMax(0, m_drop));
        return;
    }
    if (m_drop >= -1 && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) return drop();
    if (m_drop >= -1 && event->key() == Qt::Key_Escape) return showDrop(-2);
    QsciScintilla::keyPressEvent(event);
}

}  // namespace hindcast::source
