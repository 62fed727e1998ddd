// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sql/completion.h"

#include <QSet>
#include <algorithm>
#include <array>
#include <map>

#include "core/query/sql_text.h"

namespace hindcast::sql {

namespace {

using query::Token;
using query::TokenKind;
using Kind = Completion::Kind;

constexpr std::size_t kMost = 200;

constexpr std::array kFunctions{"abs",   "avg",        "coalesce", "count",  "group_concat", "iif",    "json_extract",
                                "lag",   "lead",       "length",   "max",    "min",          "nullif", "rank",
                                "round", "row_number", "strftime", "substr", "sum",          "total"};
constexpr std::array kKeywords{"select", "from",      "where",        "group by", "order by", "having",   "limit",
                               "join",   "left join", "on",           "using",    "as",       "and",      "or",
                               "not",    "in",        "is null",      "between",  "like",     "case",     "when",
                               "then",   "else",      "end",          "desc",     "asc",      "distinct", "union all",
                               "with",   "over",      "partition by", "offset",   "exists",   "glob"};

/// A name as SQL reads it back: quoted where it is not a plain word.
std::string asIdentifier(const std::string& name) {
    const auto tokens = query::tokensOf(name);
    const bool plain = tokens.size() == 1 && tokens[0].kind == TokenKind::Word && tokens[0].end == name.size() &&
                       tokens[0].begin == 0 && !query::isKeyword(name);
    return plain ? name : query::quotedIdentifier(name);
}

bool isWord(const Token& token, const char* word) {
    return token.kind == TokenKind::Word && query::folded(token.value) == word;
}

bool isSymbol(const Token& token, const char* symbol) {
    return token.kind == TokenKind::Symbol && token.value == symbol;
}

bool isName(const Token& token) {
    return token.kind == TokenKind::Identifier || (token.kind == TokenKind::Word && !query::isKeyword(token.value));
}

/// The tables that a query reads: columns by the name that it calls each.
using Scope = std::map<std::string, std::vector<std::string>>;

const std::vector<std::string>* columnsOf(const workspace::SqlVocabulary& words, const std::string& table) {
    for (const auto& known : words.tables) {
        if (query::folded(known.name) == query::folded(table)) return &known.columns;
    }
    return nullptr;
}

/// Reads `pivot('a', 'b')` whose word stands at `at`; leaves `at` on its last token.
std::vector<std::string> pivotColumns(const std::vector<Token>& tokens, std::size_t& at,
                                      const workspace::SqlVocabulary& words) {
    std::vector<std::string> columns{"version"};
    columns.insert(columns.end(), words.loops.begin(), words.loops.end());
    while (++at < tokens.size() && !isSymbol(tokens[at], ")")) {
        if (tokens[at].kind == TokenKind::Text) columns.push_back(tokens[at].value);
    }
    const std::size_t named = columns.size();
    for (const std::string& loop : words.loops) columns.push_back(loop + ".label");
    for (std::size_t i = 1 + words.loops.size(); i < named; ++i) {
        for (const char* aspect : {".source", ".fidelity", ".kind"}) columns.push_back(columns[i] + aspect);
    }
    return columns;
}

Scope scopeOf(const std::vector<Token>& tokens, const workspace::SqlVocabulary& words) {
    Scope scope;
    bool tableNext = false;
    for (std::size_t at = 0; at < tokens.size(); ++at) {
        if (isWord(tokens[at], "from") || isWord(tokens[at], "join")) {
            tableNext = true;
            continue;
        }
        if (!tableNext) continue;
        tableNext = false;
        if (!isName(tokens[at])) continue;
        std::string name = query::folded(tokens[at].value);
        std::vector<std::string> columns;
        if (name == "pivot" && at + 1 < tokens.size() && isSymbol(tokens[at + 1], "(")) {
            columns = pivotColumns(tokens, at, words);
        } else if (const auto* known = columnsOf(words, tokens[at].value)) {
            columns = *known;
        } else {
            continue;
        }
        if (at + 1 < tokens.size() && isWord(tokens[at + 1], "as")) ++at;
        if (at + 1 < tokens.size() && isName(tokens[at + 1])) name = query::folded(tokens[++at].value);
        scope[name] = std::move(columns);
        tableNext = at + 1 < tokens.size() && isSymbol(tokens[at + 1], ",");
        if (tableNext) ++at;
    }
    return scope;
}

/// Gathers what fits the typed text, in the order of kinds.
class Offer {
public:
    explicit Offer(QString typed) : m_typed(std::move(typed)) {}

