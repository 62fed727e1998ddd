// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/propagation/leave_one_out.h"

#include <algorithm>
#include <ctime>
#include <sstream>
#include <unordered_map>
#include <unordered_set>

#include "core/propagate/places/placer.h"

namespace hindcast::bench {
namespace {

using propagate::ParsedFile;
using propagate::ParsedFilePtr;
using syntax::BindingKind;
using syntax::Role;

/// Of all threads of this program: others on a shared machine do not count.
double processorSeconds() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

std::vector<std::uint64_t> treeOf(const ParsedFile& file) {
    std::vector<std::uint64_t> hashes;
    for (const auto id : file.outline.block(0).statements) hashes.push_back(file.outline.statement(id).hash);
    return hashes;
}

/// The past source without the statement's lines, or "" where it shares them or cannot be missed.
std::string withoutStatement(const ParsedFile& file, const syntax::Statement& statement) {
    const auto& tree = *file.tree;
    const int first = tree.lineOf(statement.begin);
    const int last = tree.lineOf(statement.end - 1);
    const auto begin = tree.lineBegin(first);
    const auto end = tree.lineBegin(last + 1);
    const auto before = tree.tokenAt(begin);
    const auto after = tree.tokenAt(statement.end);
    if (before < tree.tokens().size() && tree.token(before).begin != statement.begin) return {};
    if (after < tree.tokens().size() && tree.token(after).begin < end) return {};
    if (file.outline.block(statement.block).statements.size() < 2) return {};
    return tree.text().substr(0, begin) + tree.text().substr(end);
}

/// The source with variables called otherwise wherever their name stands as a variable.
std::string renamed(const ParsedFile& file, const std::unordered_map<std::string, std::string>& names) {
    std::string out;
    std::size_t done = 0;
    const auto& tree = *file.tree;
    for (std::size_t t = 0; t < tree.tokens().size(); ++t) {
        const Role role = file.scopes.role(t);
        if (role != Role::Name && role != Role::Parameter) continue;
        const auto found = names.find(std::string(tree.tokenText(t)));
        if (found == names.end()) continue;
        out += tree.text().substr(done, tree.token(t).begin - done) + found->second;
        done = tree.token(t).end;
    }
    return out + tree.text().substr(done);
}

std::vector<std::string> linesOf(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

/// For every line of `a` its partner in `b` by a longest common subsequence, or -1.
std::vector<int> lineDiff(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    const std::size_t width = b.size() + 1;
    std::vector<int> best((a.size() + 1) * width, 0);
    for (std::size_t i = a.size(); i-- > 0;) {
        for (std::size_t j = b.size(); j-- > 0;) {
            best[i * width + j] = a[i] == b[j] ? best[(i + 1) * width + j + 1] + 1
                                               : std::max(best[(i + 1) * width + j], best[i * width + j + 1]);
        }
    }
    std::vector<int> partner(a.size(), -1);
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        if (a[i] == b[j]) {
            partner[i++] = static_cast<int>(j++);
        } else if (best[(i + 1) * width + j] >= best[i * width + j + 1]) {
            ++i;
        } else {
            ++j;
        }
    }
    return partner;
}

/// New names for variables of the statement; empty where it has none to rename.
std::unordered_map<std::string, std::string> chooseNames(const ParsedFile& file, const syntax::Statement& statement,
                                                         std::mt19937& random) {
    std::unordered_set<std::string> keywords;
    for (std::size_t t = 0; t < file.tree->tokens().size(); ++t) {
        if (file.scopes.role(t) == Role::Keyword) keywords.insert(std::string(file.tree->tokenText(t)));
    }
    std::vector<std::string> names;
    for (auto t = statement.tokens.first; t < statement.tokens.second; ++t) {
        if (file.scopes.role(t) != Role::Name) continue;
        const auto& binding = file.scopes.binding(file.scopes.bindingOf(t));
        const bool variable = binding.kind == BindingKind::Variable || binding.kind == BindingKind::Parameter;
        // A parameter that is passed by keyword somewhere would have to change there too.
        if (!variable || binding.name == "self" || keywords.count(binding.name) != 0) continue;
        // A name that stands nowhere else leaves no trace of what it was called.
        const auto inside = [&](std::uint32_t u) { return u >= statement.tokens.first && u < statement.tokens.second; };
        if (std::all_of(binding.definitions.begin(), binding.definitions.end(), inside) &&
            std::all_of(binding.uses.begin(), binding.uses.end(), inside))
            continue;
        if (std::find(names.begin(), names.end(), binding.name) == names.end()) names.push_back(binding.name);
    }
    std::unordered_map<std::string, std::string> out;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0 && random() % 2 == 0) continue;
        out[names[i]] = random() % 2 == 0 ? names[i] + "_prev" : "q" + std::to_string(random() % 90 + 10);
    }
    return out;
}

