// SPDX-License-Identifier: Apache-2.0
#include "core/query/filter/expression.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/query/filter/open_form.h"
#include "core/query/sql_text.h"
#include "core/query/sqlite_owners.h"
#include "core/query/virtual_table.h"

namespace hindcast::query {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

/// The rows being evaluated, as a table: one column a reference, then whether the row has unknown values.
struct RowsView {
    const Rows* rows = nullptr;
    const std::vector<bool>* unknown = nullptr;
};

class RowsCursor final : public TableCursor {
public:
    RowsCursor(const RowsView& view, const std::vector<Reference>& references)
        : m_view(view), m_references(references) {}
    Result<void> start(const std::vector<TableBound>&, std::uint64_t) override {
        m_row = 0;
        return {};
    }
    Result<void> advance() override {
        ++m_row;
        return {};
    }
    bool atEnd() const override { return m_view.rows == nullptr || m_row >= m_view.rows->count; }
    std::int64_t rowId() const override { return static_cast<std::int64_t>(m_row); }
    void give(sqlite3_context* to, int column) const override {
        const auto at = static_cast<std::size_t>(column);
        if (at == m_references.size()) {
            sqlite3_result_int(to, !m_view.unknown->empty() && (*m_view.unknown)[m_row] ? 1 : 0);
        } else if (m_references[at].aspect == Reference::Aspect::Kind) {
            // What is not known yet has no kind yet.
            const bool open = !m_view.unknown->empty() && (*m_view.unknown)[m_row];
            if (open && m_view.rows->columns[at].isMissing(m_row)) return sqlite3_result_null(to);
            const std::string kind = cellKindText(m_view.rows->columns[at], m_row);
            sqlite3_result_text(to, kind.c_str(), static_cast<int>(kind.size()), SQLITE_TRANSIENT);
        } else {
            giveCell(to, m_view.rows->columns[at], m_row);
        }
    }

private:
    const RowsView& m_view;
    const std::vector<Reference>& m_references;
    std::size_t m_row = 0;
};

class RowsTable final : public VirtualTable {
public:
    RowsTable(const RowsView& view, const std::vector<Reference>& references, const std::vector<std::string>& columns,
              const std::string& unknownColumn)
        : m_view(view), m_references(references), m_columns(columns), m_unknownColumn(unknownColumn) {}
    std::string declaration() const override {
        std::string text = "(";
        for (const std::string& column : m_columns) text += quotedIdentifier(column) + ", ";
        return text + quotedIdentifier(m_unknownColumn) + ")";
    }
    bool canUse(const TableConstraint&) const override { return false; }
    std::unique_ptr<TableCursor> open() override { return std::make_unique<RowsCursor>(m_view, m_references); }

private:
    const RowsView& m_view;
    const std::vector<Reference>& m_references;
    const std::vector<std::string>& m_columns;
    const std::string& m_unknownColumn;
};

/// The expression with its names replaced by the columns of the rows table.
struct Rewritten {
    struct Piece {
        std::size_t from, to;    ///< in the user's text
        std::size_t begin, end;  ///< in `text`
    };
    std::string text;
    std::vector<Piece> pieces;

    /// Where a position of `text` is in what the user wrote.
    std::size_t original(std::size_t position) const {
        std::size_t done = 0;  // of the last piece before the position, in both texts
        std::size_t from = 0;
        for (const Piece& piece : pieces) {
            if (position < piece.begin) break;
            if (position < piece.end) return piece.from;
            done = piece.end;
            from = piece.to;
        }
        return from + (position - done);
    }
};

/// Words and the dotted names made of them: `val.acc` is one name when the store has it.
struct Name {
    std::string text;
    std::size_t begin, end;
    std::size_t tokens;
};

std::optional<Name> nameAt(const std::vector<Token>& tokens, std::size_t at, const Vocabulary& vocabulary,
                           Reference& reference) {
    const auto isWord = [](const Token& token) {
        return token.kind == TokenKind::Word || token.kind == TokenKind::Identifier;
    };
    if (!isWord(tokens[at]) || (at > 0 && tokens[at - 1].value == "." && tokens[at - 1].kind == TokenKind::Symbol))
        return std::nullopt;
    std::optional<Name> best;
    Name name{"", tokens[at].begin, 0, 0};
    for (std::size_t i = at; i < tokens.size() && isWord(tokens[i]); i += 2) {
        name.text += (i > at ? "." : "") + tokens[i].value;
        name.end = tokens[i].end;
        name.tokens = i - at + 1;
        const bool call = i + 1 < tokens.size() && tokens[i + 1].value == "(" && tokens[i].kind == TokenKind::Word;
        const bool reserved = i == at && tokens[i].kind == TokenKind::Word && isKeyword(tokens[i].value);
        if (Reference found; !call && !reserved && resolve(name.text, vocabulary, found)) {
            best = name;
            reference = found;
        }
        const bool dot = i + 2 < tokens.size() && tokens[i + 1].value == "." && tokens[i + 1].begin == tokens[i].end &&
                         tokens[i + 2].begin == tokens[i + 1].end;
        if (!dot) break;
    }
    return best;
}

}  // namespace

