// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace hindcast::query {

/// The calls `pivot('a', 'b')` of an SQL text. SQLite's table functions have fixed columns, the pivot's depend on what
/// is asked for: each call becomes a table of its own, and its name stands in the text instead.
class PivotCalls {
public:
    struct Call {
        std::size_t begin, end;  ///< in the user's text
        std::vector<std::string> names;
        bool aliased = false;  ///< the user gives it a name
    };
    std::vector<Call> calls;

    /// Puts the tables that `tableOf(names)` names in place of the calls. A call without an alias is called `pivot`.
    base::Result<void> replace(
        const std::string& sql,
        const std::function<base::Result<std::string>(const std::vector<std::string>&)>& tableOf);
    const std::string& text() const { return m_text; }
    /// Where a position of text() is in the user's text.
    std::size_t original(std::size_t position) const;

private:
    struct Piece {
        std::size_t begin, end;  ///< in m_text
        std::size_t from, to;    ///< in the user's text
    };
    std::string m_text;
    std::vector<Piece> m_pieces;
};

/// InvalidArgument when a call's arguments are not names in quotes.
base::Result<PivotCalls> findPivotCalls(const std::string& sql);

}  // namespace hindcast::query