using Pair = std::pair<const syntax::Statement*, const syntax::Statement*>;

/// Statements that stand once in each source and start their line.
std::vector<Pair> eligibleStatements(const ParsedFile& newer, const ParsedFile& older, std::mt19937& random) {
    std::unordered_map<std::uint64_t, std::pair<int, int>> counts;
    std::unordered_map<std::uint64_t, const syntax::Statement*> inNew;
    for (const auto& s : newer.outline.statements()) {
        ++counts[s.hash].first;
        inNew[s.hash] = &s;
    }
    for (const auto& s : older.outline.statements()) ++counts[s.hash].second;
    std::vector<Pair> eligible;
    for (const auto& s : older.outline.statements()) {
        if (counts[s.hash] != std::pair<int, int>(1, 1)) continue;
        const int lines = older.tree->lineOf(s.end - 1) - older.tree->lineOf(s.begin);
        if (!s.blocks.empty() && (lines > 12 || random() % 4 != 0)) continue;
        const auto* here = inNew[s.hash];
        const auto first = newer.outline.startingOnLine(*newer.tree, newer.tree->lineOf(here->begin));
        if (first == static_cast<int>(here - newer.outline.statements().data())) eligible.emplace_back(here, &s);
    }
    std::shuffle(eligible.begin(), eligible.end(), random);
    return eligible;
}

/// Whether all lines of the one have been the lines of the other all the time.
bool survived(const ParsedFile& newer, const syntax::Statement& a, const ParsedFile& older, const syntax::Statement& b,
              const std::vector<int>& oldLines) {
    const int first = newer.tree->lineOf(a.begin);
    const int last = newer.tree->lineOf(a.end - 1);
    const int shift = older.tree->lineOf(b.begin) - first;
    for (int line = first; line <= last; ++line) {
        if (static_cast<std::size_t>(line) >= oldLines.size() ||
            oldLines[static_cast<std::size_t>(line)] != line + shift)
            return false;
    }
    return true;
}

const syntax::Statement* siblingAfter(const ParsedFile& file, const syntax::Statement& s) {
    const auto& block = file.outline.block(s.block).statements;
    const auto next = static_cast<std::size_t>(s.position) + 1;
    return next < block.size() ? &file.outline.statement(block[next]) : nullptr;
}

/// The text with a line after the statement, indented as it; "" where the statement shares its last line.
std::string withLineAfter(const ParsedFile& file, const syntax::Statement& s, const std::string& line) {
    const auto& tree = *file.tree;
    const auto lineBegin = tree.lineBegin(tree.lineOf(s.begin));
    const auto end = tree.lineBegin(tree.lineOf(s.end - 1) + 1);
    const auto after = tree.tokenAt(s.end);
    if (after < tree.tokens().size() && tree.token(after).begin < end) return {};
    const std::string indent = tree.text().substr(lineBegin, s.begin - lineBegin);
    if (indent.find_first_not_of(" \t") != std::string::npos || end == 0 || tree.text()[end - 1] != '\n') return {};
    return tree.text().substr(0, end) + indent + line + "\n" + tree.text().substr(end);
}

