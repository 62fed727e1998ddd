// SPDX-License-Identifier: Apache-2.0
#include "core/query/filter/version_filter.h"

#include <algorithm>

namespace hindcast::query {

using base::Result;

bool Judged::any() const {
    return std::find(counts.begin(), counts.end(), true) != counts.end();
}

static std::vector<std::string> read(const Expression& expression, Reference::What what) {
    std::vector<std::string> names;
    for (const Reference& reference : expression.references()) {
        if (reference.what == what && std::find(names.begin(), names.end(), reference.name) == names.end())
            names.push_back(reference.name);
    }
    return names;
}

std::vector<std::string> namesRead(const Expression& expression) {
    return read(expression, Reference::What::Value);
}
std::vector<std::string> loopsRead(const Expression& expression) {
    return read(expression, Reference::What::Loop);
}

bool readsLabels(const Expression& expression) {
    const auto& references = expression.references();
    return std::any_of(references.begin(), references.end(),
                       [](const Reference& one) { return one.aspect == Reference::Aspect::Label; });
}

/// Flags rows in which something that the expression reads may still get a value.
static std::vector<bool> unknownRows(const Expression& expression, const Rows& cells,
                                     const std::vector<std::string>& names, const std::vector<bool>& producible,
                                     const std::set<std::string>& laterLoops) {
    std::vector<bool> unknown;
    const auto& references = expression.references();
    for (std::size_t i = 0; i < references.size(); ++i) {
        const Reference& reference = references[i];
        bool open = reference.what == Reference::What::Loop && laterLoops.contains(reference.name);
        if (reference.what == Reference::What::Value) {
            const auto name =
                static_cast<std::size_t>(std::find(names.begin(), names.end(), reference.name) - names.begin());
            open = name < producible.size() && producible[name];
        }
        if (!open) continue;
        unknown.resize(cells.count, false);
        for (std::size_t row = 0; row < cells.count; ++row)
            unknown[row] = unknown[row] || cells.columns[i].isMissing(row);
    }
    return unknown;
}

Result<Judged> judge(Expression& expression, const VersionValues& values, const std::vector<std::string>& names,
                     const std::vector<store::ValueSeries>& passes, const std::vector<bool>& producible,
                     const std::set<std::string>& laterLoops) {
    std::vector<AskedSeries> asked = seriesOf(values, names.size());
    for (const store::ValueSeries& loop : passes) asked.push_back({kNoColumn, &loop});
    Judged judged;
    judged.rows.blocks = align(asked);
    judged.rows.bare = judged.rows.count() == 0;
    const Rows cells = rowsFor(expression.references(), judged.rows, values, names);
    HINDCAST_ASSIGN(judged.counts,
                    expression.evaluate(cells, unknownRows(expression, cells, names, producible, laterLoops)));
    return judged;
}

namespace {

/// Rows of a block that have one depth, in order: for finding a coordinate by bisection.
struct DepthIndex {
    std::size_t depth;
    std::vector<std::size_t> rows;
};

std::vector<DepthIndex> depthIndexOf(const AlignedBlock& block) {
    std::vector<DepthIndex> out;
    for (std::size_t row = 0; row < block.keys.count; ++row) {
        const std::size_t depth = block.keys.depthAt(row);
        auto found =
            std::find_if(out.begin(), out.end(), [&](const DepthIndex& index) { return index.depth == depth; });
        if (found == out.end()) found = out.insert(out.end(), DepthIndex{depth, {}});
        found->rows.push_back(row);
    }
    return out;
}

/// Marks rows of `block` that enclose row `counted` of `from`, or are it.
void markEnclosing(const AlignedBlock& block, const DepthIndex& index, const AlignedBlock& from, std::size_t counted,
                   std::vector<bool>& kept, std::size_t base) {
    const auto before = [&](std::size_t row, std::size_t) {
        return compareRows(block.keys, row, from.keys, counted, index.depth) < 0;
    };
    auto at = std::lower_bound(index.rows.begin(), index.rows.end(), std::size_t{0}, before);
    auto end = at;
    while (end != index.rows.end() && compareRows(block.keys, *end, from.keys, counted, index.depth) == 0) ++end;
    // Several values of a pass are told apart by their order, at the same depth; below it, they share what is there.
    const bool byOrder = end - at > 1 && from.keys.depthAt(counted) == index.depth;
    for (; at != end; ++at) {
        if (!byOrder || block.keys.ordinalAt(*at) == from.keys.ordinalAt(counted)) kept[base + *at] = true;
    }
}

bool sharesPath(const AlignedBlock& a, const AlignedBlock& b, std::size_t depth) {
    return a.loops.size() >= depth && b.loops.size() >= depth &&
           std::equal(a.loops.begin(), a.loops.begin() + static_cast<std::ptrdiff_t>(depth), b.loops.begin());
}

bool sameKeys(const VersionRows& a, const VersionRows& b) {
    if (a.bare != b.bare || a.blocks.size() != b.blocks.size()) return false;
    for (std::size_t i = 0; i < a.blocks.size(); ++i) {
        const RowKeys& left = a.blocks[i].keys;
        const RowKeys& right = b.blocks[i].keys;
        if (a.blocks[i].loops != b.blocks[i].loops || left.index != right.index ||
            left.occurrence != right.occurrence || left.ordinal != right.ordinal || left.depth != right.depth) {
            return false;
        }
    }
    return true;
}

}  // namespace

std::vector<bool> keptRows(const VersionRows& asked, const Judged& judged) {
    if (sameKeys(asked, judged.rows)) return judged.counts;
    std::vector<bool> kept(asked.count(), false);
    // A row without coordinates encloses everything.
    if (asked.bare) kept.back() = judged.any();
    std::size_t base = 0;
    for (const AlignedBlock& block : asked.blocks) {
        const std::vector<DepthIndex> indexes = depthIndexOf(block);
        std::size_t at = 0;
        for (const AlignedBlock& from : judged.rows.blocks) {
            for (std::size_t row = 0; row < from.keys.count; ++row, ++at) {
                if (!judged.counts[at]) continue;
                for (const DepthIndex& index : indexes) {
                    if (index.depth <= from.keys.depthAt(row) && sharesPath(block, from, index.depth)) {
                        markEnclosing(block, index, from, row, kept, base);
                    }
                }
            }
        }
        base += block.keys.count;
    }
    return kept;
}

Result<bool> argumentsAllow(Expression& expression, const VersionValues& values,
                            const std::vector<std::string>& names) {
    VersionRows one;
    one.bare = true;
    const Rows cells = rowsFor(expression.references(), one, values, names);
    HINDCAST_ASSIGN(const auto allowed, expression.evaluate(cells, std::vector<bool>(1, true)));
    return allowed.front();
}

}  // namespace hindcast::query
