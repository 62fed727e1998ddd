// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/probes/probe_book.h"

#include <algorithm>
#include <cctype>

#include "core/format/digest.h"
#include "core/workspace/probes/statement_text.h"

namespace hindcast::workspace {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

std::string identityOf(const ProbeSource& source) {
    format::DigestStream stream;
    const auto add = [&stream](const std::string& text) {
        stream.update(base::bytesOf(text));
        stream.update(base::bytesOf(std::string_view("\0", 1)));
    };
    add(source.version ? source.version->text() : "");
    for (const propagate::Probe& probe : source.group) add(probe.file + ":" + std::to_string(probe.line));
    if (source.version) {
        // The version's files never change: the probed ones with the statement in them tell the rest.
        for (const propagate::Probe& probe : source.group) {
            if (const std::string* text = textOf(*source.project, probe.file)) add(*text);
        }
    } else {
        for (const propagate::SourceFile& file : source.project->files()) add(file.path + "\n" + file.text);
    }
    return stream.digest().hex();
}

/// A UUID that is the same for the same words: a statement typed in the work tree is one probe however often it is
/// found.
std::string stableId(const std::string& words) {
    const format::Digest digest = format::digest128(base::bytesOf(words));
    base::Uuid id;
    std::copy(digest.bytes.begin(), digest.bytes.end(), id.bytes.begin());
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | 0x80);
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);
    return id.text();
}

/// Fills names and name from what is logged within a range of a file.
Result<void> nameProbe(ProbeView& view, const propagate::SourceFile& file, propagate::LineRange range) {
    HINDCAST_ASSIGN(const std::vector<propagate::LogStatement> logs, propagate::findLogStatements(file));
    std::vector<std::string> patterns;
    for (const propagate::LogStatement& log : logs) {
        if (log.line < range.first || log.line > range.last) continue;
        if (log.literal)
            view.names.push_back(log.name);
        else
            patterns.push_back(patternOf(log.name));
    }
    if (view.names.empty() && patterns.empty()) {
        return Error(ErrorCode::InvalidArgument,
                     "the statement logs nothing: write for example hindcast.log(\"name\", value)");
    }
    view.name = view.names.empty() ? patterns.front() : view.names.front();
    if (!patterns.empty() && !view.names.empty()) view.names.insert(view.names.end(), patterns.begin(), patterns.end());
    return {};
}

/// A statement with what it depends on, as one text: what stays when the work tree no longer holds it.
Result<std::string> groupText(const propagate::Project& project, const propagate::AddedStatement& added) {
    std::string text;
    for (const propagate::Probe& member : added.group) {
        const std::string* file = textOf(project, member.file);
        if (!file) continue;
        HINDCAST_ASSIGN(const propagate::LineRange range, statementRange({member.file, *file}, member.line));
        text += dedented(linesFrom(*file, range));
    }
    return text;
}

/// How many edits turn one name into the other, up to 3.
bool isClose(const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()] <= std::min<std::size_t>(3, a.size() / 2);
}

}  // namespace

bool ProbeBook::logs(const ProbeView& probe, const std::string& name) {
    const auto matches = [&](const std::string& pattern) {
        const std::size_t star = pattern.find('*');
        if (star == std::string::npos) return pattern == name;
        const std::string head = pattern.substr(0, star);
        const std::string tail = pattern.substr(pattern.rfind('*') + 1);
        return pattern == name ||
               (name.size() >= head.size() + tail.size() && name.starts_with(head) && name.ends_with(tail));
    };
    return matches(probe.name) || std::any_of(probe.names.begin(), probe.names.end(), matches);
}

const store::PlacementDecision* ProbeBook::originOf(const std::string& id) const {
    const store::PlacementDecision* origin = nullptr;
    for (const auto& [key, decision] : m_store.annotations.view().placements) {
        if (key.first != id || decision.kind != store::PlacementDecision::Kind::Placed) continue;
        if (!origin || decision.revision >= origin->revision) origin = &decision;
    }
    return origin;
}