/// A variable that the statement names, as called in both, or "".
std::string variableOf(const ParsedFile& newer, const syntax::Statement& a, const ParsedFile& older,
                       const syntax::Statement& b, std::mt19937& random, std::string& there) {
    std::vector<std::pair<std::string, std::string>> names;
    for (auto t = a.head.first, u = b.head.first; t < a.head.second && u < b.head.second; ++t, ++u) {
        if (newer.scopes.role(t) != Role::Name || older.scopes.role(u) != Role::Name) continue;
        const auto kind = newer.scopes.binding(newer.scopes.bindingOf(t)).kind;
        if (kind == BindingKind::Variable || kind == BindingKind::Parameter)
            names.emplace_back(newer.tree->tokenText(t), older.tree->tokenText(u));
    }
    if (names.empty()) return {};
    const auto& chosen = names[random() % names.size()];
    there = chosen.second;
    return chosen.first;
}

/// A new statement after `a`, one that names a variable of it. Between two that have been neighbours all the time its
/// place is certain; else it belongs to `a`, which it tells about.
bool insertAfter(const ParsedFile& newer, const syntax::Statement& a, const ParsedFile& source, const ParsedFile& older,
                 const syntax::Statement& b, const std::vector<int>& oldLines, std::mt19937& random, Case& one) {
    const auto* nextNew = siblingAfter(newer, a);
    const auto* nextOld = siblingAfter(older, b);
    using syntax::Kind;
    // Nothing stands behind a jump; an import block is no place for a call.
    for (const Kind kind : {Kind::Return, Kind::Raise, Kind::Break, Kind::Continue, Kind::Import, Kind::ImportFrom}) {
        if (a.kind == kind) return false;
    }
    const bool lastInBoth = nextNew == nullptr && nextOld == nullptr;
    const bool neighbours = lastInBoth || (nextNew != nullptr && nextOld != nullptr &&
                                           survived(newer, *nextNew, older, *nextOld, oldLines));
    const auto& target = source.outline.statement(static_cast<int>(&b - older.outline.statements().data()));
    std::string there;
    const std::string name = variableOf(newer, a, source, target, random, there);
    if (name.empty()) return false;
    const std::string label = "__import__(\"hindcast\").log(\"seen_" + std::to_string(random() % 1000) + "\", ";
    one.newest = withLineAfter(newer, a, label + name + ".mean())");
    one.truth = withLineAfter(source, target, label + there + ".mean())");
    if (one.newest.empty() || one.truth.empty()) return false;
    one.hole = source.text();
    one.statement = label + there + ".mean())";
    one.line = newer.tree->lineOf(a.end - 1) + 1;
    one.truthLine = source.tree->lineOf(target.end - 1) + 1;
    one.truthBlock = target.block;
    one.truthPosition = target.position + 1;
    one.trust = neighbours ? Trust::Inserted : Trust::InsertedBeside;
    return true;
}

void takeOut(const ParsedFile& newer, const syntax::Statement& a, const ParsedFile& source,
             const syntax::Statement& target, Case& one) {
    one.newest = newer.text();
    one.line = newer.tree->lineOf(a.begin);
    one.truth = source.text();
    one.hole = withoutStatement(source, target);
    one.statement = std::string(source.tree->range(target.begin, target.end));
    one.truthLine = source.tree->lineOf(target.begin);
    one.truthBlock = target.block;
    one.truthPosition = target.position;
}

}  // namespace

/// The versions without a statement: as they are where it does not stand in them.
static std::vector<std::string> without(const std::vector<ParsedFilePtr>& versions, std::uint64_t hash) {
    std::vector<std::string> texts;
    for (const ParsedFilePtr& version : versions) {
        const auto& statements = version->outline.statements();
        const auto is = [hash](const syntax::Statement& s) { return s.hash == hash; };
        const auto found = std::find_if(statements.begin(), statements.end(), is);
        if (found == statements.end()) {
            texts.push_back(version->text());
        } else if (std::none_of(found + 1, statements.end(), is)) {
            if (std::string text = withoutStatement(*version, *found); !text.empty()) texts.push_back(std::move(text));
        }
    }
    return texts;
}