    /// `shown` is compared with what was typed, `text` is put in.
    void add(Kind kind, const std::string& shown, const std::string& text) {
        const QString name = QString::fromStdString(shown);
        const auto at = name.indexOf(m_typed, 0, Qt::CaseInsensitive);
        const QString put = QString::fromStdString(text);
        if (at < 0 || m_seen.contains(put)) return;
        m_seen.insert(put);
        (at == 0 ? m_beginning : m_holding).push_back({{put, kind}, name});
    }

    Completions take() {
        const auto order = [](const Named& a, const Named& b) {
            if (a.entry.kind != b.entry.kind) return a.entry.kind < b.entry.kind;
            return a.name.compare(b.name, Qt::CaseInsensitive) < 0;
        };
        Completions all{m_typed, {}};
        // A word that stands there already is no help.
        const bool done =
            m_beginning.size() == 1 && m_beginning[0].entry.text.compare(m_typed, Qt::CaseInsensitive) == 0;
        if (done) return all;
        for (auto* part : {&m_beginning, &m_holding}) {
            std::sort(part->begin(), part->end(), order);
            for (Named& each : *part) all.entries.push_back(std::move(each.entry));
        }
        if (all.entries.size() > kMost) all.entries.resize(kMost);
        return all;
    }

private:
    struct Named {
        Completion entry;
        QString name;  ///< without the quotes that SQL needs
    };
    QString m_typed;
    QSet<QString> m_seen;
    std::vector<Named> m_beginning;
    std::vector<Named> m_holding;
};

void offerTables(Offer& offer, const workspace::SqlVocabulary& words) {
    offer.add(Kind::Table, "pivot", "pivot('");
    for (const auto& table : words.tables) offer.add(Kind::Table, table.name, asIdentifier(table.name));
}

/// Inside quotes: names for pivot() and for comparisons with a name.
Completions insideText(const QString& typed, const workspace::SqlVocabulary& words) {
    Offer offer(typed);
    for (const auto* names : {&words.names, &words.arguments}) {
        for (const std::string& name : *names) {
            const std::string quoted = query::quotedText(name);
            offer.add(Kind::Name, name, quoted.substr(1));
        }
    }
    return offer.take();
}

void offerColumns(Offer& offer, const std::vector<std::string>& columns) {
    for (const std::string& column : columns) offer.add(Kind::Column, column, asIdentifier(column));
}

void offerAnywhere(Offer& offer, const Scope& scope, const workspace::SqlVocabulary& words) {
    for (const auto& [name, columns] : scope) {
        offerColumns(offer, columns);
        offer.add(Kind::Table, name, asIdentifier(name));
    }
    if (scope.empty()) {
        for (const auto& table : words.tables) offerColumns(offer, table.columns);
    }
    for (const char* function : kFunctions) offer.add(Kind::Function, function, std::string(function) + "(");
    for (const char* keyword : kKeywords) offer.add(Kind::Keyword, keyword, keyword);
}

}  // namespace

Completions completionsAt(const QString& query, int position, const workspace::SqlVocabulary& words, bool asked) {
    const std::string before = query.left(position).toStdString();
    std::vector<Token> tokens = query::tokensOf(before);
    const bool inToken = !tokens.empty() && tokens.back().end == before.size();
    const bool broken = !tokens.empty() && tokens.back().kind == TokenKind::Broken;
    if (broken) {
        const std::string open = before.substr(tokens.back().begin);
        if (open.front() == '\'') return insideText(QString::fromStdString(open.substr(1)), words);
        return {};  // a comment, or a quoted identifier
    }
    const std::size_t end = tokens.empty() ? 0 : tokens.back().end;
    if (before.find("--", end) != std::string::npos) return {};
    QString typed;
    if (inToken && tokens.back().kind == TokenKind::Word) {
        typed = QString::fromStdString(before.substr(tokens.back().begin));
        tokens.pop_back();
    } else if (inToken && tokens.back().kind != TokenKind::Symbol) {
        return {};  // a number or a finished text
    }
    const Scope scope = scopeOf(query::tokensOf(query.toStdString()), words);
    Offer offer(typed);
    const std::size_t count = tokens.size();
    if (count >= 2 && isSymbol(tokens.back(), ".")) {
        const auto table = scope.find(query::folded(tokens[count - 2].value));
        const auto* columns = table != scope.end() ? &table->second : columnsOf(words, tokens[count - 2].value);
        if (columns) offerColumns(offer, *columns);
        return offer.take();
    }
    if (count >= 1 && (isWord(tokens.back(), "from") || isWord(tokens.back(), "join"))) {
        offerTables(offer, words);
        return offer.take();
    }
    if (typed.isEmpty() && !asked) return {};
    offerAnywhere(offer, scope, words);
    return offer.take();
}

}  // namespace hindcast::sql
