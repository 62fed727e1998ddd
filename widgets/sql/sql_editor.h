// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Qsci/qsciscintilla.h>

#include <functional>

#include "widgets/sql/completion.h"

namespace hindcast::sql {

class SqlLexer;

/// Where a query is typed: colours, completion while typing and with Ctrl+Space, the place of a mistake underlined.
/// Ctrl+Return runs it, Escape asks to stop it; Tab leaves the editor unless a completion is open.
class SqlEditor : public QsciScintilla {
    Q_OBJECT
public:
    explicit SqlEditor(QWidget* parent = nullptr);

    /// Where completions come from.
    void setWords(std::function<workspace::SqlVocabulary()> words) { m_words = std::move(words); }
    /// Underlines what stands at a character and puts the caret there; typing clears it.
    void markProblem(int position);
    void clearProblem();
    /// The first character of what is underlined, -1 when nothing is.
    int problemAt() const;
    /// Replaces all, so that Ctrl+Z brings the old text back.
    void replaceAll(const QString& text);
    void applyTheme();
    /// What the open list offers, for tests and for those who cannot see it.
    QStringList offered() const { return m_offered; }
    void complete(bool asked);

Q_SIGNALS:
    void runRequested();
    void stopRequested();

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void registerIcons();
    int caret() const;

    SqlLexer* m_lexer;
    std::function<workspace::SqlVocabulary()> m_words;
    QStringList m_offered;
};

}  // namespace hindcast::sql
