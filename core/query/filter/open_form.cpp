// SPDX-License-Identifier: Apache-2.0
#include "core/query/filter/open_form.h"

#include <algorithm>
#include <set>

#include "core/query/sql_text.h"

namespace hindcast::query {

namespace {

/// A run of tokens [from, to).
struct Span {
    std::size_t from, to;
};

bool isWord(const Token& token, const char* word) {
    return token.kind == TokenKind::Word && folded(token.value) == word;
}
bool isSymbol(const Token& token, const char* symbol) {
    return token.kind == TokenKind::Symbol && token.value == symbol;
}

/// Splits at a connective that stands outside parentheses and CASE; the AND of a BETWEEN is none.
std::vector<Span> split(const std::vector<Token>& tokens, Span span, const char* connective) {
    std::vector<Span> parts;
    int depth = 0;
    int betweens = 0;
    std::size_t from = span.from;
    for (std::size_t at = span.from; at < span.to; ++at) {
        const Token& token = tokens[at];
        if (isSymbol(token, "(") || isWord(token, "case")) ++depth;
        if (isSymbol(token, ")") || isWord(token, "end")) --depth;
        if (depth > 0) continue;
        if (isWord(token, "between")) ++betweens;
        if (isWord(token, "and") && betweens > 0) {
            --betweens;
        } else if (isWord(token, connective)) {
            parts.push_back({from, at});
            from = at + 1;
        }
    }
    parts.push_back({from, span.to});
    return parts;
}

bool looksAtNull(const std::vector<Token>& tokens, Span span) {
    static const std::set<std::string> kWords{"is", "isnull", "notnull", "null", "case", "distinct"};
    for (std::size_t at = span.from; at < span.to; ++at) {
        const Token& token = tokens[at];
        if (token.kind == TokenKind::Word && kWords.contains(folded(token.value))) return true;
        const bool called = at + 1 < span.to && isSymbol(tokens[at + 1], "(");
        if (called &&
            (token.kind == TokenKind::Identifier || (token.kind == TokenKind::Word && !isKeyword(token.value))))
            return true;
    }
    return false;
}

std::string part(const std::string& text, const std::vector<Token>& tokens, Span span,
                 const std::vector<std::string>& columns) {
    // On a line of its own: a comment at the end must not swallow the parenthesis.
    const std::string plain =
        "(" + text.substr(tokens[span.from].begin, tokens[span.to - 1].end - tokens[span.from].begin) + "\n)";
    if (!looksAtNull(tokens, span)) return plain;
    std::string open;
    for (const std::string& column : columns) {
        const bool read = std::any_of(tokens.begin() + static_cast<std::ptrdiff_t>(span.from),
                                      tokens.begin() + static_cast<std::ptrdiff_t>(span.to), [&](const Token& token) {
                                          const bool name =
                                              token.kind == TokenKind::Word || token.kind == TokenKind::Identifier;
                                          return name && folded(token.value) == folded(column);
                                      });
        if (read) open += (open.empty() ? "" : " OR ") + quotedIdentifier(column) + " IS NULL";
    }
    return open.empty() ? plain : "(CASE WHEN " + open + " THEN NULL ELSE " + plain + " END)";
}

}  // namespace

std::string openForm(const std::string& expression, const std::vector<std::string>& columns) {
    const std::vector<Token> tokens = tokensOf(expression);
    std::string text;
    for (const Span& alternative : split(tokens, {0, tokens.size()}, "or")) {
        std::string conditions;
        for (const Span& condition : split(tokens, alternative, "and")) {
            // Not an expression: SQLite has said so already, or will.
            if (condition.from >= condition.to) return expression;
            conditions += (conditions.empty() ? "" : " AND ") + part(expression, tokens, condition, columns);
        }
        text += (text.empty() ? "" : " OR ") + conditions;
    }
    return text;
}

}  // namespace hindcast::query
