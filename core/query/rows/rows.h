// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/host_memory.h"

namespace hindcast::query {

/// What one cell of a table holds. Missing: nothing was logged there. None: Python's None was logged there. Replayable:
/// missing, and a replay of a probe that is there would give it; written as Missing is.
enum class CellKind : std::uint8_t { Missing, Double, Int, Bool, None, Text, BigInt, Rich, Replayable };

/// "missing", "float", "int", "bool", "none", "text", "bigint", "rich", "replayable".
std::string_view cellKindName(CellKind kind);

/// What a whole column can be read as without losing anything (missing and None cells fit every type).
enum class ColumnType : std::uint8_t {
    Int64,    ///< every value is an integer of 64 bits
    Float64,  ///< doubles, and integers that a double holds exactly
    Bool,
    Text,
    Json  ///< mixed kinds, integers beyond 64 bits, arrays: one JSON value a cell
};
std::string_view columnTypeName(ColumnType type);  ///< "int64", "float64", "bool", "text", "json"

/// One column of cells. 8 bytes a cell (the bits of the number, or a position in `texts`), and one byte for its kind
/// where kinds differ. A plain value; columns of numbers are filled and copied at memory speed.
class Column {
public:
    explicit Column(std::string name) : m_name(std::move(name)) {}

    const std::string& name() const { return m_name; }
    std::size_t size() const { return m_bits.size(); }

    void reserve(std::size_t rows) { base::reserveWhole(m_bits, rows); }
    void addMissing() { add(CellKind::Missing, 0); }
    void addNone() { add(CellKind::None, 0); }
    void addReplayable() { add(CellKind::Replayable, 0); }
    void addDouble(double value) { add(CellKind::Double, std::bit_cast<std::uint64_t>(value)); }
    void addInt(std::int64_t value) { add(CellKind::Int, std::bit_cast<std::uint64_t>(value)); }
    void addBool(bool value) { add(CellKind::Bool, value ? 1 : 0); }
    /// Text, decimal digits (BigInt) or CBOR (Rich). Equal texts that follow each other are stored once.
    void addText(CellKind kind, std::string_view text);
    /// The same cell `count` times.
    void addRepeated(const Column& from, std::size_t row, std::size_t count);
    /// The last cell `count` times more.
    void repeatLast(std::size_t count);
    /// Numbers as they lie, at memory speed.
    void addDoubles(const double* values, std::size_t count) { addWords(CellKind::Double, values, count); }
    void addInts(const std::int64_t* values, std::size_t count) { addWords(CellKind::Int, values, count); }
    void addCell(const Column& from, std::size_t row);
    /// Keeps the rows whose flag is set.
    void keep(const std::vector<bool>& flags);

    CellKind kindAt(std::size_t row) const { return m_kinds.empty() ? m_only : m_kinds[row]; }
    bool isMissing(std::size_t row) const {
        return kindAt(row) == CellKind::Missing || kindAt(row) == CellKind::Replayable;
    }
    double doubleAt(std::size_t row) const { return std::bit_cast<double>(m_bits[row]); }               ///< kind Double
    std::int64_t integerAt(std::size_t row) const { return std::bit_cast<std::int64_t>(m_bits[row]); }  ///< Int, Bool
    const std::string& textAt(std::size_t row) const { return m_texts[m_bits[row]]; }  ///< Text, BigInt, Rich
    /// Cells as 8-byte words, when all of them are of one kind.
    bool isUniform() const { return m_kinds.empty(); }
    const std::vector<std::uint64_t>& words() const { return m_bits; }

    ColumnType type() const;

private:
    void add(CellKind kind, std::uint64_t bits);
    void addWords(CellKind kind, const void* words, std::size_t count);
    void splitKinds();

    std::string m_name;
    CellKind m_only = CellKind::Missing;  ///< kind of every cell while m_kinds is empty
    std::vector<CellKind> m_kinds;
    std::vector<std::uint64_t> m_bits;
    std::vector<std::string> m_texts;
};

/// A table as queries return it: columns of equal length.
struct Rows {
    std::vector<Column> columns;
    std::size_t count = 0;
    bool isCut = false;  ///< the query has more rows; its limits left them out
};

}  // namespace hindcast::query
