// SPDX-License-Identifier: Apache-2.0
#include "core/query/rows/rows.h"

#include <array>
#include <cstring>

namespace hindcast::query {

std::string_view cellKindName(CellKind kind) {
    static constexpr std::array<std::string_view, 9> kNames{"missing", "float",  "int",  "bool",      "none",
                                                            "text",    "bigint", "rich", "replayable"};
    return kNames[static_cast<std::size_t>(kind)];
}

std::string_view columnTypeName(ColumnType type) {
    static constexpr std::array<std::string_view, 5> kNames{"int64", "float64", "bool", "text", "json"};
    return kNames[static_cast<std::size_t>(type)];
}

void Column::splitKinds() {
    if (m_kinds.empty()) m_kinds.assign(m_bits.size(), m_only);
}

void Column::add(CellKind kind, std::uint64_t bits) {
    if (m_bits.empty()) m_only = kind;
    if (!m_kinds.empty() || kind != m_only) {
        splitKinds();
        m_kinds.push_back(kind);
    }
    m_bits.push_back(bits);
}

void Column::addText(CellKind kind, std::string_view text) {
    if (m_texts.empty() || m_texts.back() != text) m_texts.emplace_back(text);
    add(kind, m_texts.size() - 1);
}

void Column::addCell(const Column& from, std::size_t row) {
    const CellKind kind = from.kindAt(row);
    if (kind == CellKind::Text || kind == CellKind::BigInt || kind == CellKind::Rich) {
        addText(kind, from.textAt(row));
    } else {
        add(kind, from.m_bits[row]);
    }
}

void Column::addRepeated(const Column& from, std::size_t row, std::size_t count) {
    if (count == 0) return;
    addCell(from, row);
    repeatLast(count - 1);
}

void Column::repeatLast(std::size_t count) {
    if (count == 0) return;
    const std::uint64_t bits = m_bits.back();
    m_bits.insert(m_bits.end(), count, bits);
    if (!m_kinds.empty()) m_kinds.resize(m_bits.size(), m_kinds.back());
}

void Column::addWords(CellKind kind, const void* words, std::size_t count) {
    if (count == 0) return;
    const std::size_t before = m_bits.size();
    if (before == 0) m_only = kind;
    if (m_only != kind) splitKinds();
    m_bits.resize(before + count);
    std::memcpy(m_bits.data() + before, words, count * sizeof(std::uint64_t));
    if (!m_kinds.empty()) m_kinds.resize(m_bits.size(), kind);
}

void Column::keep(const std::vector<bool>& flags) {
    std::size_t to = 0;
    for (std::size_t row = 0; row < m_bits.size(); ++row) {
        if (!flags[row]) continue;
        m_bits[to] = m_bits[row];
        if (!m_kinds.empty()) m_kinds[to] = m_kinds[row];
        ++to;
    }
    m_bits.resize(to);
    if (!m_kinds.empty()) m_kinds.resize(to);
}

/// Whether a double holds this integer without rounding.
static bool fitsDouble(std::int64_t value) {
    constexpr std::int64_t kLimit = std::int64_t{1} << 53;
    return value >= -kLimit && value <= kLimit;
}

ColumnType Column::type() const {
    bool ints = false, doubles = false, bools = false, texts = false, others = false, wide = false;
    for (std::size_t row = 0; row < size(); ++row) {
        switch (kindAt(row)) {
            case CellKind::Int:
                ints = true;
                wide = wide || !fitsDouble(integerAt(row));
                break;
            case CellKind::Double:
                doubles = true;
                break;
            case CellKind::Bool:
                bools = true;
                break;
            case CellKind::Text:
                texts = true;
                break;
            case CellKind::BigInt:
            case CellKind::Rich:
                others = true;
                break;
            case CellKind::Missing:
            case CellKind::Replayable:
            case CellKind::None:
                break;
        }
        if (m_kinds.empty() && m_only != CellKind::Int) break;
    }
    if (others || (texts && (ints || doubles || bools)) || (bools && (ints || doubles))) return ColumnType::Json;
    if (texts) return ColumnType::Text;
    if (bools) return ColumnType::Bool;
    if (doubles && ints) return wide ? ColumnType::Json : ColumnType::Float64;
    return ints ? ColumnType::Int64 : ColumnType::Float64;
}

}  // namespace hindcast::query
