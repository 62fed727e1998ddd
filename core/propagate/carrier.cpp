// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/carrier.h"

#include <algorithm>

#include "core/propagate/match/file_pairs.h"

namespace hindcast::propagate {
namespace {

constexpr double kSureEnough = 0.80;  ///< below it the other files of the project are looked at too
constexpr std::size_t kMaxFiles = 400;
constexpr std::size_t kMaxBytes = 8u << 20;

int globalStatement(const Side& side, const Probe& probe) {
    const int file = side.indexOf(probe.file);
    if (file < 0) return -1;
    const ParsedFile& parsed = side.file(static_cast<std::size_t>(file));
    const auto local = parsed.outline.startingOnLine(*parsed.tree, probe.line);
    return local < 0 ? -1 : side.statementBase(static_cast<std::size_t>(file)) + local;
}

std::string joined(const std::vector<std::string>& names) {
    std::string out;
    for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
    return out;
}

void shiftBelow(std::vector<LineRange>& ranges, LineRange added) {
    for (auto& range : ranges) {
        if (range.first < added.first) continue;
        range.first += added.last - added.first + 1;
        range.last += added.last - added.first + 1;
    }
}

}  // namespace

base::Result<ParsedFilePtr> Carrier::oldFile(const std::string& path) const {
    const auto found = m_spliced.find(path);
    if (found != m_spliced.end()) return found->second;
    return ProjectAccess::parsed(m_old, path);
}

base::Result<Placement> Carrier::carry(const std::vector<Probe>& group) {
    Placement placement;
    placement.confidence = 1;
    bool anyPlaced = false;
    if (group.empty()) return base::Error(base::ErrorCode::InvalidArgument, "there is no statement to carry");
    std::optional<Put> last;
    for (std::size_t at = 0; at < group.size(); ++at) {
        const Probe& probe = group[at];
        // What was written in one go stays together, in its order: only the first of a run has to be placed.
        std::optional<Put> behind;
        if (last) {
            HINDCAST_ASSIGN(const bool directly, isDirectlyBehind(probe, group[at - 1]));
            if (directly) behind = last;
        }
        HINDCAST_ASSIGN(Step step, carryOne(probe, group, behind));
        if (behind && step.kind == Placement::Kind::Conflict) {
            HINDCAST_ASSIGN(step, carryOne(probe, group, std::nullopt));
        }
        placement.confidence = std::min(placement.confidence, step.confidence);
        placement.reason = step.reason;
        placement.candidates = step.candidates;
        if (step.kind == Placement::Kind::Conflict) {
            placement.kind = Placement::Kind::Conflict;
            placement.unresolvedNames = step.unresolved;
            placement.spliced.clear();
            if (group.size() > 1)
                placement.reason = probe.file + " line " + std::to_string(probe.line) + ": " + placement.reason;
            return placement;
        }
        last.reset();
        if (step.kind == Placement::Kind::Placed) {
            anyPlaced = true;
            remember(placement, step);
            if (at + 1 < group.size()) {
                HINDCAST_ASSIGN(m_spliced[step.file], parseFile(step.file, step.spliced.text));
            }
            last = Put{step.file, step.spliced.lines.first};
        }
    }
    placement.kind = anyPlaced ? Placement::Kind::Placed : Placement::Kind::AlreadyThere;
    return placement;
}

void Carrier::remember(Placement& placement, const Step& step) {
    auto found = std::find_if(placement.spliced.begin(), placement.spliced.end(),
                              [&](const auto& s) { return s.file == step.file; });
    if (found == placement.spliced.end()) {
        placement.spliced.insert(placement.spliced.begin(), SplicedFile{step.file, {}, {}});
        found = placement.spliced.begin();
    }
    found->text = step.spliced.text;
    shiftBelow(found->inserted, step.spliced.lines);
    found->inserted.push_back(step.spliced.lines);
    std::sort(found->inserted.begin(), found->inserted.end(), [](auto a, auto b) { return a.first < b.first; });
    std::rotate(placement.spliced.begin(), found, found + 1);
}

/// Whether the one is the next statement of the other's block in the newest source.
base::Result<bool> Carrier::isDirectlyBehind(const Probe& probe, const Probe& before) const {
    if (probe.file != before.file) return false;
    HINDCAST_ASSIGN(const ParsedFilePtr source, ProjectAccess::parsed(m_newest, probe.file));
    const auto first = source->outline.startingOnLine(*source->tree, before.line);
    const auto second = source->outline.startingOnLine(*source->tree, probe.line);
    if (first < 0 || second < 0) return false;
    const auto& one = source->outline.statement(first);
    const auto& other = source->outline.statement(second);
    return one.block == other.block && one.position + 1 == other.position;
}

/// First the two files of the same path; where that is not sure, all files that differ. `behind`: where the statement
/// before it was put.
base::Result<Carrier::Step> Carrier::carryOne(const Probe& probe, const std::vector<Probe>& group,
                                              const std::optional<Put>& behind) const {
    const auto beside = ProjectAccess::parseBeside(m_old, probe.file);
    HINDCAST_ASSIGN(const ParsedFilePtr source, ProjectAccess::parsed(m_newest, probe.file));
    if (beside.valid()) beside.wait();
    if (source->outline.startingOnLine(*source->tree, probe.line) < 0) {
        return base::Error(base::ErrorCode::InvalidArgument,
                           probe.file + ": no statement starts on line " + std::to_string(probe.line));
    }
    Step narrow;
    const bool hasTwin = ProjectAccess::find(m_old, probe.file) != nullptr;
    if (hasTwin) {
        HINDCAST_ASSIGN(const ParsedFilePtr target, oldFile(probe.file));
        HINDCAST_ASSIGN(narrow, carryBetween({source}, {target}, probe, group, behind));
        if (narrow.confidence >= kSureEnough || (m_newest.files().size() == 1 && m_old.files().size() == 1))
            return narrow;
    }
    HINDCAST_ASSIGN(Step wide, carryBetween(widened(m_newest, m_old, probe.file, false),
                                            widened(m_old, m_newest, probe.file, true), probe, group, behind));
    return hasTwin && narrow.confidence >= wide.confidence ? narrow : wide;
}

/// The files of a project that are not the same in the other one, the needed one in any case.
std::vector<ParsedFilePtr> Carrier::widened(const Project& project, const Project& other, const std::string& needed,
                                            bool isOld) const {
    std::vector<ParsedFilePtr> files;
    std::size_t bytes = 0;
    for (const SourceFile& file : project.files()) {
        const SourceFile* twin = ProjectAccess::find(other, file.path);
        if (file.path != needed && twin != nullptr && twin->text == file.text) continue;
        bytes += file.text.size();
        if (m_stop.stop_requested()) break;  // carryBetween answers
        if (file.path != needed && (files.size() >= kMaxFiles || bytes > kMaxBytes)) continue;
        auto parsed = isOld ? oldFile(file.path) : ProjectAccess::parsed(project, file.path);
        if (parsed) files.push_back(*parsed);
    }
    return files;
}

base::Result<Carrier::Step> Carrier::carryBetween(const std::vector<ParsedFilePtr>& newFiles,
                                                  const std::vector<ParsedFilePtr>& oldFiles, const Probe& probe,
                                                  const std::vector<Probe>& group,
                                                  const std::optional<Put>& behind) const {
    if (m_stop.stop_requested()) return base::Error(base::ErrorCode::Cancelled, "stopped");
    Step step;
    step.reason = "the old version has no file that resembles " + probe.file;
    if (oldFiles.empty()) return step;
    const Side newer(newFiles);
    const Side older(oldFiles);
    const int statement = globalStatement(newer, probe);
    std::vector<int> excluded;
    for (const Probe& member : group) {
        const int id = globalStatement(newer, member);
        if (id >= 0) excluded.push_back(id);
    }
    const Placer placer(newer, older, excluded, pairFiles(newer, older));
    const int put = behind ? older.indexOf(behind->file) : -1;
    if (behind && put < 0) return step;
    const auto slots =
        behind ? placer.slotBehind(statement, static_cast<std::size_t>(put), behind->line) : placer.slotsFor(statement);
    if (slots.empty()) return step;
    const auto file = newer.fileOfStatement(statement);
    const ParsedFile& from = newer.file(file);
    const auto local = statement - newer.statementBase(file);
    for (const PlacedSlot& slot : slots) {
        const ParsedFile& to = older.file(slot.file);
        step.candidates.push_back({to.path, lineOfSlot(from, local, to, slot.slot), slot.confidence,
                                   blockIndent(to, slot.slot.block) + statementText(from, local, slot.replacements),
                                   slot.why});
    }
    const PlacedSlot& best = slots.front();
    step.confidence = best.confidence;
    step.reason = best.why;
    step.unresolved = best.unresolved;
    step.file = older.file(best.file).path;
    if (best.alreadyThere) {
        step.kind = Placement::Kind::AlreadyThere;
        step.reason = "the old version has this statement";
        step.confidence = 1;
        return step;
    }
    if (!best.unresolved.empty()) {
        step.reason = "the old version has no counterpart of " + joined(best.unresolved);
        return step;
    }
    if (best.confidence < kConfidenceBar) return step;
    auto spliced = splice(from, local, best.replacements, older.file(best.file), best.slot);
    if (!spliced) {
        step.reason = spliced.error().text();
        step.confidence = std::min(step.confidence, 0.5);
        return step;
    }
    step.spliced = *std::move(spliced);
    step.kind = Placement::Kind::Placed;
    return step;
}

}  // namespace hindcast::propagate
