// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/store/columns/values.h"

/// Brings the values of several names of one version to common rows. Pure: no store, no SQL.
///
/// Rows are the coordinates at which something was logged. A value stands in every row of its own pass and below it
/// (an epoch's val_acc in each of its steps, a run's value everywhere), unless the same name has a value of its own
/// deeper down. A value that no deeper row shows gets a row of its own, with the deeper loops missing: nothing that was
/// asked for disappears. Several values of a name in one pass are rows of their own, in the order logged; names with
/// one value there stand in all of them. Loops that do not enclose each other (steps of training and of validation)
/// make one block of rows each.
namespace hindcast::query {

inline constexpr std::size_t kNoColumn = std::numeric_limits<std::size_t>::max();

/// A series to align. `column`: which asked name it belongs to, or kNoColumn when it only contributes rows.
struct AskedSeries {
    std::size_t column = kNoColumn;
    const store::ValueSeries* series = nullptr;
};

/// Coordinates of rows; parallel arrays in order (outermost loop first; within a loop: occurrence, index; then
/// ordinal).
struct RowKeys {
    std::size_t count = 0;
    std::vector<std::vector<std::int64_t>> index;       ///< [level][row]
    std::vector<std::vector<std::int64_t>> occurrence;  ///< [level][row], or [level] empty: 0
    std::vector<std::int64_t> ordinal;                  ///< or empty: 0
    std::vector<std::uint32_t> depth;                   ///< levels that the row has, or empty: all

    std::size_t levels() const { return index.size(); }
    std::size_t depthAt(std::size_t row) const { return depth.empty() ? levels() : depth[row]; }
    std::int64_t occurrenceAt(std::size_t level, std::size_t row) const {
        return occurrence[level].empty() ? 0 : occurrence[level][row];
    }
    std::int64_t ordinalAt(std::size_t row) const { return ordinal.empty() ? 0 : ordinal[row]; }
};

/// Order of two rows by their first `levels` levels: negative, 0, positive.
int compareRows(const RowKeys& a, std::size_t row, const RowKeys& b, std::size_t other, std::size_t levels);

/// Where the values of a series stand.
RowKeys keysOf(const store::ValueSeries& series);

/// For each of `rows` the last one of `outer` that has the same first coordinates, -1: none. Both are in order, and
/// `outer` has no more levels than `rows`.
std::vector<std::int32_t> enclosingRows(const RowKeys& rows, const RowKeys& outer);

/// Where a series stands in a block's rows.
struct AlignedSeries {
    AskedSeries asked;
    std::vector<std::int32_t> rows;  ///< row of the series for each row of the block, -1 none; empty: the same row
    std::int64_t at(std::size_t row) const { return rows.empty() ? static_cast<std::int64_t>(row) : rows[row]; }
};

struct AlignedBlock {
    std::vector<std::string> loops;  ///< outermost first
    RowKeys keys;
    std::vector<AlignedSeries> series;  ///< deepest first: of a column, the first that has a value in the row counts
};

/// Series are in coordinate order, as ValueReader gives them. Cost: linear in the values, for each loop path; close to
/// a copy where all names have the same coordinates.
std::vector<AlignedBlock> align(const std::vector<AskedSeries>& asked);

}  // namespace hindcast::query
