// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/source/python_lexer.h"

#include <QGuiApplication>
#include <QScreen>
#include <array>

#include "widgets/look/theme.h"

namespace hindcast::source {

QFont editorFont(look::TextRole role) {
    constexpr double kPointsPerInch = 72;
    QFont font = look::monoFont(role);
    const QScreen* screen = QGuiApplication::primaryScreen();
    const double dotsPerInch = screen ? screen->logicalDotsPerInchY() : 96;
    font.setPointSizeF(font.pixelSize() * kPointsPerInch / dotsPerInch);
    return font;
}

PythonLexer::PythonLexer(QObject* parent) : QsciLexerPython(parent) {
    setHighlightSubidentifiers(true);
    applyTheme();
}

const char* PythonLexer::keywords(int set) const {
    return set == 2 ? "hc hindcast" : QsciLexerPython::keywords(set);
}

void PythonLexer::applyTheme() {
    static constexpr std::array kStrings{
        DoubleQuotedString,  SingleQuotedString,  TripleSingleQuotedString,  TripleDoubleQuotedString, UnclosedString,
        DoubleQuotedFString, SingleQuotedFString, TripleSingleQuotedFString, TripleDoubleQuotedFString};
    static constexpr std::array kFunctions{FunctionMethodName, ClassName, HighlightedIdentifier, Decorator};
    setFont(editorFont(look::TextRole::Code));
    setColor(look::color(look::Color::CodeText));
    setPaper(look::color(look::Color::SurfacePanel));
    for (int style = Default; style <= TripleDoubleQuotedFString; ++style) {
        setFont(editorFont(look::TextRole::Code), style);
        setColor(look::color(look::Color::CodeText), style);
        setPaper(look::color(look::Color::SurfacePanel), style);
        setEolFill(false, style);
    }
    for (const int style : kStrings) setColor(look::color(look::Color::CodeString), style);
    for (const int style : kFunctions) setColor(look::color(look::Color::CodeFunction), style);
    setColor(look::color(look::Color::CodeKeyword), Keyword);
    setColor(look::color(look::Color::CodeNumber), Number);
    setColor(look::color(look::Color::CodeComment), Comment);
    setColor(look::color(look::Color::CodeComment), CommentBlock);
}

}  // namespace hindcast::source
