// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "core/workspace/queries/query_session.h"

namespace hindcast::sql {

/// One thing that can stand at the caret.
struct Completion {
    enum class Kind : std::uint8_t { Column, Table, Name, Function, Keyword };
    QString text;  ///< as it is put into the query, quoted where SQL needs it
    Kind kind = Kind::Column;

    bool operator==(const Completion&) const = default;
};

struct Completions {
    QString typed;  ///< what stands before the caret and is replaced
    std::vector<Completion> entries;
};

/// What can stand at a position (in characters) of a query: after FROM tables, after a table's dot its columns, in
/// quotes the logged names and arguments, else the columns of the tables that the query names (of all tables while it
/// names none), functions and keywords. What begins with the typed text comes before what only holds it. Without
/// anything typed only what the place asks for is offered, unless `asked` (Ctrl+Space). Pure.
Completions completionsAt(const QString& query, int position, const workspace::SqlVocabulary& words, bool asked);

}  // namespace hindcast::sql