std::vector<Case> makeCases(const std::string& newest, const std::string& past, const std::vector<int>& oldLines,
                            const std::vector<std::string>& between, const CaseChoice& choice, std::mt19937& random) {
    std::vector<Case> cases;
    std::vector<ParsedFilePtr> onTheWay;
    for (const std::string& text : between) {
        if (auto parsed = propagate::parseFile("between.py", text)) onTheWay.push_back(*std::move(parsed));
    }
    const auto newer = propagate::parseFile("new.py", newest);
    const auto older = propagate::parseFile("old.py", past);
    if (!newer || !older) return cases;
    const auto share = [&](double part) { return static_cast<double>(random() % 1000) < 1000 * part; };
    for (const auto& [a, b] : eligibleStatements(**newer, **older, random)) {
        if (cases.size() >= choice.limit) break;
        Case one;
        one.renamed = share(choice.renamedShare);
        ParsedFilePtr source = *older;
        if (one.renamed) {
            const auto names = chooseNames(**older, *b, random);
            auto changed = names.empty() ? base::Result<ParsedFilePtr>(source)
                                         : propagate::parseFile("old.py", renamed(**older, names));
            one.renamed = !names.empty() && changed;
            if (one.renamed) source = *changed;
        }
        const bool held = survived(**newer, *a, **older, *b, oldLines);
        const auto& target =
            source->outline.statements()[static_cast<std::size_t>(b - (*older)->outline.statements().data())];
        if (share(choice.insertedShare)) {
            if (!held || !insertAfter(**newer, *a, *source, **older, *b, oldLines, random, one)) continue;
        } else {
            one.trust = held ? Trust::Survived : Trust::Rewritten;
            takeOut(**newer, *a, *source, target, one);
        }
        if (one.hole.empty() || !propagate::parseFile("old.py", one.hole) ||
            !propagate::parseFile("new.py", one.newest))
            continue;
        const bool taken = one.trust == Trust::Survived || one.trust == Trust::Rewritten;
        if (taken) {
            one.between = without(onTheWay, a->hash);
        } else {
            for (const ParsedFilePtr& version : onTheWay) one.between.push_back(version->text());
        }
        cases.push_back(std::move(one));
    }
    return cases;
}

namespace {

/// Whether one of the first three candidates is the true place: the same line, or the same tree where the lines without
/// code around it are shared out otherwise.
bool isRanked(const propagate::Project& older, const std::vector<propagate::Candidate>& candidates, const Case& one) {
    const auto truth = propagate::parseFile("truth.py", one.truth);
    for (std::size_t i = 0; i < candidates.size() && i < 3; ++i) {
        if (candidates[i].line == one.truthLine) return true;
        const auto put = propagate::placeAt(older, candidates[i].file, candidates[i].line, candidates[i].statement);
        if (!put || !truth) continue;
        const auto result = propagate::parseFile("result.py", put->spliced.front().text);
        if (result && treeOf(**result) == treeOf(**truth)) return true;
    }
    return false;
}

}  // namespace

