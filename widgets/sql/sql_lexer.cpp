// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sql/sql_lexer.h"

#include <array>

#include "widgets/look/theme.h"
#include "widgets/source/python_lexer.h"

namespace hindcast::sql {

namespace {
/// SQLite's; those that a query that only reads can use.
constexpr const char* kWords =
    "all and as asc between by case cast collate cross current desc distinct else end escape except exclude exists "
    "explain filter first following from full glob group groups having in inner intersect is isnull join last left "
    "like limit materialized natural not notnull null nulls offset on or order others outer over partition plan "
    "preceding range recursive right row rows select then ties true false unbounded union using values when where "
    "window with";
constexpr const char* kFunctions =
    "abs avg ceil coalesce count date datetime exp floor format group_concat hex ifnull iif instr json json_array "
    "json_each json_extract json_group_array lag lead length ln log lower ltrim max min nullif pivot pow printf rank "
    "replace round row_number rtrim sign sqrt strftime substr sum time total trim typeof unicode upper";
}  // namespace

SqlLexer::SqlLexer(QObject* parent) : QsciLexerSQL(parent) {
    applyTheme();
}

const char* SqlLexer::keywords(int set) const {
    if (set == 1) return kWords;
    return set == 5 ? kFunctions : nullptr;
}

void SqlLexer::applyTheme() {
    static constexpr std::array kStrings{SingleQuotedString};
    static constexpr std::array kComments{Comment, CommentLine, CommentLineHash, CommentDoc};
    const QFont face = source::editorFont(look::TextRole::Code);
    setDefaultFont(face);
    setDefaultPaper(look::color(look::Color::SurfacePanel));
    setDefaultColor(look::color(look::Color::CodeText));
    for (int style = Default; style <= QuotedOperator; ++style) {
        setFont(face, style);
        setColor(look::color(look::Color::CodeText), style);
        setPaper(look::color(look::Color::SurfacePanel), style);
        setEolFill(false, style);
    }
    for (const int style : kStrings) setColor(look::color(look::Color::CodeString), style);
    for (const int style : kComments) setColor(look::color(look::Color::CodeComment), style);
    setColor(look::color(look::Color::CodeKeyword), Keyword);
    setColor(look::color(look::Color::CodeNumber), Number);
    setColor(look::color(look::Color::CodeFunction), KeywordSet5);
}

}  // namespace hindcast::sql
