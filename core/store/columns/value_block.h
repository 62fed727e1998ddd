// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/store/columns/values.h"

/// Internal to this folder: rows of one (version, name, nesting, source) as compressed bytes for scans. Integers become
/// runs of arithmetic sequences or packed widths, doubles that are exactly floats take four bytes; nothing needs more
/// than memory speed to be read.
namespace hindcast::store {

inline constexpr std::size_t kRowsPerBlock = 65536;

/// A row is made of appendLevel for each level, then one of the four that append its value. `replay` and `fidelity`
/// stay untouched.
void appendLevel(ValueSeries& series, std::size_t level, std::int64_t occurrence, std::int64_t index);
struct RowPlace {
    std::int64_t ordinal = 0;
    std::int32_t thread = 0;
    std::int32_t probe = -1;
};
void appendDouble(ValueSeries& series, double value, const RowPlace& place);
void appendInteger(ValueSeries& series, std::int64_t value, const RowPlace& place);
void appendBool(ValueSeries& series, bool value, const RowPlace& place);
/// None (empty text), Text, BigInt or Rich.
void appendText(ValueSeries& series, ValueKind kind, std::string_view text, const RowPlace& place);

/// What the catalog keeps about a block.
struct BlockSummary {
    std::int64_t count = 0;
    std::int64_t firstOuter = 0;  ///< of level 0; 0 without loops
    std::int64_t lastOuter = 0;
    double smallest = std::numeric_limits<double>::quiet_NaN();
    double largest = std::numeric_limits<double>::quiet_NaN();
    std::int64_t numbers = 0;  ///< rows that are numbers and not NaN
    unsigned kinds = 0;        ///< bit per ValueKind
};

/// Bytes of all rows of `series`.
base::Bytes encodeBlock(const ValueSeries& series);
BlockSummary summarize(const ValueSeries& series);

/// Memory for `count` rows in the arrays that every series has.
void reserveRows(ValueSeries& series, std::size_t count);

/// Whether the rows of `[first, last)` are in coordinate order, no two of them of one coordinate, ordinal and thread.
bool areInOrder(const ValueSeries& series, std::size_t first, std::size_t last);

/// Appends a block's rows to `series` (whose loops are set; its depth must fit). True where the block says that its
/// rows are in order and they follow those before them; false where nobody looked. Damaged when the bytes are not what
/// encodeBlock made.
base::Result<bool> appendBlock(base::BytesView bytes, ValueSeries& series);

/// Rows `order` of `series`, in that order.
ValueSeries selectRows(const ValueSeries& series, const std::vector<std::uint32_t>& order);

}  // namespace hindcast::store
