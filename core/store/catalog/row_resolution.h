// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "core/base/result.h"
#include "core/store/catalog/catalog.h"
#include "core/store/columns/values.h"

/// Internal to this folder: which of several values of one coordinate is shown, and how well it is proven.
namespace hindcast::store {

/// What decides about replayed rows: the replays of a scan, with the grade of every iteration they proved.
struct ReplayFacts {
    std::vector<ReplayRow> replays;
    /// By (replay, loop, occurrence, index).
    std::map<std::tuple<std::int32_t, std::string, std::int64_t, std::int64_t>, Fidelity> grades;
};

base::Result<ReplayFacts> loadReplayFacts(const Catalog& catalog, const base::Uuid& version,
                                          const std::vector<base::Uuid>& replays);

/// Marks each replayed row with its grade, leaves out what `options` does not ask for, puts the rows into coordinate
/// order and keeps one row a coordinate: the recorded one, else that of the newest replay that did not diverge. Returns
/// how many diverged rows it left out. `inOrder`: the rows are known to be in order, no two of one coordinate; where
/// that is not known it costs one comparison each to see it.
std::int64_t resolveRows(ValueSeries& series, bool inOrder, const ReplayFacts& facts, const ScanOptions& options);

}  // namespace hindcast::store
