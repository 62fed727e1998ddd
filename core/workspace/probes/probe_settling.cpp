// SPDX-License-Identifier: Apache-2.0
// How a statement that was found in the work tree gets its place in the newest version.
#include <algorithm>
#include <map>

#include "core/base/lines.h"
#include "core/replay/splice.h"
#include "core/workspace/probes/probe_book.h"
#include "core/workspace/probes/statement_text.h"

namespace hindcast::workspace {

using base::Result;

/// Where the work tree is the newest version with statements added and nothing else, their places are known exactly:
/// the lines that were there before. False when a file differs in another way.
Result<bool> ProbeBook::settleByLines(ProbeSource& source, const std::vector<propagate::AddedStatement>& added,
                                      const base::Uuid& newest, const propagate::Project& old) const {
    std::map<std::string, std::string> originals;
    std::vector<std::pair<replay::Insertion, std::size_t>> members;  // with the place in the group
    for (std::size_t at = 0; at < source.group.size(); ++at) {
        const propagate::Probe& member = source.group[at];
        const std::string* typed = textOf(*source.project, member.file);
        const std::string* original = textOf(old, member.file);
        if (!typed || !original) return false;
        HINDCAST_ASSIGN(const propagate::LineRange range, statementRange({member.file, *typed}, member.line));
        std::string kept;
        std::size_t offset = 0;
        int line = 0;
        for (const std::string_view text : base::linesOf(*typed)) {
            ++line;
            if (line == range.first) offset = kept.size();
            const bool isAdded = std::any_of(added.begin(), added.end(), [&](const propagate::AddedStatement& each) {
                return each.file == member.file && line >= each.lines.first && line <= each.lines.last;
            });
            if (!isAdded) kept += text;
        }
        if (kept != *original) return false;
        originals[member.file] = *original;
        members.push_back({{member.file, offset, linesFrom(*typed, range)}, at});
    }
    std::vector<replay::Insertion> insertions;
    for (const auto& [insertion, at] : members) insertions.push_back(insertion);
    HINDCAST_ASSIGN(const replay::SplicedSource spliced, replay::spliceAll(originals, {{0, insertions}}));
    std::stable_sort(members.begin(), members.end(), [](const auto& a, const auto& b) {
        return std::pair(a.first.file, a.first.offset) < std::pair(b.first.file, b.first.offset);
    });
    if (spliced.injected.size() != members.size()) return false;
    for (std::size_t at = 0; at < members.size(); ++at) {
        source.group[members[at].second] = {spliced.injected[at].file, spliced.injected[at].first};
    }
    source.project = std::make_shared<const propagate::Project>(old.files());
    for (const auto& [file, text] : spliced.files) source.project = withText(*source.project, file, text);
    source.version = newest;
    return true;
}

/// Carries a statement of the work tree into the newest version: what is carried on from there has none of the other
/// statements around it that were typed since, which no past version has either. Where the newest version has no place
/// for it, the work tree stays the source.
Result<void> ProbeBook::settleInNewest(ProbeSource& source, const base::Uuid& newest,
                                       const propagate::Project& old) const {
    const auto placed = propagate::placeGroup(*source.project, source.group, old);
    if (!placed || placed->kind != propagate::Placement::Kind::Placed || placed->spliced.empty()) return {};
    ProjectPtr project = std::make_shared<const propagate::Project>(old.files());
    std::vector<propagate::Probe> group;
    // The file of the statement itself comes first; what it depends on has to be carried before it.
    for (auto file = placed->spliced.rbegin(); file != placed->spliced.rend(); ++file) {
        project = withText(*project, file->file, file->text);
        for (const propagate::LineRange& range : file->inserted) {
            HINDCAST_ASSIGN(const std::vector<propagate::Probe> found, statementsIn({file->file, file->text}, range));
            group.insert(group.end(), found.begin(), found.end());
        }
    }
    source.project = std::move(project);
    source.group = std::move(group);
    source.version = newest;
    return {};
}

}  // namespace hindcast::workspace
