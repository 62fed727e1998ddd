// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/splice/splice_check.h"

#include <algorithm>

namespace hindcast::propagate {
namespace {

using syntax::Outline;
using syntax::Statement;
using syntax::StatementId;
using syntax::SyntaxTree;

base::Error conflict(std::string text) {
    return base::Error(base::ErrorCode::Conflict, std::move(text));
}

/// Whole lines of the old file, and the statements on them.
struct Region {
    std::size_t begin = 0;
    std::size_t end = 0;
    StatementId first = 0;
    StatementId last = 0;  ///< past the last one
    int position = 0;      ///< of the first one in the module
};

/// The statement at module level that a block belongs to, or -1.
StatementId topOf(const Outline& outline, syntax::BlockId block) {
    auto owner = outline.block(block).owner;
    while (owner >= 0 && outline.parent(owner) >= 0) owner = outline.parent(owner);
    return owner;
}

Region regionOf(const ParsedFile& to, std::size_t byte, Slot slot) {
    const SyntaxTree& tree = *to.tree;
    const Outline& outline = to.outline;
    // A declared encoding or a byte order mark is part of what has to be parsed.
    if (!tree.isUtf8() || tree.text().compare(0, 3, "\xEF\xBB\xBF") == 0)
        return {0, tree.text().size(), 0, static_cast<StatementId>(outline.statements().size()), 0};
    const int line = tree.lineOf(byte);
    Region region{tree.lineBegin(line), byte == tree.lineBegin(line) ? byte : tree.lineBegin(line + 1), 0, 0, 0};
    const auto take = [&](const Statement& s) {
        region.begin = std::min(region.begin, tree.lineBegin(tree.lineOf(s.begin)));
        region.end = std::max(region.end, tree.lineBegin(tree.lineOf(s.end - 1) + 1));
    };
    const auto top = topOf(outline, slot.block);
    if (top >= 0) take(outline.statement(top));
    const auto& module = outline.block(0).statements;
    const auto touched = [&](StatementId id) {
        const Statement& s = outline.statement(id);
        return id == top || (s.begin < region.end && s.end > region.begin);
    };
    // Neighbours that share a line with one that is taken are taken too, until nothing is added.
    for (std::size_t before = 0, now = 1; before != now;) {
        before = region.end - region.begin;
        for (const auto id : module) {
            if (touched(id)) take(outline.statement(id));
        }
        now = region.end - region.begin;
    }
    region.position = static_cast<int>(module.size());
    region.first = region.last = static_cast<StatementId>(outline.statements().size());
    for (std::size_t i = 0; i < module.size(); ++i) {
        const Statement& s = outline.statement(module[i]);
        if (s.begin < region.begin) continue;
        region.position = std::min(region.position, static_cast<int>(i));
        region.first = std::min(region.first, module[i]);
        if (s.begin >= region.end) {
            region.last = module[i];
            break;
        }
    }
    return region;
}

std::uint64_t headHash(const SyntaxTree& tree, const Outline& outline, const Statement& statement) {
    std::uint64_t hash = static_cast<std::uint64_t>(statement.kind);
    for (auto t = statement.head.first; t < statement.head.second; ++t)
        hash = hash * 0x9E3779B185EBCA87ULL + tree.token(t).hash;
    for (const auto block : statement.blocks)
        hash = hash * 31 + static_cast<std::uint64_t>(outline.block(block).clause);
    return hash;
}

/// `begin` is where the added statement stands in the region's new text.
base::Result<void> compare(const ParsedFile& to, const Region& region, const SyntaxTree& tree, const Outline& outline,
                           Slot slot, std::size_t begin) {
    const auto& after = outline.statements();
    const auto added = std::find_if(after.begin(), after.end(), [&](const Statement& s) { return s.begin == begin; });
    if (added == after.end()) return conflict("the statement does not stand on its own at that place");
    const auto skip = static_cast<StatementId>(added - after.begin());
    const StatementId size = added->next - skip;
    const int position = slot.position - (slot.block == 0 ? region.position : 0);
    const auto count = static_cast<StatementId>(after.size());
    if (count != region.last - region.first + size || added->position != position)
        return conflict("the code around that place would change");
    for (StatementId i = 0; i < region.last - region.first; ++i) {
        const StatementId now = i < skip ? i : i + size;
        const StatementId up = to.outline.parent(region.first + i);
        const StatementId parentThen = up < 0 ? -1 : up - region.first;
        StatementId parentNow = outline.parent(now);
        if (parentNow >= skip + size) parentNow -= size;
        if (parentThen != parentNow || headHash(*to.tree, to.outline, to.outline.statement(region.first + i)) !=
                                           headHash(tree, outline, outline.statement(now)))
            return conflict("the code around that place would change");
    }
    return {};
}

}  // namespace

base::Result<LineRange> checkSplice(const ParsedFile& to, const Insertion& insertion, Slot slot) {
    const Region region = regionOf(to, insertion.byte, slot);
    const std::string& old = to.text();
    std::string text = old.substr(region.begin, insertion.byte - region.begin) + insertion.text +
                       old.substr(insertion.byte, region.end - insertion.byte);
    const auto parsed = syntax::parsePython(to.path, std::move(text));
    if (!parsed) return conflict("with the statement at that place the old file does not parse");
    const SyntaxTree& tree = **parsed;
    const std::size_t begin = insertion.byte - region.begin + insertion.statementBegin;
    const std::size_t end = insertion.byte - region.begin + insertion.statementEnd;
    HINDCAST_TRY(compare(to, region, tree, Outline(tree), slot, begin));
    const int above = to.tree->lineOf(region.begin) - 1;
    return LineRange{above + tree.lineOf(begin), above + tree.lineOf(end - 1)};
}

}  // namespace hindcast::propagate
