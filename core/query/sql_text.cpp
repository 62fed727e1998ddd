// SPDX-License-Identifier: Apache-2.0
#include "core/query/sql_text.h"

#include <sqlite3.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace hindcast::query {

static bool startsWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
static bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
static bool continuesWord(char c) {
    return startsWord(c) || isDigit(c) || c == '$';
}
static bool isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/// Reads a quoted token whose quote doubles inside ('' or ""); `at` is on the opening quote.
static Token quoted(std::string_view sql, std::size_t at, char close, TokenKind kind) {
    Token token{kind, at, at + 1, {}};
    while (token.end < sql.size()) {
        const char c = sql[token.end++];
        if (c != close) {
            token.value += c;
        } else if (close != ']' && token.end < sql.size() && sql[token.end] == close) {
            token.value += c;
            ++token.end;
        } else {
            return token;
        }
    }
    token.kind = TokenKind::Broken;
    return token;
}

template <class Accept>
static Token run(std::string_view sql, std::size_t at, std::size_t from, TokenKind kind, Accept accept) {
    std::size_t end = from;
    while (end < sql.size() && accept(sql[end])) ++end;
    return {kind, at, end, std::string(sql.substr(at, end - at))};
}

/// Numbers as 12, 1.5, .5, 1e-3, 0xFF.
static Token number(std::string_view sql, std::size_t at) {
    std::size_t end = at;
    while (end < sql.size()) {
        const bool sign = (sql[end] == '+' || sql[end] == '-') && end > at &&
                          (sql[end - 1] == 'e' || sql[end - 1] == 'E') &&
                          !(sql[at] == '0' && at + 1 < sql.size() && (sql[at + 1] == 'x' || sql[at + 1] == 'X'));
        if (!continuesWord(sql[end]) && sql[end] != '.' && !sign) break;
        ++end;
    }
    return {TokenKind::Number, at, end, std::string(sql.substr(at, end - at))};
}

/// The end of a comment that starts at `at`, or `at` when none does. An open /* runs to the end, as in SQLite.
static std::size_t endOfComment(std::string_view sql, std::size_t at) {
    if (sql.substr(at, 2) == "--") return std::min(sql.find('\n', at), sql.size());
    if (sql.substr(at, 2) != "/*") return at;
    const std::size_t close = sql.find("*/", at + 2);
    return close == std::string_view::npos ? sql.size() : close + 2;
}

static Token tokenAt(std::string_view sql, std::size_t at) {
    const char c = sql[at];
    if (c == '\'') return quoted(sql, at, '\'', TokenKind::Text);
    if (c == '"' || c == '`') return quoted(sql, at, c, TokenKind::Identifier);
    if (c == '[') return quoted(sql, at, ']', TokenKind::Identifier);
    if (isDigit(c) || (c == '.' && at + 1 < sql.size() && isDigit(sql[at + 1]))) return number(sql, at);
    if (startsWord(c)) return run(sql, at, at, TokenKind::Word, continuesWord);
    if (c == '?' || c == ':' || c == '@' || c == '$') return run(sql, at, at + 1, TokenKind::Parameter, continuesWord);
    return {TokenKind::Symbol, at, at + 1, std::string(1, c)};
}

std::vector<Token> tokensOf(std::string_view sql) {
    std::vector<Token> tokens;
    for (std::size_t at = 0; at < sql.size();) {
        if (isBlank(sql[at])) {
            ++at;
        } else if (const std::size_t end = endOfComment(sql, at); end > at) {
            at = end;
        } else {
            tokens.push_back(tokenAt(sql, at));
            at = tokens.back().end;
        }
    }
    return tokens;
}

static std::string quotedWith(std::string_view text, char quote) {
    std::string out(1, quote);
    for (const char c : text) {
        if (c == quote) out += quote;
        out += c;
    }
    return out + quote;
}

std::string quotedIdentifier(std::string_view name) {
    return quotedWith(name, '"');
}
std::string quotedText(std::string_view text) {
    return quotedWith(text, '\'');
}

std::string folded(std::string_view name) {
    std::string out(name);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

bool isKeyword(std::string_view word) {
    return sqlite3_keyword_check(word.data(), static_cast<int>(word.size())) != 0;
}

std::string placeOf(std::string_view text, std::size_t position) {
    std::size_t line = 1;
    std::size_t column = 1;
    for (std::size_t at = 0; at < std::min(position, text.size()); ++at) {
        if (text[at] == '\n') {
            ++line;
            column = 1;
        } else if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80) {
            ++column;
        }
    }
    return (line > 1 ? "line " + std::to_string(line) + ", column " : "column ") + std::to_string(column);
}

/// Levenshtein distance; names are short.
static std::size_t distance(const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row.back();
}

std::vector<std::string> closeNames(const std::string& wrong, const std::vector<std::string>& known) {
    std::vector<std::pair<std::size_t, std::string>> near;
    const std::string sought = folded(wrong);
    const std::size_t limit = std::max<std::size_t>(1, sought.size() / 3);
    for (const std::string& name : known) {
        const std::string candidate = folded(name);
        const bool part = sought.size() >= 3 && candidate.find(sought) != std::string::npos;
        const std::size_t apart = part ? 1 : distance(sought, candidate);
        if (apart <= limit) near.emplace_back(apart, name);
    }
    std::sort(near.begin(), near.end());
    near.erase(std::unique(near.begin(), near.end()), near.end());
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::min<std::size_t>(3, near.size()); ++i) names.push_back(near[i].second);
    return names;
}

std::string suggestion(const std::string& wrong, const std::vector<std::string>& known) {
    const std::vector<std::string> names = closeNames(wrong, known);
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        text += i == 0 ? "; did you mean " : i + 1 == names.size() ? " or " : ", ";
        text += names[i];
    }
    return text.empty() ? text : text + "?";
}

}  // namespace hindcast::query
