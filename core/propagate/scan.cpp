// SPDX-License-Identifier: Apache-2.0
// What was added between two projects, and what belongs to it.
#include <algorithm>
#include <map>
#include <set>

#include "core/propagate/match/side.h"
#include "core/propagate/match/whole_match.h"
#include "core/propagate/propagate.h"
#include "core/syntax/log_calls.h"

namespace hindcast::propagate {
namespace {

using syntax::Kind;
using syntax::Role;

LineRange linesOf(const ParsedFile& file, const syntax::Statement& statement) {
    return {file.tree->lineOf(statement.begin), file.tree->lineOf(statement.end - 1)};
}

/// The files of `project` that differ from those of `other`; what does not parse is left out.
Side changedFiles(const Project& project, const Project& other) {
    std::vector<ParsedFilePtr> files;
    for (const SourceFile& file : project.files()) {
        const SourceFile* twin = ProjectAccess::find(other, file.path);
        if (twin != nullptr && twin->text == file.text) continue;
        auto parsed = ProjectAccess::parsed(project, file.path);
        if (parsed) files.push_back(*parsed);
    }
    return Side(std::move(files));
}

/// "pkg.utils" for "pkg/utils.py" and "pkg/utils/__init__.py".
std::string moduleOf(std::string path) {
    const auto drop = [&](std::string_view end) {
        if (path.size() >= end.size() && path.compare(path.size() - end.size(), end.size(), end) == 0)
            path.resize(path.size() - end.size());
    };
    drop(".py");
    drop("/__init__");
    std::replace(path.begin(), path.end(), '/', '.');
    return path;
}

bool isModule(const std::string& path, std::string origin) {
    origin.erase(0, origin.find_first_not_of('.') == std::string::npos ? origin.size() : origin.find_first_not_of('.'));
    const std::string module = moduleOf(path);
    if (origin.empty() || module == origin) return !origin.empty();
    return module.size() > origin.size() && module.compare(module.size() - origin.size(), origin.size(), origin) == 0 &&
           module[module.size() - origin.size() - 1] == '.';
}

/// Added statements and which of them need which.
class AddedStatements {
public:
    AddedStatements(const Side& side, std::vector<int> added) : m_side(side), m_added(std::move(added)) {}

    std::vector<Probe> groupOf(int statement) const {
        std::set<int> group{statement};
        std::vector<int> open{statement};
        while (!open.empty()) {
            const int next = open.back();
            open.pop_back();
            for (const int other : m_added) {
                if (group.count(other) == 0 && needs(next, other) && !logs(other)) {
                    group.insert(other);
                    open.push_back(other);
                }
            }
        }
        // Other files first, each in its order; the statement itself last.
        std::vector<int> order(group.begin(), group.end());
        const auto own = m_side.fileOfStatement(statement);
        std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
            const auto rank = [&](int s) { return s == statement ? 2 : m_side.fileOfStatement(s) == own ? 1 : 0; };
            return rank(a) < rank(b);
        });
        std::vector<Probe> probes;
        for (const int s : order) {
            const ParsedFile& file = m_side.file(m_side.fileOfStatement(s));
            probes.push_back({file.path, file.tree->lineOf(m_side.statement(s).begin)});
        }
        return probes;
    }

private:
    bool logs(int statement) const {
        const ParsedFile& file = m_side.file(m_side.fileOfStatement(statement));
        const auto& self = m_side.statement(statement);
        if (self.kind == Kind::Function || self.kind == Kind::Class) return false;
        return syntax::callsLog(*file.tree, file.scopes, self.node);
    }

    bool needs(int reader, int other) const {
        const auto readerFile = m_side.fileOfStatement(reader);
        return readerFile == m_side.fileOfStatement(other)
                   ? needsInFile(m_side.file(readerFile), m_side.statement(reader), m_side.statement(other))
                   : needsAcross(reader, other);
    }

    /// The other one binds a name, or assigns an attribute, that this one reads; or changes an object that only added
    /// statements make.
    bool needsInFile(const ParsedFile& file, const syntax::Statement& reader, const syntax::Statement& other) const {
        const auto inside = [](std::uint32_t t, const syntax::Statement& s) {
            return t >= s.tokens.first && t < s.tokens.second;
        };
        for (auto t = reader.tokens.first; t < reader.tokens.second; ++t) {
            if (file.scopes.role(t) == Role::Attribute && assignsAttribute(file, other, file.tree->token(t).hash))
                return true;
            if (file.scopes.role(t) != Role::Name || file.scopes.bindingOf(t) < 0) continue;
            const auto& binding = file.scopes.binding(file.scopes.bindingOf(t));
            const bool binds = std::any_of(binding.definitions.begin(), binding.definitions.end(),
                                           [&](auto d) { return inside(d, other); });
            if (binds) return true;
            const bool made =
                !binding.definitions.empty() &&
                std::all_of(binding.definitions.begin(), binding.definitions.end(), [&](auto d) {
                    return std::any_of(m_added.begin(), m_added.end(), [&](int s) {
                        return &m_side.file(m_side.fileOfStatement(s)) == &file && inside(d, m_side.statement(s));
                    });
                });
            const bool touches =
                std::any_of(binding.uses.begin(), binding.uses.end(), [&](auto u) { return inside(u, other); });
            if (made && touches && other.kind != Kind::Return && &other != &reader) return true;
        }
        return false;
    }

