// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "core/base/uuid.h"
#include "core/store/catalog/catalog_rows.h"

namespace hindcast::store {

/// Type of one logged value. Numbers stay numbers.
enum class ValueKind : std::uint8_t { Double, Int, Bool, None, Text, BigInt, Rich };

/// Decimal text of an integer beyond 64 bits.
struct BigInteger {
    std::string digits;
    bool operator==(const BigInteger&) const = default;
};
/// CBOR bytes as in FORMAT.md 5.2 (array, histogram, matrix, image …).
struct RichValue {
    std::string cbor;
    bool operator==(const RichValue&) const = default;
};
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string, BigInteger, RichValue>;

/// Values of one name at one nesting of loops in one version: parallel arrays, one entry a value, in coordinate order
/// (outermost index first, then ordinal). An empty optional array stands for its default in every row, which is the
/// common case and costs nothing.
struct ValueSeries {
    std::vector<std::string> loops;  ///< outermost first; empty = logged outside every loop
    std::size_t count = 0;
    std::vector<std::vector<std::int64_t>> index;       ///< [level][row]
    std::vector<std::vector<std::int64_t>> occurrence;  ///< [level][row], or [level] empty: 0
    std::vector<double> numbers;         ///< [row]; ints and bools converted, NaN where there is no number
    std::vector<ValueKind> kinds;        ///< or empty: Double
    std::vector<std::int64_t> integers;  ///< exact values of Int rows (0 elsewhere), or empty: no Int
    std::vector<std::string> texts;      ///< of Text, BigInt and Rich rows ("" elsewhere), or empty: none
    std::vector<std::int32_t> replay;    ///< index into ValueScan::replays, -1 recorded; or empty: recorded
    std::vector<Fidelity> fidelity;      ///< or empty: Recorded
    std::vector<std::int32_t> probe;     ///< index into that replay's probes, -1 none; or empty: -1
    std::vector<std::int64_t> ordinal;   ///< or empty: 0
    std::vector<std::int32_t> thread;    ///< or empty: 0

    ValueKind kindAt(std::size_t row) const { return kinds.empty() ? ValueKind::Double : kinds[row]; }
    std::int32_t replayAt(std::size_t row) const { return replay.empty() ? -1 : replay[row]; }
    Fidelity fidelityAt(std::size_t row) const { return fidelity.empty() ? Fidelity::Recorded : fidelity[row]; }
    std::int32_t probeAt(std::size_t row) const { return probe.empty() ? -1 : probe[row]; }
    std::int64_t ordinalAt(std::size_t row) const { return ordinal.empty() ? 0 : ordinal[row]; }
    std::int64_t occurrenceAt(std::size_t level, std::size_t row) const {
        return occurrence[level].empty() ? 0 : occurrence[level][row];
    }
    Value valueAt(std::size_t row) const;
    Coordinates coordinatesAt(std::size_t row) const;
};

/// Which values a scan returns.
struct ScanOptions {
    std::int64_t firstOuter = std::numeric_limits<std::int64_t>::min();  ///< outermost index, inclusive; values outside
    std::int64_t lastOuter = std::numeric_limits<std::int64_t>::max();   ///< every loop are returned always
    bool diverged = false;    ///< also replayed values of diverged iterations
    bool superseded = false;  ///< also values of superseded probe revisions and replays
    bool everySource =
        false;  ///< every stored value, several per coordinate; otherwise one: recorded, else the newest replay's
};

/// The answer of a scan. Usually one series; several when a name was logged at several nestings.
struct ValueScan {
    std::vector<ValueSeries> series;  ///< the one with most values first
    std::vector<ReplayRow> replays;   ///< sources that series[…].replay points to
    std::int64_t hiddenDiverged = 0;  ///< left out because the iteration diverged
};

}  // namespace hindcast::store
