// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/probes/editor_text.h"

#include <algorithm>
#include <cstdlib>

#include "core/base/lines.h"
#include "core/workspace/probes/statement_text.h"

namespace hindcast::workspace {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr int kContextLines = 3;

/// First line that differs, and how many lines were added there. One run of added lines at a time.
struct Run {
    int line = 0;  ///< 1-based in `after`
    int count = 0;
};

std::vector<Run> addedRuns(const std::vector<std::string_view>& before, const std::vector<std::string_view>& after) {
    std::vector<Run> runs;
    std::size_t old = 0;
    for (std::size_t at = 0; at < after.size(); ++at) {
        if (old < before.size() && before[old] == after[at] && before.size() - old <= after.size() - at) {
            ++old;
            continue;
        }
        const int line = static_cast<int>(at) + 1;
        if (!runs.empty() && runs.back().line + runs.back().count == line)
            ++runs.back().count;
        else
            runs.push_back({line, 1});
    }
    return runs;
}

/// Where the user's file has the statement: of several that log the name, the one nearest to where the probe was.
propagate::LineRange linesInFile(const ProbeView& probe, const propagate::Project& current) {
    propagate::LineRange found;
    const std::string* text = textOf(current, probe.file);
    if (!text) return found;
    const auto logs = propagate::findLogStatements({probe.file, *text});
    if (!logs) return found;
    for (const propagate::LogStatement& log : *logs) {
        if (!ProbeBook::logs(probe, log.literal ? log.name : patternOf(log.name))) continue;
        const bool nearer = std::abs(log.statement.first - probe.line) < std::abs(found.first - probe.line);
        if (found.first == 0 || nearer) found = log.statement;
    }
    return found;
}

}  // namespace

std::string additionDiff(const std::string& file, const std::string& before, const std::string& after) {
    const std::vector<std::string_view> old = base::linesOf(before);
    const std::vector<std::string_view> now = base::linesOf(after);
    std::string out = "--- a/" + file + "\n+++ b/" + file + "\n";
    int added = 0;
    for (const Run& run : addedRuns(old, now)) {
        const int first = std::max(1, run.line - kContextLines);
        const int last = std::min(static_cast<int>(now.size()), run.line + run.count - 1 + kContextLines);
        const int total = last - first + 1;
        out += "@@ -" + std::to_string(first - added) + "," + std::to_string(total - run.count) + " +" +
               std::to_string(first) + "," + std::to_string(total) + " @@\n";
        for (int line = first; line <= last; ++line) {
            const bool isNew = line >= run.line && line < run.line + run.count;
            std::string text(now[static_cast<std::size_t>(line - 1)]);
            if (text.empty() || text.back() != '\n') text += '\n';
            out += (isNew ? "+" : " ") + text;
        }
        added += run.count;
    }
    return out;
}

Result<EditorText::InCurrent> EditorText::inCurrent(const ProbeSource& probe, const ProjectPtr& current) {
    if (current != m_current) {
        m_byIdentity.clear();
        m_current = current;
    }
    const auto known = m_byIdentity.find(probe.identity);
    if (known != m_byIdentity.end()) return known->second;
    InCurrent result;
    const auto placed = m_placements.placeInCurrent(probe);
    // A probe whose place is gone from the user's file is still listed; it is only not shown in the text.
    if (placed) {
        result.alreadyThere = placed->kind == propagate::Placement::Kind::AlreadyThere;
        if (result.alreadyThere) result.lines = linesInFile(probe.view, *current);
        for (const propagate::SplicedFile& file : placed->spliced) {
            const std::string* original = textOf(*current, file.file);
            if (!original) continue;
            HINDCAST_ASSIGN(std::vector<replay::Insertion> more, replay::insertionsOf(*original, file));
            result.insertions.insert(result.insertions.end(), more.begin(), more.end());
        }
    }
    return m_byIdentity[probe.identity] = std::move(result);
}

Result<Workspace::SourceText> EditorText::newest(const std::string& file) {
    HINDCAST_ASSIGN(Workspace::SourceText text, splicedText(file));
    HINDCAST_ASSIGN(const ProjectPtr current, m_projects.current());
    HINDCAST_ASSIGN(const std::vector<ProbeSource> kept, m_book.kept());
    const std::vector<Workspace::SourceText::ProbeLine> injected = text.probes;
    for (const ProbeSource& probe : kept) {
        HINDCAST_ASSIGN(const InCurrent here, inCurrent(probe, current));
        if (!here.alreadyThere || here.lines.first == 0 || probe.view.file != file) continue;
        int above = 0;
        for (const auto& lines : injected) {
            if (lines.firstLine <= here.lines.first + above) above += lines.lastLine - lines.firstLine + 1;
        }
        text.probes.push_back({probe.view.id, here.lines.first + above, here.lines.last + above});
    }
    return text;
}