Result<ProbeSource> ProbeBook::resolve(const store::Probe& probe) {
    const auto known = m_resolved.find({probe.id, probe.revision});
    if (known != m_resolved.end()) return known->second;
    const store::PlacementDecision* origin = originOf(probe.id);
    if (!origin) {
        // Found in a source when it was kept, not added at a line: the newest version may hold it by now.
        HINDCAST_ASSIGN(std::optional<ProbeSource> found, inNewest(probe.name));
        if (!found)
            return Error(ErrorCode::Conflict, "the place of the probe " + probe.name + " is not known any more");
        found->view.id = probe.id;
        found->view.revision = probe.revision;
        return *std::move(found);
    }
    ProbeSource source;
    source.version = origin->version;
    HINDCAST_ASSIGN(const ProjectPtr original, m_projects.ofVersion(*source.version));
    HINDCAST_ASSIGN(const propagate::Placement placed,
                    propagate::placeAt(*original, origin->file, origin->line, origin->text, origin->indent));
    if (placed.spliced.empty() || placed.spliced.front().inserted.empty()) {
        return Error(ErrorCode::Conflict, "the probe " + probe.name + " has no place in its own version");
    }
    const propagate::SplicedFile& file = placed.spliced.front();
    const propagate::LineRange range{file.inserted.front().first, file.inserted.back().last};
    source.project = withText(*original, file.file, file.text);
    HINDCAST_ASSIGN(source.group, statementsIn({file.file, file.text}, range));
    source.view.id = probe.id;
    source.view.revision = probe.revision;
    source.view.file = file.file;
    source.view.line = range.first;
    source.view.text = probe.text;
    HINDCAST_TRY(nameProbe(source.view, {file.file, file.text}, range));
    source.identity = identityOf(source);
    return m_resolved[{probe.id, probe.revision}] = source;
}

Result<std::vector<ProbeSource>> ProbeBook::kept() {
    std::vector<ProbeSource> probes;
    for (const auto& [id, revisions] : m_store.annotations.view().probes) {
        if (revisions.empty() || revisions.back().removed || revisions.back().kind != "statement") continue;
        Result<ProbeSource> source = resolve(revisions.back());
        if (source) probes.push_back(*std::move(source));
    }
    return probes;
}

void ProbeBook::finishFound(ProbeSource& source) const {
    source.view.id = stableId(source.view.name);
    source.identity = identityOf(source);
    const store::Probe* before = m_store.annotations.view().newestProbe(source.view.id);
    if (before) source.view.revision = before->text == source.view.text ? before->revision : before->revision + 1;
}

Result<void> ProbeBook::keep(const ProbeSource& source, const std::optional<store::PlacementDecision>& origin) {
    const store::Probe* before = m_store.annotations.view().newestProbe(source.view.id);
    if (before && before->revision >= source.view.revision && !before->removed) return {};
    store::Probe probe;
    probe.id = source.view.id;
    probe.revision = before ? std::max(source.view.revision, before->revision + 1) : source.view.revision;
    probe.name = source.view.name;
    probe.file = source.view.file;
    probe.line = source.view.line;
    probe.text = source.view.text;
    HINDCAST_TRY(m_store.annotations.putProbe(probe));
    if (!origin) return {};
    store::PlacementDecision decision = *origin;
    decision.probe = probe.id;
    decision.revision = probe.revision;
    return m_store.annotations.putPlacement(decision);
}

Result<std::vector<ProbeSource>> ProbeBook::typed() {
    std::vector<ProbeSource> probes;
    HINDCAST_ASSIGN(const std::optional<base::Uuid> newest, m_projects.newest());
    const Result<ProjectPtr> workTree = m_projects.ofWorkTree();
    if (!newest || !workTree) return probes;
    HINDCAST_ASSIGN(const ProjectPtr old, m_projects.ofVersion(*newest));
    HINDCAST_ASSIGN(const std::vector<propagate::AddedStatement> added, propagate::scan(*old, **workTree));
    for (const propagate::AddedStatement& statement : added) {
        if (statement.names.empty() && statement.patterns.empty()) continue;
        ProbeSource source;
        source.project = *workTree;
        source.group = statement.group;
        source.view.names = statement.names;
        for (const std::string& pattern : statement.patterns) source.view.names.push_back(patternOf(pattern));
        source.view.name = source.view.names.front();
        if (statement.names.empty()) source.view.names.clear();
        source.view.file = statement.file;
        source.view.line = statement.lines.first;
        HINDCAST_ASSIGN(source.view.text, groupText(**workTree, statement));
        source.view.typedInWorkTree = true;
        HINDCAST_ASSIGN(const bool settled, settleByLines(source, added, *newest, *old));
        if (!settled) HINDCAST_TRY(settleInNewest(source, *newest, *old));
        finishFound(source);
        probes.push_back(std::move(source));
    }
    return probes;
}

