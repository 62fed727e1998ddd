// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/query/filter/expression.h"
#include "core/query/pivot/version_values.h"

/// A where-expression applied to the rows of one version: what the pivot and the planning of replays have in common.
namespace hindcast::query {

/// The rows that an expression sees in a version, and which of them count.
struct Judged {
    VersionRows rows;
    std::vector<bool> counts;
    bool any() const;
};

/// What the expression reads, split by kind.
std::vector<std::string> namesRead(const Expression& expression);
std::vector<std::string> loopsRead(const Expression& expression);
bool readsLabels(const Expression& expression);

/// Evaluates the expression over the names of `values` and the passes of `loops`, which give rows even where nothing
/// was logged. `producible`: flagged names (parallel to `values`) whose missing cells are not known yet; `laterLoops`:
/// loops whose missing index is not known yet. There is always a row: without coordinates, the run as a whole. `passes`
/// must outlive the result.
base::Result<Judged> judge(Expression& expression, const VersionValues& values, const std::vector<std::string>& names,
                           const std::vector<store::ValueSeries>& passes, const std::vector<bool>& producible,
                           const std::set<std::string>& laterLoops);

/// For rows of a pivot (`asked`) whether one of the judged rows that count lies at or below it.
std::vector<bool> keptRows(const VersionRows& asked, const Judged& judged);

/// Whether the expression can still be true once all logged values are known: false only when version and arguments
/// alone decide.
base::Result<bool> argumentsAllow(Expression& expression, const VersionValues& values,
                                  const std::vector<std::string>& names);

}  // namespace hindcast::query
