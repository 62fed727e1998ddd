// SPDX-License-Identifier: Apache-2.0
#include "core/query/pivot/pivot_calls.h"

#include "core/query/sql_text.h"

namespace hindcast::query {

using base::Error;
using base::ErrorCode;
using base::Result;

static bool isSymbol(const std::vector<Token>& tokens, std::size_t at, const char* symbol) {
    return at < tokens.size() && tokens[at].kind == TokenKind::Symbol && tokens[at].value == symbol;
}

/// Whether the token names the table before it: `AS x`, or a word that is not SQL's own.
static bool isAlias(const std::vector<Token>& tokens, std::size_t at) {
    if (at >= tokens.size()) return false;
    const Token& token = tokens[at];
    if (token.kind == TokenKind::Identifier) return true;
    return token.kind == TokenKind::Word && (folded(token.value) == "as" || !isKeyword(token.value));
}

static Error badCall(const std::string& sql, const Token& token) {
    return Error(ErrorCode::InvalidArgument,
                 "pivot takes names in quotes, as pivot('lr', 'loss') (" + placeOf(sql, token.begin) + ")");
}

Result<PivotCalls> findPivotCalls(const std::string& sql) {
    PivotCalls found;
    const std::vector<Token> tokens = tokensOf(sql);
    for (std::size_t at = 0; at < tokens.size(); ++at) {
        const bool member = at > 0 && isSymbol(tokens, at - 1, ".");
        if (tokens[at].kind != TokenKind::Word || folded(tokens[at].value) != "pivot" || member ||
            !isSymbol(tokens, at + 1, "("))
            continue;
        PivotCalls::Call call{tokens[at].begin, 0, {}, false};
        std::size_t next = at + 2;
        while (!isSymbol(tokens, next, ")")) {
            if (next >= tokens.size()) return badCall(sql, tokens[at]);
            const Token& name = tokens[next];
            if (name.kind != TokenKind::Text && name.kind != TokenKind::Identifier) return badCall(sql, name);
            call.names.push_back(name.value);
            ++next;
            if (isSymbol(tokens, next, ",")) {
                ++next;
            } else if (!isSymbol(tokens, next, ")")) {
                return badCall(sql, next < tokens.size() ? tokens[next] : tokens[at]);
            }
        }
        call.end = tokens[next].end;
        call.aliased = isAlias(tokens, next + 1);
        found.calls.push_back(std::move(call));
        at = next;
    }
    return found;
}

Result<void> PivotCalls::replace(const std::string& sql,
                                 const std::function<Result<std::string>(const std::vector<std::string>&)>& tableOf) {
    std::size_t copied = 0;
    for (const Call& call : calls) {
        HINDCAST_ASSIGN(const std::string table, tableOf(call.names));
        m_text.append(sql, copied, call.begin - copied);
        const std::size_t begin = m_text.size();
        m_text += "temp." + table + (call.aliased ? "" : " AS pivot");
        m_pieces.push_back({begin, m_text.size(), call.begin, call.end});
        copied = call.end;
    }
    m_text.append(sql, copied);
    return {};
}

std::size_t PivotCalls::original(std::size_t position) const {
    std::size_t end = 0;  // of the last piece before the position, in both texts
    std::size_t from = 0;
    for (const Piece& piece : m_pieces) {
        if (position < piece.begin) break;
        if (position < piece.end) return piece.from;
        end = piece.end;
        from = piece.to;
    }
    return from + (position - end);
}

}  // namespace hindcast::query