Result<std::optional<ProbeSource>> ProbeBook::inNewest(const std::string& name) {
    HINDCAST_ASSIGN(const std::optional<base::Uuid> newest, m_projects.newest());
    if (!newest) return std::optional<ProbeSource>();
    HINDCAST_ASSIGN(const ProjectPtr project, m_projects.ofVersion(*newest));
    for (const propagate::SourceFile& file : project->files()) {
        // A file that does not parse cannot hold what is looked for.
        const auto logs = propagate::findLogStatements(file);
        if (!logs) continue;
        for (const propagate::LogStatement& log : *logs) {
            ProbeSource source;
            source.view.name = log.literal ? log.name : patternOf(log.name);
            if (!ProbeBook::logs(source.view, name) || source.view.name == "*") continue;
            source.project = project;
            source.version = newest;
            source.group = {{file.path, log.statement.first}};
            if (log.literal) source.view.names = {log.name};
            source.view.file = file.path;
            source.view.line = log.statement.first;
            source.view.text = dedented(linesFrom(file.text, log.statement));
            finishFound(source);
            return std::optional(source);
        }
    }
    return std::optional<ProbeSource>();
}

Result<ProbeSource> ProbeBook::byId(const std::string& id) {
    if (const store::Probe* probe = m_store.annotations.view().newestProbe(id); probe && !probe->removed)
        return resolve(*probe);
    HINDCAST_ASSIGN(const std::vector<ProbeSource> found, typed());
    for (const ProbeSource& source : found) {
        if (source.view.id == id) return source;
    }
    return Error(ErrorCode::NotFound, "there is no probe " + id);
}

Result<ProbeSource> ProbeBook::byName(const std::string& name) {
    HINDCAST_ASSIGN(const std::optional<base::Uuid> newest, m_projects.newest());
    if (!newest)
        return Error(
            ErrorCode::NothingToDo,
            "there is no version to replay: record a run of your training script first, with `hindcast run SCRIPT`");
    HINDCAST_ASSIGN(const std::vector<ProbeSource> stored, kept());
    HINDCAST_ASSIGN(const std::vector<ProbeSource> scanned, typed());
    // What the user typed last counts: the work tree, then the newest probe.
    for (const ProbeSource& source : scanned) {
        if (logs(source.view, name)) return source;
    }
    for (auto source = stored.rbegin(); source != stored.rend(); ++source) {
        if (logs(source->view, name)) return *source;
    }
    HINDCAST_ASSIGN(std::optional<ProbeSource> recorded, inNewest(name));
    if (recorded) return *std::move(recorded);
    std::string near;
    for (const auto* list : {&scanned, &stored}) {
        for (const ProbeSource& source : *list) {
            if (near.empty() && isClose(name, source.view.name)) near = source.view.name;
        }
    }
    if (!near.empty())
        return Error(ErrorCode::InvalidArgument, "nothing logs " + name + "; did you mean " + near + "?");
    std::string sentence = "nothing logs " + name +
                           ": no probe, no statement in the work tree and none in the newest version; add one with "
                           "`hindcast probe add` or type hindcast.log(\"" +
                           name + "\", …) into the script";
    const Result<ProjectPtr> workTree = m_projects.ofWorkTree();
    for (const propagate::SourceFile& file : workTree ? (*workTree)->files() : std::vector<propagate::SourceFile>()) {
        const bool mentions = file.text.find(name) != std::string::npos;
        if (mentions && !propagate::findLogStatements(file))
            sentence += "; " + file.path + " mentions it but does not parse";
    }
    return Error(ErrorCode::InvalidArgument, sentence);
}

/// The current file with the new statement in it.
Result<propagate::SplicedFile> ProbeBook::write(const propagate::Project& current, const NewProbe& probe) const {
    const std::string* original = textOf(current, probe.file);
    if (!original) return Error(ErrorCode::NotFound, "the project has no Python file " + probe.file);
    if (probe.expression.empty()) {
        HINDCAST_ASSIGN(const propagate::Placement placed,
                        propagate::placeAt(current, probe.file, probe.line, probe.statement));
        if (placed.spliced.empty() || placed.spliced.front().inserted.empty()) {
            return Error(ErrorCode::InvalidArgument, placed.reason);
        }
        return placed.spliced.front();
    }
    HINDCAST_ASSIGN(const propagate::WrittenProbe written,
                    propagate::writeExpression(current, {probe.file, probe.line, false, probe.name, probe.expression}));
    const int added = lineCount(written.text) - lineCount(*original);
    return propagate::SplicedFile{probe.file, written.text, {{written.probe.line, written.probe.line + added - 1}}};
}

