// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/queries/query_session.h"

#include <algorithm>
#include <set>

#include "core/base/file.h"
#include "core/query/engine.h"
#include "core/query/facts.h"
#include "core/query/rows/row_formats.h"

namespace hindcast::workspace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::Result;

struct QuerySession::Impl {
    store::Project project;
    query::Engine engine;
};

namespace {

/// Removes a file that was not written to its end.
class Part {
public:
    explicit Part(fs::path path) : m_path(std::move(path)) {}
    ~Part() {
        std::error_code ignored;
        fs::remove(m_path, ignored);
    }
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;

private:
    fs::path m_path;
};

}  // namespace

QuerySession::QuerySession(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
QuerySession::~QuerySession() = default;

Result<std::unique_ptr<QuerySession>> QuerySession::open(const fs::path& path) {
    HINDCAST_ASSIGN(store::Project project, store::Project::find(path));
    HINDCAST_ASSIGN(query::Engine engine, query::Engine::open(project));
    return std::unique_ptr<QuerySession>(
        new QuerySession(std::make_unique<Impl>(Impl{std::move(project), std::move(engine)})));
}

Result<query::Rows> QuerySession::run(const std::string& sql, std::size_t mostCells) {
    return m_impl->engine.query(sql, {.cells = mostCells});
}

std::optional<std::size_t> QuerySession::errorAt() const {
    return m_impl->engine.errorAt();
}

void QuerySession::cancel() {
    m_impl->engine.cancel();
}

std::size_t QuerySession::rowsSoFar() const {
    return m_impl->engine.rowsSoFar();
}

Result<SqlVocabulary> QuerySession::vocabulary() {
    SqlVocabulary words;
    HINDCAST_ASSIGN(const query::Facts facts, query::Facts::open(m_impl->project));
    HINDCAST_ASSIGN(words.names, facts.loggedNames());
    for (std::string& name : facts.probedNames()) {
        const bool isNew = std::find(words.names.begin(), words.names.end(), name) == words.names.end();
        if (isNew && name.find('*') == std::string::npos) words.names.push_back(std::move(name));
    }
    HINDCAST_ASSIGN(words.arguments, facts.argumentNames());
    HINDCAST_ASSIGN(const std::set<std::string> loops, facts.loopNames());
    words.loops.assign(loops.begin(), loops.end());
    for (const std::string& name : m_impl->engine.tables()) {
        HINDCAST_ASSIGN(const query::Rows none, m_impl->engine.query("select * from " + name + " limit 0"));
        SqlVocabulary::Table table{name, {}};
        for (const query::Column& column : none.columns) table.columns.push_back(column.name());
        words.tables.push_back(std::move(table));
    }
    return words;
}

Result<std::size_t> QuerySession::writeCsv(const std::string& sql, const fs::path& file) {
    HINDCAST_ASSIGN(const query::Rows rows, m_impl->engine.query(sql));
    const fs::path temporary = file.string() + ".part";
    const Part part(temporary);
    HINDCAST_ASSIGN(base::File out, base::File::open(temporary, base::File::Mode::OpenOrCreate));
    HINDCAST_TRY(out.truncate(0));
    Result<void> written;
    query::writeRows(rows, query::RowFormat::Csv, [&](std::string_view text) {
        written = out.write(base::bytesOf(text));
        return static_cast<bool>(written);
    });
    HINDCAST_TRY(std::move(written));
    HINDCAST_TRY(out.sync());
    std::error_code problem;
    fs::rename(temporary, file, problem);
    if (problem) return Error::fromErrno(problem.value(), "cannot write " + file.string());
    return rows.count;
}

}  // namespace hindcast::workspace