    static bool assignsAttribute(const ParsedFile& file, const syntax::Statement& statement, std::uint64_t name) {
        if (statement.kind == Kind::Function) return file.tree->token(statement.tokens.first + 1).hash == name;
        if (statement.kind != Kind::Assignment && statement.kind != Kind::AugmentedAssignment) return false;
        for (auto t = statement.tokens.first; t < statement.tokens.second && file.tree->tokenText(t) != "="; ++t) {
            if (file.scopes.role(t) == Role::Attribute && file.tree->token(t).hash == name) return true;
        }
        return false;
    }

    /// The other one defines, at the top of a module of the project, what this one imports or reaches through the
    /// module.
    bool needsAcross(int reader, int other) const {
        const ParsedFile& file = m_side.file(m_side.fileOfStatement(reader));
        const ParsedFile& source = m_side.file(m_side.fileOfStatement(other));
        const auto& self = m_side.statement(reader);
        const auto& definition = m_side.statement(other);
        if (definition.block != 0) return false;
        for (auto t = self.tokens.first; t < self.tokens.second; ++t) {
            const auto id = file.scopes.role(t) == Role::Name ? file.scopes.bindingOf(t) : -1;
            if (id < 0 || file.scopes.binding(id).origin.empty()) continue;
            const std::string& origin = file.scopes.binding(id).origin;
            const auto colon = origin.find(':');
            const std::string wanted = colon != std::string::npos   ? origin.substr(colon + 1)
                                       : t + 2 < self.tokens.second ? std::string(file.tree->tokenText(t + 2))
                                                                    : std::string();
            if (isModule(source.path, origin.substr(0, colon)) && bindsAtTop(source, definition, wanted)) return true;
        }
        return false;
    }

    static bool bindsAtTop(const ParsedFile& file, const syntax::Statement& statement, const std::string& name) {
        const auto found = file.scopes.scope(0).names.find(name);
        if (found == file.scopes.scope(0).names.end()) return false;
        const auto& definitions = file.scopes.binding(found->second).definitions;
        return std::any_of(definitions.begin(), definitions.end(),
                           [&](auto d) { return d >= statement.tokens.first && d < statement.tokens.second; });
    }

    const Side& m_side;
    std::vector<int> m_added;
};

/// Outermost statements without an equal counterpart, names taken as the old project has them.
std::vector<int> addedIn(const Side& newer, const Side& older) {
    const WholeMatch match = matchWhole(newer, older);
    std::vector<int> added;
    for (int s = 0; s < newer.statementCount();) {
        const bool same = match.isSame(newer, older, s);
        if (!same) added.push_back(s);
        s = same ? s + 1 : newer.endOf(s);
    }
    return added;
}

}  // namespace

base::Result<std::vector<LogStatement>> findLogStatements(const SourceFile& source) {
    HINDCAST_ASSIGN(const ParsedFilePtr file, parseFile(source.path, source.text));
    std::vector<LogStatement> out;
    for (const syntax::LogCall& call : syntax::findLogCalls(*file->tree, file->scopes, file->outline)) {
        LineRange lines{call.line, call.line};
        if (call.statement >= 0) lines = linesOf(*file, file->outline.statement(call.statement));
        out.push_back({source.path, call.name, call.literal, call.line, lines, call.loops});
    }
    return out;
}

base::Result<std::vector<AddedStatement>> scan(const Project& old, const Project& newer) {
    const Side newSide = changedFiles(newer, old);
    const Side oldSide = changedFiles(old, newer);
    const std::vector<int> added = addedIn(newSide, oldSide);
    const AddedStatements all(newSide, added);
    std::map<std::size_t, std::vector<syntax::LogCall>> calls;
    for (std::size_t f = 0; f < newSide.fileCount(); ++f) {
        const ParsedFile& file = newSide.file(f);
        calls[f] = syntax::findLogCalls(*file.tree, file.scopes, file.outline);
    }
    std::vector<AddedStatement> out;
    for (const int s : added) {
        const auto f = newSide.fileOfStatement(s);
        const int base = newSide.statementBase(f);
        AddedStatement entry;
        entry.file = newSide.file(f).path;
        entry.lines = linesOf(newSide.file(f), newSide.statement(s));
        for (const auto& call : calls[f]) {
            if (base + call.statement < s || base + call.statement >= newSide.endOf(s)) continue;
            (call.literal ? entry.names : entry.patterns).push_back(call.name);
        }
        entry.group = all.groupOf(s);
        out.push_back(std::move(entry));
    }
    return out;
}

}  // namespace hindcast::propagate