/// Where the statement that was put into the current source stands in the newest version.
Result<store::PlacementDecision> ProbeBook::originFor(const propagate::Project& current,
                                                      const propagate::SplicedFile& spliced, const base::Uuid& newest) {
    const propagate::LineRange range{spliced.inserted.front().first, spliced.inserted.back().last};
    store::PlacementDecision origin;
    origin.version = newest;
    origin.file = spliced.file;
    origin.line = range.first;
    origin.text = dedented(linesFrom(spliced.text, range));
    origin.indent = indentOf(linesFrom(spliced.text, range));
    HINDCAST_ASSIGN(const ProjectPtr target, m_projects.ofVersion(newest));
    const std::string* there = textOf(*target, spliced.file);
    const std::string* here = textOf(current, spliced.file);
    if (there && here && *there == *here) return origin;

    const ProjectPtr with = withText(current, spliced.file, spliced.text);
    HINDCAST_ASSIGN(const std::vector<propagate::Probe> group, statementsIn({spliced.file, spliced.text}, range));
    HINDCAST_ASSIGN(const propagate::Placement placed, propagate::placeGroup(*with, group, *target));
    if (placed.kind == propagate::Placement::Kind::AlreadyThere) {
        return Error(ErrorCode::NothingToDo, "the newest version has this statement already");
    }
    if (placed.kind == propagate::Placement::Kind::Conflict || placed.spliced.empty()) {
        return Error(ErrorCode::Conflict, "this place is not in the newest recorded version (" + placed.reason +
                                              "): record a run of the changed script first, or choose another line");
    }
    const propagate::SplicedFile& found = placed.spliced.front();
    origin.file = found.file;
    origin.line = found.inserted.front().first;
    origin.text.clear();
    for (const propagate::LineRange& part : found.inserted) origin.text += linesFrom(found.text, part);
    origin.indent = indentOf(origin.text);
    origin.text = dedented(origin.text);
    return origin;
}

Result<std::string> ProbeBook::put(const std::string& id, const NewProbe& wanted) {
    HINDCAST_ASSIGN(const std::optional<base::Uuid> newest, m_projects.newest());
    if (!newest) return Error(ErrorCode::NotFound, "no version has its source stored: record a run first");
    HINDCAST_ASSIGN(const ProjectPtr current, m_projects.current());
    HINDCAST_ASSIGN(const propagate::SplicedFile spliced, write(*current, wanted));
    ProbeView named;
    HINDCAST_TRY(
        nameProbe(named, {spliced.file, spliced.text}, {spliced.inserted.front().first, spliced.inserted.back().last}));
    HINDCAST_ASSIGN(store::PlacementDecision origin, originFor(*current, spliced, *newest));
    const store::Probe* before = m_store.annotations.view().newestProbe(id);
    store::Probe probe;
    probe.id = before ? id : base::Uuid::make().text();
    probe.revision = before ? before->revision + 1 : 1;
    probe.name = named.name;
    probe.file = origin.file;
    probe.line = origin.line;
    probe.text = origin.text;
    probe.expression = wanted.expression;
    origin.probe = probe.id;
    origin.revision = probe.revision;
    HINDCAST_TRY(m_store.annotations.putProbe(probe));
    HINDCAST_TRY(m_store.annotations.putPlacement(origin));
    return probe.id;
}

Result<void> ProbeBook::setRemoved(const std::string& id, bool removed) {
    const store::Probe* newest = m_store.annotations.view().newestProbe(id);
    if (!newest) return Error(ErrorCode::NotFound, "there is no probe " + id);
    if (newest->removed == removed)
        return Error(ErrorCode::NothingToDo, removed ? "the probe is removed already" : "the probe is there");
    store::Probe probe = *newest;
    ++probe.revision;
    probe.removed = removed;
    return m_store.annotations.putProbe(probe);
}

}  // namespace hindcast::workspace
