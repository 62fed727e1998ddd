// SPDX-License-Identifier: Apache-2.0
#include "core/query/versions_bound.h"

#include <algorithm>
#include <cmath>

namespace hindcast::query {

using Op = TableConstraint::Op;

/// Whether `value` can satisfy the condition. A bound that is no number is left to SQLite.
static bool fits(double value, const TableBound& bound) {
    const int type = sqlite3_value_type(bound.value);
    if (type == SQLITE_NULL) return false;
    if (type != SQLITE_INTEGER && type != SQLITE_FLOAT) return true;
    const double limit = sqlite3_value_double(bound.value);
    switch (bound.constraint.op) {
        case Op::Equal:
            return value == limit;
        case Op::Less:
            return value < limit;
        case Op::LessEqual:
            return value <= limit;
        case Op::Greater:
            return value > limit;
        case Op::GreaterEqual:
            return value >= limit;
    }
    return true;
}

std::vector<VersionFact> boundVersions(const std::vector<VersionFact>& versions, const std::vector<TableBound>& bounds,
                                       int column) {
    std::vector<VersionFact> out;
    for (const VersionFact& version : versions) {
        const bool fitting = std::all_of(bounds.begin(), bounds.end(), [&](const TableBound& bound) {
            return bound.constraint.column != column || !version.number || fits(*version.number, bound);
        });
        if (fitting) out.push_back(version);
    }
    return out;
}

ReadRange boundPasses(const std::vector<TableBound>& bounds, int column) {
    ReadRange range;
    for (const TableBound& bound : bounds) {
        const int type = sqlite3_value_type(bound.value);
        if (bound.constraint.column != column || (type != SQLITE_INTEGER && type != SQLITE_FLOAT)) continue;
        const double limit = sqlite3_value_double(bound.value);
        // Beyond these a double does not hold every integer, and no run has as many passes.
        if (!(std::abs(limit) < 9e15)) continue;
        const auto below = static_cast<std::int64_t>(std::floor(limit));
        const auto above = static_cast<std::int64_t>(std::ceil(limit));
        const Op op = bound.constraint.op;
        if (op == Op::Equal || op == Op::Less || op == Op::LessEqual)
            range.lastOuter = std::min(range.lastOuter, below);
        if (op == Op::Equal || op == Op::Greater || op == Op::GreaterEqual)
            range.firstOuter = std::max(range.firstOuter, above);
    }
    return range;
}

}  // namespace hindcast::query
