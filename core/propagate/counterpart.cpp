// SPDX-License-Identifier: Apache-2.0
// Which statement of an older project a statement is.
#include "core/propagate/match/side.h"
#include "core/propagate/match/whole_match.h"
#include "core/propagate/propagate.h"

namespace hindcast::propagate {
namespace {

using base::Error;
using base::ErrorCode;

/// The file itself, and what differs from the other project: what is the same there can hold no counterpart but its
/// own.
Side filesBeside(const Project& project, const Project& other, const std::string& needed) {
    std::vector<ParsedFilePtr> files;
    for (const SourceFile& file : project.files()) {
        const SourceFile* twin = ProjectAccess::find(other, file.path);
        if (file.path != needed && twin != nullptr && twin->text == file.text) continue;
        auto parsed = ProjectAccess::parsed(project, file.path);
        if (parsed) files.push_back(*parsed);
    }
    return Side(std::move(files));
}

std::string headText(const ParsedFile& file, const syntax::Statement& statement) {
    const std::size_t begin = file.tree->token(statement.head.first).begin;
    const std::size_t end = file.tree->token(statement.head.second - 1).end;
    return file.text().substr(begin, end - begin);
}

/// The statement that starts on the line, or else the one around it; local number, or -1.
int statementAt(const ParsedFile& file, int line) {
    const auto starting = file.outline.startingOnLine(*file.tree, line);
    if (starting >= 0) return starting;
    std::size_t begin = 0;
    for (int at = 1; at < line && begin != std::string::npos; ++at) {
        begin = file.text().find('\n', begin);
        if (begin != std::string::npos) ++begin;
    }
    if (begin == std::string::npos) return -1;
    const std::size_t first = file.text().find_first_not_of(" \t\f\r\n", begin);
    const bool blank =
        first == std::string::npos || file.text().substr(begin, first - begin).find('\n') != std::string::npos;
    return blank ? -1 : file.outline.covering(first);
}

Counterpart describe(const ParsedFile& from, const syntax::Statement& statement, const ParsedFile& to,
                     const syntax::Statement& there) {
    Counterpart found;
    found.file = to.path;
    found.lines = {to.tree->lineOf(there.begin),
                   to.tree->lineOf(there.end > there.begin ? there.end - 1 : there.begin)};
    found.text = headText(to, there);
    found.sameText = found.text == headText(from, statement);
    found.sameNames = found.sameText;
    return found;
}

}  // namespace

base::Result<std::optional<Counterpart>> findCounterpart(const Project& newer, const Probe& statement,
                                                         const Project& old, const std::stop_token& stop) {
    HINDCAST_ASSIGN(const ParsedFilePtr source, ProjectAccess::parsed(newer, statement.file));
    const int local = statementAt(*source, statement.line);
    if (local < 0) {
        return Error(ErrorCode::InvalidArgument,
                     statement.file + ": no statement stands on line " + std::to_string(statement.line));
    }
    const SourceFile* twin = ProjectAccess::find(old, statement.file);
    if (twin != nullptr && twin->text == source->text()) {
        const auto& self = source->outline.statement(local);
        return std::optional(describe(*source, self, *source, self));
    }
    if (stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped");
    const Side newSide = filesBeside(newer, old, statement.file);
    const Side oldSide = filesBeside(old, newer, statement.file);
    if (stop.stop_requested()) return Error(ErrorCode::Cancelled, "stopped");
    const int id = newSide.statementBase(static_cast<std::size_t>(newSide.indexOf(statement.file))) + local;
    const WholeMatch match = matchWhole(newSide, oldSide);
    const int there = match.map.toOld[static_cast<std::size_t>(id)];
    if (there < 0) return std::optional<Counterpart>();
    const ParsedFile& target = oldSide.file(oldSide.fileOfStatement(there));
    Counterpart found = describe(*source, newSide.statement(id), target, oldSide.statement(there));
    found.sameNames = found.sameText || match.isSame(newSide, oldSide, id);
    return std::optional(std::move(found));
}

}  // namespace hindcast::propagate
