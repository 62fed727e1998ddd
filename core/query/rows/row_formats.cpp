// SPDX-License-Identifier: Apache-2.0
#include "core/query/rows/row_formats.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <unordered_map>
#include <vector>

#include "core/query/rows/rich_json.h"

namespace hindcast::query {

namespace {

constexpr std::size_t kChunk = std::size_t{1} << 18;

/// Collects pieces, so that the sink sees large ones.
class Output {
public:
    explicit Output(const RowSink& sink) : m_sink(sink) {}
    void put(std::string_view text) { m_pending += text; }
    void put(char c) { m_pending += c; }
    std::string& pending() { return m_pending; }
    /// False once the sink has had enough.
    bool flushIfLarge() { return m_pending.size() < kChunk || flush(); }
    bool flush() {
        const bool more = m_pending.empty() || m_sink(m_pending);
        m_pending.clear();
        return more;
    }

private:
    const RowSink& m_sink;
    std::string m_pending;
};

template <class Number>
void appendNumber(std::string& to, Number value) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
    to.append(text.data(), end.ptr);
}

void appendDouble(std::string& to, double value) {
    if (std::isnan(value)) {
        to += "nan";
    } else if (std::isinf(value)) {
        to += value > 0 ? "inf" : "-inf";
    } else {
        const std::size_t from = to.size();
        appendNumber(to, value);
        // A double stays one for every reader: 1 would come back as an integer.
        if (to.find_first_of(".e", from) == std::string::npos) to += ".0";
    }
}

void appendCell(std::string& to, const Column& column, std::size_t row) {
    switch (column.kindAt(row)) {
        case CellKind::Missing:
        case CellKind::Replayable:
            return;
        case CellKind::None:
            to += "null";
            return;
        case CellKind::Double:
            return appendDouble(to, column.doubleAt(row));
        case CellKind::Int:
            return appendNumber(to, column.integerAt(row));
        case CellKind::Bool:
            to += column.integerAt(row) != 0 ? "true" : "false";
            return;
        case CellKind::Text:
        case CellKind::BigInt:
            to += column.textAt(row);
            return;
        case CellKind::Rich:
            to += richJson(column.textAt(row));
            return;
    }
}

void appendCsvText(std::string& to, std::string_view text) {
    const bool plain = !text.empty() && text.find_first_of(",\"\r\n") == std::string_view::npos;
    if (plain) {
        to += text;
        return;
    }
    to += '"';
    for (const char c : text) {
        if (c == '"') to += '"';
        to += c;
    }
    to += '"';
}

void appendCsvCell(std::string& to, const Column& column, std::size_t row) {
    const CellKind kind = column.kindAt(row);
    if (kind == CellKind::Text) {
        appendCsvText(to, column.textAt(row));
    } else if (kind == CellKind::Rich) {
        appendCsvText(to, richJson(column.textAt(row)));
    } else {
        appendCell(to, column, row);
    }
}

bool writeCsv(const Rows& rows, Output& out) {
    for (std::size_t c = 0; c < rows.columns.size(); ++c) {
        if (c > 0) out.put(',');
        appendCsvText(out.pending(), rows.columns[c].name());
    }
    out.put('\n');
    for (std::size_t row = 0; row < rows.count; ++row) {
        for (std::size_t c = 0; c < rows.columns.size(); ++c) {
            if (c > 0) out.put(',');
            appendCsvCell(out.pending(), rows.columns[c], row);
        }
        out.put('\n');
        if (!out.flushIfLarge()) return false;
    }
    return true;
}

/// How non-finite numbers look: texts for any JSON reader, or the words that Python's json reads as numbers.
enum class NonFinite { Text, Word };

void appendJsonCell(std::string& to, const Column& column, std::size_t row, NonFinite nonFinite) {
    const CellKind kind = column.kindAt(row);
    if (column.isMissing(row) || kind == CellKind::None) {
        to += "null";
    } else if (kind == CellKind::Text) {
        to += nlohmann::json(column.textAt(row)).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    } else if (kind == CellKind::Double && !std::isfinite(column.doubleAt(row))) {
        const double value = column.doubleAt(row);
        const std::string word = std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
        to += nonFinite == NonFinite::Text ? '"' + word + '"' : word;
    } else {
        appendCell(to, column, row);
    }
}

/// Keys of objects: a name that repeats would hide a column, so later ones are numbered.
std::vector<std::string> keysOf(const Rows& rows) {
    std::vector<std::string> keys;
    std::map<std::string, int> seen;
    for (const Column& column : rows.columns) {
        const int before = seen[column.name()]++;
        const std::string name = before == 0 ? column.name() : column.name() + "." + std::to_string(before + 1);
        keys.push_back(nlohmann::json(name).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    }
    return keys;
}

bool writeObjects(const Rows& rows, bool array, Output& out) {
    const std::vector<std::string> keys = keysOf(rows);
    if (array) out.put('[');
    for (std::size_t row = 0; row < rows.count; ++row) {
        if (array) out.put(row > 0 ? ",\n " : "");
        out.put('{');
        for (std::size_t c = 0; c < rows.columns.size(); ++c) {
            if (c > 0) out.put(", ");
            out.put(keys[c]);
            out.put(": ");
            appendJsonCell(out.pending(), rows.columns[c], row, NonFinite::Text);
        }
        out.put(array ? "}" : "}\n");
        if (!out.flushIfLarge()) return false;
    }
    if (array) out.put("]\n");
    return true;
}

/// One column as bytes.
struct Packed {
    std::string valid;
    std::string data;
    std::size_t distinct = 0;  ///< texts
};

template <class Number>
void putBytes(std::string& to, Number value) {
    std::array<char, sizeof(Number)> bytes{};
    std::memcpy(bytes.data(), &value, sizeof value);
    to.append(bytes.data(), bytes.size());
}

bool hasValue(const Column& column, std::size_t row) {
    return !column.isMissing(row) && column.kindAt(row) != CellKind::None;
}

std::string validBits(const Column& column) {
    std::string bits((column.size() + 7) / 8, '\0');
    bool all = true;
    for (std::size_t row = 0; row < column.size(); ++row) {
        if (hasValue(column, row)) {
            bits[row / 8] = static_cast<char>(static_cast<unsigned char>(bits[row / 8]) | (1U << (row % 8)));
        } else {
            all = false;
        }
    }
    return all ? std::string() : bits;
}

/// A rich value whole: its CBOR in hexadecimal, in an object of its own.
void appendCbor(std::string& to, std::string_view cbor) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    to += R"({"cbor": ")";
    for (const char c : cbor) {
        const auto byte = static_cast<unsigned char>(c);
        to += kDigits[byte >> 4];
        to += kDigits[byte & 15];
    }
    to += "\"}";
}