struct Expression::Impl {
    Connection connection;
    Statement ifKnown, ifUnknown;
    std::vector<Reference> references;
    std::vector<std::string> columns;  ///< of the rows table, as `references`
    std::string unknownColumn;         ///< its last column: whether the row has unknown values
    RowsView view;
    TableFailure failure = std::make_shared<std::optional<Error>>();
    int selects = 0;      ///< SELECTs of the statement being prepared
    std::string refusal;  ///< why the authorizer refused

    static int authorize(void* self, int action, const char*, const char* name, const char*, const char*);
    std::string columnOf(const Reference& reference, const std::string& spelled);
    std::string freeColumn(std::string column) const;
    Rewritten rewrite(const std::string& text, const std::vector<Token>& tokens, const Vocabulary& vocabulary);
    Result<void> openTable();
    Result<void> prepare(const std::string& text, const Rewritten& rewritten, const Vocabulary& vocabulary);
    Error explain(const std::string& text, const Rewritten& rewritten, std::size_t prefix,
                  const Vocabulary& vocabulary) const;
};

int Expression::Impl::authorize(void* self, int action, const char*, const char* name, const char*, const char*) {
    auto* impl = static_cast<Impl*>(self);
    switch (action) {
        case SQLITE_READ:
            return SQLITE_OK;
        case SQLITE_FUNCTION:
            if (folded(name) != "load_extension") return SQLITE_OK;
            impl->refusal = "load_extension cannot be used";
            return SQLITE_DENY;
        case SQLITE_SELECT:
            if (++impl->selects == 1) return SQLITE_OK;
            impl->refusal = "a filter is an expression over the names of one row; it cannot hold a SELECT";
            return SQLITE_DENY;
        default:
            impl->refusal = "a filter only reads";
            return SQLITE_DENY;
    }
}

/// The column of a reference: as the user spelled it, so that SQLite's messages use the user's words.
std::string Expression::Impl::columnOf(const Reference& reference, const std::string& spelled) {
    const auto known = std::find(references.begin(), references.end(), reference);
    if (known != references.end()) return columns[static_cast<std::size_t>(known - references.begin())];
    references.push_back(reference);
    columns.push_back(freeColumn(spelled));
    return columns.back();
}

/// The name, or the name with apostrophes where SQLite could not tell it from another column's.
std::string Expression::Impl::freeColumn(std::string column) const {
    const auto taken = [&](const std::string& c) { return folded(c) == folded(column); };
    while (std::any_of(columns.begin(), columns.end(), taken)) column += "'";
    return column;
}

Rewritten Expression::Impl::rewrite(const std::string& text, const std::vector<Token>& tokens,
                                    const Vocabulary& vocabulary) {
    Rewritten out;
    std::size_t copied = 0;
    for (std::size_t at = 0; at < tokens.size();) {
        Reference reference;
        const std::optional<Name> name = nameAt(tokens, at, vocabulary, reference);
        if (!name) {
            ++at;
            continue;
        }
        const std::string column = columnOf(reference, name->text);
        out.text.append(text, copied, name->begin - copied);
        const std::size_t begin = out.text.size();
        const bool asIs = name->tokens == 1 && column == name->text;
        out.text += asIs ? text.substr(name->begin, name->end - name->begin) : quotedIdentifier(column);
        out.pieces.push_back({name->begin, name->end, begin, out.text.size()});
        copied = name->end;
        at += name->tokens;
    }
    out.text.append(text, copied);
    return out;
}

