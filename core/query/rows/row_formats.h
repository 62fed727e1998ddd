// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/query/rows/rows.h"

/// Tables as text and bytes for other programs.
namespace hindcast::query {

enum class RowFormat {
    Csv,      ///< RFC 4180 with line feeds; see below
    Json,     ///< one array of objects
    Jsonl,    ///< one object a line
    Columns,  ///< typed columns for programs: see writeRows
};

/// Takes the next piece of output; false stops the writing (the reader has gone).
using RowSink = std::function<bool(std::string_view)>;

/// Writes the table. All formats write numbers so that they read back to the same bits, integers exactly.
///
/// Csv: a missing cell is empty, None is `null`, NaN `nan`, infinities `inf` and `-inf`, booleans `true` and `false`,
/// arrays JSON; an empty text is `""`. Json, Jsonl: keys in column order; missing and None are null, non-finite numbers
/// the texts "NaN", "Infinity", "-Infinity", integers beyond 64 bits numbers, arrays nested lists.
///
/// Columns: one line of JSON, {"schema": "hindcast.columns/2", "columns": [{"name", "type", "bytes", "distinct",
/// "nullBytes"}], "rows": N}, then for each column in turn `nullBytes` bytes: a bit for each row, least significant
/// first, set where there is a value (missing and None have none; 0 bytes when every row has one), then `bytes` bytes
/// of data, little-endian: int64 and float64 8 bytes a row (0 and NaN where there is no value), bool 1 byte a row, text
/// and json an int32 a row (which of the `distinct` texts; 0 where there is no value), distinct + 1 int64 offsets and
/// the UTF-8 of those texts. Cells of a json column are JSON texts in which non-finite numbers are NaN, Infinity and
/// -Infinity, and arrays and other rich values {"cbor": "…"}, their CBOR (FORMAT.md 5.2) in hexadecimal. Returns false
/// when the sink stopped it.
bool writeRows(const Rows& rows, RowFormat format, const RowSink& sink);

/// The cell as Csv shows it, without quotes.
std::string cellText(const Column& column, std::size_t row);

}  // namespace hindcast::query