Result<Workspace::SourceText> EditorText::splicedText(const std::string& file) {
    HINDCAST_ASSIGN(const ProjectPtr current, m_projects.current());
    Workspace::SourceText text;
    const auto workTree = m_projects.ofWorkTree();
    text.fromWorkTree = workTree && *workTree == current;
    const std::string* original = textOf(*current, file);
    if (!original) return Error(ErrorCode::NotFound, "the project has no Python file " + file);
    HINDCAST_ASSIGN(const std::vector<ProbeSource> kept, m_book.kept());
    std::vector<replay::ProbeInsertions> insertions;
    for (std::size_t at = 0; at < kept.size(); ++at) {
        HINDCAST_ASSIGN(InCurrent here, inCurrent(kept[at], current));
        std::erase_if(here.insertions, [&](const replay::Insertion& each) { return each.file != file; });
        insertions.push_back({static_cast<int>(at), std::move(here.insertions)});
    }
    HINDCAST_ASSIGN(const replay::SplicedSource spliced, replay::spliceAll({{file, *original}}, insertions));
    const auto changed = spliced.files.find(file);
    text.text = changed == spliced.files.end() ? *original : changed->second;
    for (const replay::Injection& lines : spliced.injected) {
        text.probes.push_back({kept[static_cast<std::size_t>(lines.probe)].view.id, lines.first, lines.last});
    }
    return text;
}

Result<int> EditorText::lineWithoutProbes(const std::string& file, int shownLine) {
    HINDCAST_ASSIGN(const Workspace::SourceText text, splicedText(file));
    int hidden = 0;
    for (const Workspace::SourceText::ProbeLine& lines : text.probes) {
        hidden += std::clamp(shownLine - lines.firstLine, 0, lines.lastLine - lines.firstLine + 1);
    }
    return shownLine - hidden;
}

Result<std::vector<ProbeView>> EditorText::probes() {
    std::vector<ProbeView> views;
    HINDCAST_ASSIGN(const std::vector<ProbeSource> kept, m_book.kept());
    const auto current = m_projects.current();
    std::map<std::string, Workspace::SourceText> texts;
    for (const ProbeSource& source : kept) {
        ProbeView view = source.view;
        if (current) {
            HINDCAST_ASSIGN(const InCurrent here, inCurrent(source, *current));
            view.typedInWorkTree = here.alreadyThere;
            if (!here.insertions.empty()) view.file = here.insertions.front().file;
            if (!texts.contains(view.file) && textOf(**current, view.file)) {
                HINDCAST_ASSIGN(texts[view.file], newest(view.file));
            }
            for (const auto& lines : texts[view.file].probes) {
                if (lines.probe == view.id) view.line = lines.firstLine;
            }
        }
        views.push_back(std::move(view));
    }
    return views;
}

Result<std::vector<EditorText::Applied>> EditorText::apply(const std::string& probe) {
    HINDCAST_ASSIGN(const ProbeSource source, m_book.byId(probe));
    const Result<ProjectPtr> workTree = m_projects.ofWorkTree();
    if (!workTree)
        return Error(ErrorCode::NotFound,
                     "the project's own files are not here: there is nothing to apply the probe to");
    HINDCAST_ASSIGN(const ProjectPtr current, m_projects.current());
    if (*workTree != current)
        return Error(ErrorCode::NotFound, "the project's script is not here: there is nothing to apply the probe to");
    HINDCAST_ASSIGN(const InCurrent here, inCurrent(source, current));
    if (here.alreadyThere) return Error(ErrorCode::NothingToDo, "your file holds this statement already");
    if (here.insertions.empty())
        return Error(ErrorCode::Conflict, "the place of this probe is not in your file any more");
    std::map<std::string, std::string> originals;
    for (const replay::Insertion& insertion : here.insertions)
        originals[insertion.file] = *textOf(*current, insertion.file);
    HINDCAST_ASSIGN(const replay::SplicedSource spliced, replay::spliceAll(originals, {{0, here.insertions}}));
    std::vector<Applied> applied;
    for (const auto& [file, text] : spliced.files) applied.push_back({file, originals[file], text});
    return applied;
}

}  // namespace hindcast::workspace