Result<void> Expression::Impl::openTable() {
    sqlite3* opened = nullptr;
    const int code =
        sqlite3_open_v2(":memory:", &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    connection.reset(opened);
    if (code != SQLITE_OK) return Error(ErrorCode::Internal, "SQLite cannot open a database in memory");
    // Otherwise an unknown "name" would silently be a text.
    sqlite3_db_config(opened, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_limit(opened, SQLITE_LIMIT_EXPR_DEPTH, 500);
    HINDCAST_TRY(registerTables(
        opened, "hindcast_rows",
        [this](const std::vector<std::string>&) -> Result<std::unique_ptr<VirtualTable>> {
            return std::unique_ptr<VirtualTable>(std::make_unique<RowsTable>(view, references, columns, unknownColumn));
        },
        failure));
    if (sqlite3_exec(opened, "CREATE VIRTUAL TABLE r USING hindcast_rows", nullptr, nullptr, nullptr) != SQLITE_OK) {
        return Error(ErrorCode::InvalidArgument,
                     std::string("the filter reads names that one table cannot hold: ") + sqlite3_errmsg(opened));
    }
    return {};
}

/// SQLite's message, with the position in the user's text.
Error Expression::Impl::explain(const std::string& text, const Rewritten& rewritten, std::size_t prefix,
                                const Vocabulary& vocabulary) const {
    std::string message = refusal.empty() ? sqlite3_errmsg(connection.get()) : refusal;
    const int offset = sqlite3_error_offset(connection.get());
    constexpr std::string_view kNoColumn = "no such column: ";
    if (message.starts_with(kNoColumn)) {
        const std::string name = message.substr(kNoColumn.size());
        std::vector<std::string> known = vocabulary.values;
        known.insert(known.end(), vocabulary.loops.begin(), vocabulary.loops.end());
        message = "no such name: " + name + suggestion(name, known);
    }
    if (offset < 0 || !refusal.empty())
        return Error(ErrorCode::InvalidArgument, "The filter '" + text + "' cannot be used: " + message);
    const std::size_t at = static_cast<std::size_t>(offset) - std::min(prefix, static_cast<std::size_t>(offset));
    if (at >= rewritten.text.size())
        return Error(ErrorCode::InvalidArgument,
                     "The filter '" + text + "' cannot be used: incomplete input at its end");
    return Error(ErrorCode::InvalidArgument,
                 "The filter cannot be used, " + placeOf(text, rewritten.original(at)) + ": " + message);
}

Result<void> Expression::Impl::prepare(const std::string& text, const Rewritten& rewritten,
                                       const Vocabulary& vocabulary) {
    sqlite3_set_authorizer(connection.get(), authorize, this);
    const std::string e = "(" + rewritten.text + "\n)";
    const std::array<std::pair<std::string, Statement*>, 2> wanted{{
        {"SELECT rowid FROM r WHERE " + e + " IS TRUE", &ifKnown},
        {"SELECT rowid FROM r WHERE CASE WHEN " + quotedIdentifier(unknownColumn) + " THEN (" +
             openForm(rewritten.text, columns) + ") IS NOT FALSE ELSE " + e + " IS TRUE END",
         &ifUnknown},
    }};
    for (const auto& [sql, statement] : wanted) {
        selects = 0;
        sqlite3_stmt* made = nullptr;
        const int code = sqlite3_prepare_v3(connection.get(), sql.c_str(), static_cast<int>(sql.size()),
                                            SQLITE_PREPARE_PERSISTENT, &made, nullptr);
        statement->reset(made);
        if (code != SQLITE_OK) return explain(text, rewritten, sql.find('(') + 1, vocabulary);
    }
    return {};
}

Expression::Expression(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Expression::Expression(Expression&&) noexcept = default;
Expression& Expression::operator=(Expression&&) noexcept = default;
Expression::~Expression() = default;

const std::vector<Reference>& Expression::references() const {
    return m_impl->references;
}

/// What would let the text be more than one expression once it stands in parentheses.
static Result<void> checkTokens(const std::string& text, const std::vector<Token>& tokens) {
    const auto refuse = [&](const Token& token, const std::string& why) {
        return Error(ErrorCode::InvalidArgument,
                     "The filter cannot be used, " + placeOf(text, token.begin) + ": " + why);
    };
    int depth = 0;
    for (const Token& token : tokens) {
        if (token.kind == TokenKind::Broken) return refuse(token, "a quote that is not closed");
        if (token.kind == TokenKind::Parameter) return refuse(token, "parameters have no values here");
        if (token.kind != TokenKind::Symbol) continue;
        if (token.value == "(") ++depth;
        if (token.value == ")" && --depth < 0) return refuse(token, "near \")\": syntax error");
        if (token.value == ";") return refuse(token, "near \";\": syntax error");
    }
    if (depth > 0) return Error(ErrorCode::InvalidArgument, "The filter cannot be used: a parenthesis is not closed");
    return {};
}

Result<Expression> Expression::parse(const std::string& text, const Vocabulary& vocabulary) {
    const std::vector<Token> tokens = tokensOf(text);
    HINDCAST_TRY(checkTokens(text, tokens));
    auto impl = std::make_unique<Impl>();
    const Rewritten rewritten = impl->rewrite(text, tokens, vocabulary);
    impl->unknownColumn = impl->freeColumn("unknown");
    HINDCAST_TRY(impl->openTable());
    HINDCAST_TRY(impl->prepare(text, rewritten, vocabulary));
    return Expression(std::move(impl));
}

Result<std::vector<bool>> Expression::evaluate(const Rows& rows, const std::vector<bool>& unknown) {
    m_impl->view = {&rows, &unknown};
    sqlite3_stmt* statement = unknown.empty() ? m_impl->ifKnown.get() : m_impl->ifUnknown.get();
    std::vector<bool> out(rows.count, false);
    int code = SQLITE_OK;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW)
        out[static_cast<std::size_t>(sqlite3_column_int64(statement, 0))] = true;
    std::string message = code == SQLITE_DONE ? "" : sqlite3_errmsg(m_impl->connection.get());
    sqlite3_reset(statement);
    m_impl->view = {};
    if (code != SQLITE_DONE) return Error(ErrorCode::InvalidArgument, "The filter cannot be evaluated: " + message);
    return out;
}

std::string valueColumn(const std::string& name, const std::vector<std::string>& loops) {
    const bool taken = name == "version" || std::find(loops.begin(), loops.end(), name) != loops.end();
    return taken ? name + ".value" : name;
}

static bool resolvePlain(const std::string& word, const Vocabulary& vocabulary, Reference& out, bool exactly) {
    const auto fits = [&](const std::string& name) { return exactly ? name == word : folded(name) == folded(word); };
    if (fits("version")) {
        out = {Reference::What::Version, Reference::Aspect::Plain, "version"};
        return true;
    }
    std::vector<Reference> found;
    for (const std::string& loop : vocabulary.loops) {
        if (fits(loop)) found.push_back({Reference::What::Loop, Reference::Aspect::Plain, loop});
    }
    for (const std::string& value : vocabulary.values) {
        if (fits(valueColumn(value, vocabulary.loops)))
            found.push_back({Reference::What::Value, Reference::Aspect::Plain, value});
    }
    if (found.size() != 1) return false;
    out = found.front();
    return true;
}

bool resolve(const std::string& word, const Vocabulary& vocabulary, Reference& out) {
    static const std::array<std::pair<std::string, Reference::Aspect>, 4> kAspects{
        {{".source", Reference::Aspect::Source},
         {".fidelity", Reference::Aspect::Fidelity},
         {".kind", Reference::Aspect::Kind},
         {".label", Reference::Aspect::Label}}};
    for (const bool exactly : {true, false}) {
        if (resolvePlain(word, vocabulary, out, exactly)) return true;
        for (const auto& [suffix, aspect] : kAspects) {
            if (!word.ends_with(suffix)) continue;
            if (!resolvePlain(word.substr(0, word.size() - suffix.size()), vocabulary, out, exactly)) continue;
            const bool ofLoop = aspect == Reference::Aspect::Label;
            if (out.what != (ofLoop ? Reference::What::Loop : Reference::What::Value)) continue;
            out.aspect = aspect;
            return true;
        }
    }
    return false;
}

}  // namespace hindcast::query