Verdict judge(const Case& one) {
    Verdict verdict;
    const double start = processorSeconds();
    const propagate::Project newer({{"script.py", one.newest}});
    const propagate::Project older({{"script.py", one.hole}});
    auto placement = propagate::place(newer, {"script.py", one.line}, older);
    std::vector<propagate::Project> between;
    for (const std::string& text : one.between)
        between.emplace_back(std::vector<propagate::SourceFile>{{"script.py", text}});
    std::vector<const propagate::Project*> pointers;
    for (const propagate::Project& project : between) pointers.push_back(&project);
    if (placement && placement->kind == propagate::Placement::Kind::Conflict && !between.empty()) {
        auto stepped = propagate::placeThrough(newer, {{"script.py", one.line}}, pointers, older);
        if (stepped && stepped->kind != propagate::Placement::Kind::Conflict) placement = std::move(stepped);
    }
    verdict.seconds = processorSeconds() - start;
    if (!placement) {
        verdict.reason = placement.error().text();
        return verdict;
    }
    verdict.confidence = placement->confidence;
    verdict.reason = placement->reason;
    std::ostringstream candidates;
    for (const auto& c : placement->candidates) {
        candidates << "    line " << c.line << " score " << c.score << " (" << c.why << ") "
                   << c.statement.substr(0, 60) << "\n";
    }
    verdict.candidates = candidates.str();
    if (placement->kind == propagate::Placement::Kind::AlreadyThere) {
        verdict.outcome = Outcome::SaidThere;
        return verdict;
    }
    if (placement->kind == propagate::Placement::Kind::Conflict) {
        verdict.outcome = isRanked(older, placement->candidates, one) ? Outcome::RefusedRanked : Outcome::Refused;
        return verdict;
    }
    verdict.result = placement->spliced.front().text;
    const auto truth = propagate::parseFile("truth.py", one.truth);
    const auto result = propagate::parseFile("result.py", verdict.result);
    if (verdict.result == one.truth) {
        verdict.outcome = Outcome::ExactBytes;
    } else {
        verdict.outcome = truth && result && treeOf(**truth) == treeOf(**result) ? Outcome::Exact : Outcome::Wrong;
    }
    return verdict;
}

Verdict judgeLineDiff(const Case& one) {
    Verdict verdict;
    const auto newer = propagate::parseFile("new.py", one.newest);
    if (!newer) return verdict;
    const auto& tree = *(*newer)->tree;
    const auto id = (*newer)->outline.startingOnLine(tree, one.line);
    const int last = tree.lineOf((*newer)->outline.statement(id).end - 1);
    auto a = linesOf(one.newest);
    const auto b = linesOf(one.hole);
    const std::vector<std::string> own(a.begin() + one.line - 1, a.begin() + last);
    a.erase(a.begin() + one.line - 1, a.begin() + last);
    const auto partner = lineDiff(a, b);
    int above = one.line - 2;
    while (above >= 0 && partner[static_cast<std::size_t>(above)] < 0) --above;
    auto out = b;
    out.insert(out.begin() + (above < 0 ? 0 : partner[static_cast<std::size_t>(above)] + 1), own.begin(), own.end());
    for (const auto& line : out) verdict.result += line + "\n";
    const auto truth = propagate::parseFile("truth.py", one.truth);
    const auto result = propagate::parseFile("result.py", verdict.result);
    verdict.outcome = truth && result && treeOf(**truth) == treeOf(**result) ? Outcome::Exact : Outcome::Wrong;
    if (verdict.result == one.truth) verdict.outcome = Outcome::ExactBytes;
    return verdict;
}

void dumpFeatures(const Case& one, int number, int history, std::ostream& out) {
    const auto newer = propagate::parseFile("script.py", one.newest);
    const auto older = propagate::parseFile("script.py", one.hole);
    if (!newer || !older) return;
    const propagate::Side newSide({*newer});
    const propagate::Side oldSide({*older});
    const int statement = (*newer)->outline.startingOnLine(*(*newer)->tree, one.line);
    const propagate::Placer placer(newSide, oldSide, {statement}, {{0, 0}});
    const auto around = placer.surroundings(statement);
    for (const auto& slot : placer.scoredSlots(statement)) {
        out << number << ' ' << history << ' ' << static_cast<int>(one.trust) << ' ' << (one.renamed ? 1 : 0) << ' '
            << (slot.block == one.truthBlock && slot.position == one.truthPosition ? 1 : 0);
        for (const double value : slot.features) out << ' ' << value;
        for (const double value : around) out << ' ' << value;
        out << '\n';
    }
}

}  // namespace hindcast::bench