/// What a cell of a text or json column reads as.
std::string textOfCell(const Column& column, ColumnType type, std::size_t row) {
    if (type == ColumnType::Text) return column.textAt(row);
    std::string text;
    if (column.kindAt(row) == CellKind::Rich) {
        appendCbor(text, column.textAt(row));
    } else {
        appendJsonCell(text, column, row, NonFinite::Word);
    }
    return text;
}

/// Each text once: columns of words repeat a few of them.
void packTexts(const Column& column, ColumnType type, Packed& packed) {
    std::unordered_map<std::string, std::int32_t> known;
    std::vector<std::int32_t> codes;
    codes.reserve(column.size());
    std::string texts;
    std::string offsets;
    putBytes(offsets, std::int64_t{0});
    for (std::size_t row = 0; row < column.size(); ++row) {
        if (!hasValue(column, row)) {
            codes.push_back(0);
            continue;
        }
        const auto [found, isNew] =
            known.try_emplace(textOfCell(column, type, row), static_cast<std::int32_t>(known.size()));
        if (isNew) {
            texts += found->first;
            putBytes(offsets, static_cast<std::int64_t>(texts.size()));
        }
        codes.push_back(found->second);
    }
    packed.distinct = known.size();
    packed.data.assign(reinterpret_cast<const char*>(codes.data()), codes.size() * sizeof(std::int32_t));
    packed.data += offsets;
    packed.data += texts;
}

double asDouble(const Column& column, std::size_t row) {
    switch (column.kindAt(row)) {
        case CellKind::Double:
            return column.doubleAt(row);
        case CellKind::Int:
            return static_cast<double>(column.integerAt(row));
        default:
            return std::numeric_limits<double>::quiet_NaN();
    }
}

Packed pack(const Column& column, ColumnType type) {
    Packed packed;
    packed.valid = validBits(column);
    const bool words =
        column.isUniform() && packed.valid.empty() && (type == ColumnType::Int64 || type == ColumnType::Float64);
    if (words && column.size() > 0) {
        packed.data.assign(reinterpret_cast<const char*>(column.words().data()), column.size() * sizeof(std::uint64_t));
    } else if (type == ColumnType::Text || type == ColumnType::Json) {
        packTexts(column, type, packed);
    } else {
        for (std::size_t row = 0; row < column.size(); ++row) {
            const std::int64_t integer =
                hasValue(column, row) && type != ColumnType::Float64 ? column.integerAt(row) : 0;
            if (type == ColumnType::Bool) packed.data += static_cast<char>(integer);
            if (type == ColumnType::Int64) putBytes(packed.data, integer);
            if (type == ColumnType::Float64) putBytes(packed.data, asDouble(column, row));
        }
    }
    return packed;
}

bool writeColumns(const Rows& rows, Output& out) {
    nlohmann::ordered_json head;
    head["schema"] = "hindcast.columns/2";
    head["columns"] = nlohmann::ordered_json::array();
    std::vector<Packed> packed;
    for (const Column& column : rows.columns) {
        const ColumnType type = column.type();
        packed.push_back(pack(column, type));
        head["columns"].push_back({{"name", column.name()},
                                   {"type", columnTypeName(type)},
                                   {"bytes", packed.back().data.size()},
                                   {"distinct", packed.back().distinct},
                                   {"nullBytes", packed.back().valid.size()}});
    }
    head["rows"] = rows.count;
    out.put(head.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    out.put('\n');
    for (const Packed& column : packed) {
        out.put(column.valid);
        out.put(column.data);
        if (!out.flushIfLarge()) return false;
    }
    return true;
}

}  // namespace

std::string cellText(const Column& column, std::size_t row) {
    std::string text;
    appendCell(text, column, row);
    return text;
}

bool writeRows(const Rows& rows, RowFormat format, const RowSink& sink) {
    Output out(sink);
    const bool done = format == RowFormat::Csv       ? writeCsv(rows, out)
                      : format == RowFormat::Columns ? writeColumns(rows, out)
                                                     : writeObjects(rows, format == RowFormat::Json, out);
    return done && out.flush();
}

}  // namespace hindcast::query
