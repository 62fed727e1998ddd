// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sql/sql_editor.h"

#include <QKeyEvent>
#include <QTimer>

#include "core/query/sql_text.h"
#include "widgets/look/icon_set.h"
#include "widgets/look/theme.h"
#include "widgets/source/python_lexer.h"
#include "widgets/sql/sql_lexer.h"

namespace hindcast::sql {

namespace {
constexpr int kNumbers = 0;
constexpr int kProblem = 8;  ///< of the indicators, the first that no lexer uses
constexpr int kLineHeight = 20;
constexpr int kIconSize = 14;
constexpr int kMostRows = 9;

const char* iconOf(Completion::Kind kind) {
    switch (kind) {
        case Completion::Kind::Table:
            return "table";
        case Completion::Kind::Name:
            return "chart-line";
        case Completion::Kind::Function:
            return "settings";
        case Completion::Kind::Keyword:
            return "sql";
        case Completion::Kind::Column:
            break;
    }
    return "group";
}

bool isRun(const QKeyEvent& key) {
    const bool enter = key.key() == Qt::Key_Return || key.key() == Qt::Key_Enter;
    return enter && (key.modifiers() & ~Qt::KeypadModifier) == Qt::ControlModifier;
}
}  // namespace

SqlEditor::SqlEditor(QWidget* parent) : QsciScintilla(parent), m_lexer(new SqlLexer(this)) {
    setFrameShape(QFrame::NoFrame);
    setLexer(m_lexer);
    setUtf8(true);
    setTabWidth(2);
    setIndentationsUseTabs(false);
    setAutoIndent(true);
    setWrapMode(WrapWord);
    setBraceMatching(SloppyBraceMatch);
    setMarginType(kNumbers, NumberMargin);
    setMarginWidth(kNumbers, QStringLiteral("888"));
    setMarginWidth(1, 8);
    setMarginWidth(2, 0);
    setAutoCompletionSource(AcsNone);
    setCaretLineVisible(false);
    SendScintilla(SCI_AUTOCSETSEPARATOR, static_cast<unsigned long>('\n'));
    SendScintilla(SCI_AUTOCSETTYPESEPARATOR, static_cast<unsigned long>('\t'));
    SendScintilla(SCI_AUTOCSETIGNORECASE, 1UL);
    SendScintilla(SCI_AUTOCSETORDER, static_cast<unsigned long>(SC_ORDER_CUSTOM));
    SendScintilla(SCI_AUTOCSETAUTOHIDE, 0UL);
    SendScintilla(SCI_AUTOCSETMAXHEIGHT, static_cast<unsigned long>(kMostRows));
    SendScintilla(SCI_INDICSETSTYLE, static_cast<unsigned long>(kProblem), static_cast<long>(INDIC_SQUIGGLE));
    connect(this, &QsciScintilla::SCN_CHARADDED, this, [this](int) { complete(false); });
    connect(this, &QsciScintilla::textChanged, this, &SqlEditor::clearProblem);
    applyTheme();
}

void SqlEditor::applyTheme() {
    m_lexer->applyTheme();
    setMarginsFont(source::editorFont(look::TextRole::Caption));
    setMarginsBackgroundColor(look::color(look::Color::SurfacePanel));
    setMarginsForegroundColor(look::color(look::Color::TextTertiary));
    setCaretForegroundColor(look::color(look::Color::TextPrimary));
    setSelectionBackgroundColor(look::color(look::Color::AccentSoft));
    setSelectionForegroundColor(look::color(look::Color::TextPrimary));
    setMatchedBraceBackgroundColor(look::color(look::Color::AccentSoft));
    setMatchedBraceForegroundColor(look::color(look::Color::AccentText));
    setUnmatchedBraceForegroundColor(look::color(look::Color::Error));
    setUnmatchedBraceBackgroundColor(look::color(look::Color::SurfacePanel));
    setIndicatorForegroundColor(look::color(look::Color::ErrorMark), kProblem);
    const int spare = kLineHeight - QFontMetrics(source::editorFont(look::TextRole::Code)).height();
    setExtraAscent(qMax(0, spare - spare / 2));
    setExtraDescent(qMax(0, spare / 2));
    registerIcons();
}

void SqlEditor::registerIcons() {
    using Kind = Completion::Kind;
    for (const auto kind : {Kind::Column, Kind::Table, Kind::Name, Kind::Function, Kind::Keyword}) {
        registerImage(static_cast<int>(kind),
                      look::IconSet::instance().pixmap(QLatin1String(iconOf(kind)),
                                                       look::color(look::Color::TextTertiary), kIconSize, 1.0));
    }
}

int SqlEditor::caret() const {
    const auto bytes = SendScintilla(SCI_GETCURRENTPOS);
    return static_cast<int>(QString::fromUtf8(text().toUtf8().left(bytes)).size());
}

void SqlEditor::complete(bool asked) {
    m_offered.clear();
    if (!m_words) return;
    const Completions found = completionsAt(text(), caret(), m_words(), asked);
    if (found.entries.empty()) return cancelList();
    QByteArray list;
    for (const Completion& entry : found.entries) {
        if (!list.isEmpty()) list += '\n';
        list += entry.text.toUtf8() + '\t' + QByteArray::number(static_cast<int>(entry.kind));
        m_offered.append(entry.text);
    }
    SendScintilla(SCI_AUTOCSHOW, static_cast<unsigned long>(found.typed.toUtf8().size()), list.constData());
}

void SqlEditor::markProblem(int position) {
    const QByteArray all = text().toUtf8();
    const auto begin = text().left(position).toUtf8().size();
    const auto tokens = query::tokensOf(std::string_view(all.constData(), static_cast<std::size_t>(all.size())));
    auto end = qMin<qsizetype>(begin + 1, all.size());
    for (const auto& token : tokens) {
        if (static_cast<qsizetype>(token.begin) <= begin && static_cast<qsizetype>(token.end) > begin)
            end = static_cast<qsizetype>(token.end);
    }
    SendScintilla(SCI_SETINDICATORCURRENT, static_cast<unsigned long>(kProblem));
    SendScintilla(SCI_INDICATORFILLRANGE, static_cast<unsigned long>(begin), static_cast<long>(end - begin));
    SendScintilla(SCI_GOTOPOS, static_cast<unsigned long>(begin));
}

void SqlEditor::clearProblem() {
    SendScintilla(SCI_SETINDICATORCURRENT, static_cast<unsigned long>(kProblem));
    SendScintilla(SCI_INDICATORCLEARRANGE, 0UL, static_cast<long>(SendScintilla(SCI_GETLENGTH)));
}

int SqlEditor::problemAt() const {
    const auto length = SendScintilla(SCI_GETLENGTH);
    for (long at = 0; at < length; ++at) {
        if (SendScintilla(SCI_INDICATORVALUEAT, static_cast<unsigned long>(kProblem), at) != 0)
            return static_cast<int>(QString::fromUtf8(text().toUtf8().left(at)).size());
    }
    return -1;
}

void SqlEditor::replaceAll(const QString& text) {
    beginUndoAction();
    selectAll();
    replaceSelectedText(text);
    endUndoAction();
    SendScintilla(SCI_DOCUMENTEND);
}

/// The window's shortcuts come first unless the editor claims the key.
bool SqlEditor::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (isRun(*key) || (key->key() == Qt::Key_Escape && isListActive())) {
            event->accept();
            return true;
        }
    }
    return QsciScintilla::event(event);
}

void SqlEditor::keyPressEvent(QKeyEvent* event) {
    if (isRun(*event)) {
        cancelList();
        return Q_EMIT runRequested();
    }
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier) return complete(true);
    if (event->key() == Qt::Key_Escape && !isListActive()) return Q_EMIT stopRequested();
    const bool tab = event->key() == Qt::Key_Tab || event->key() == Qt::Key_Backtab;
    if (tab && !isListActive()) {
        // Scintilla keeps Tab for itself.
        QAbstractScrollArea::focusNextPrevChild(event->key() == Qt::Key_Tab);
        return;
    }
    QsciScintilla::keyPressEvent(event);
    // The list follows what is deleted too; typed characters are told by Scintilla.
    if (event->key() == Qt::Key_Backspace && isListActive()) complete(false);
}

}  // namespace hindcast::sql
