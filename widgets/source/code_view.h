// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Qsci/qsciscintilla.h>

namespace hindcast::source {

class PythonLexer;

/// A read-only view of Python source in the look of the window: line numbers, an icon margin, grounds for whole lines,
/// notes below lines. Lines are 0-based here.
class CodeView : public QsciScintilla {
    Q_OBJECT
public:
    enum class Mark : std::uint8_t { Plus, Probe, Placed, Conflict, ProbeGround, OkGround, WarnGround, Drop };

    explicit CodeView(QWidget* parent = nullptr);

    /// Replaces the text, keeps the first visible line where it can, forgets marks and notes.
    void showText(const QString& text);
    QStringList textLines() const;
    void mark(int line, Mark mark);
    void unmark(int line, Mark mark);
    /// Text of the number margin instead of the line's number.
    void setNumberText(int line, const QString& text);
    /// The '+' shows on the hovered line and on the caret's line.
    void setOffersPlus(bool on);
    /// Lines that can be dragged to another place, or moved with Alt+Up and Alt+Down and Return; none when last <
    /// first.
    void setMovable(int first, int last);
    /// The line below which the moved lines would stand; -1 above the first, -2 while nothing is moved.
    int dropLine() const { return m_drop; }
    int lineHeight() const;
    /// Top of a line in the viewport, and of what stands below its text.
    int lineTop(int line) const;
    int hoveredLine() const { return m_hovered; }
    void applyTheme();

Q_SIGNALS:
    /// The '+' of a line was clicked.
    void plusClicked(int line);
    /// The icon of a line was clicked.
    void markClicked(int line);
    void scrolled();
    /// The movable lines were dropped below a line (-1: above the first).
    void dropped(int belowLine);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void defineMarks();
    void moveHover(int line);
    void showPlus();
    int lineAtPoint(QPoint point) const;
    bool isMarked(int line, Mark mark) const;
    bool isMovable(int line) const { return line >= m_firstMovable && line <= m_lastMovable; }
    void showDrop(int belowLine);
    void drop();
    bool followDrag(QEvent* event);

    PythonLexer* m_lexer;
    bool m_offersPlus = false;
    int m_hovered = -1;
    int m_firstMovable = 0;
    int m_lastMovable = -1;
    bool m_dragging = false;
    int m_drop = -2;
    QList<int> m_plusLines;
};

}  // namespace hindcast::source
