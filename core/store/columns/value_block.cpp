// SPDX-License-Identifier: Apache-2.0
#include "core/store/columns/value_block.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "core/base/host_memory.h"
#include "core/format/compression.h"
#include "core/format/digest.h"
#include "core/store/columns/ascending.h"
#include "core/store/columns/integer_column.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::uint32_t kMagic = 0x31434348;  // "HCC1"
constexpr std::size_t kHeadBytes = 16;        // magic, count, checksum of both and the rest
constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

enum Column : std::uint32_t { kOrdinal = 1, kThread = 2, kProbe = 4, kKinds = 8, kFloats = 16, kFirstOccurrence = 32 };
constexpr std::size_t kOccurrenceLevels = 26;  // whose occurrences are kept: a bit each, from kFirstOccurrence on
constexpr std::uint32_t kInOrder = kFirstOccurrence << kOccurrenceLevels;

/// Appends to an optional array, which comes into being with the first value that is not the default.
template <class T>
void appendOptional(std::vector<T>& array, std::size_t rowsBefore, T value, T otherwise) {
    if (array.empty() && value == otherwise) return;
    if (array.empty()) array.assign(rowsBefore, otherwise);
    array.push_back(value);
}

void appendPlace(ValueSeries& series, const RowPlace& place) {
    appendOptional(series.ordinal, series.count, place.ordinal, std::int64_t{0});
    appendOptional(series.thread, series.count, place.thread, std::int32_t{0});
    appendOptional(series.probe, series.count, place.probe, std::int32_t{-1});
}

void appendRest(ValueSeries& series, ValueKind kind, std::int64_t integer, std::string_view text) {
    appendOptional(series.kinds, series.count, kind, ValueKind::Double);
    if (!series.integers.empty() || kind == ValueKind::Int) {
        series.integers.resize(series.count, 0);
        series.integers.push_back(integer);
    }
    const bool hasText = kind == ValueKind::Text || kind == ValueKind::BigInt || kind == ValueKind::Rich;
    if (!series.texts.empty() || hasText) {
        series.texts.resize(series.count);
        series.texts.emplace_back(text);
    }
    ++series.count;
}

template <class T>
void putWidened(base::ByteWriter& out, const std::vector<T>& values) {
    std::vector<std::int64_t> wide(values.size());
    std::transform(values.begin(), values.end(), wide.begin(),
                   [](T value) { return static_cast<std::int64_t>(value); });
    putIntegers(out, wide);
}

bool fitsFloat(double value) {
    return std::bit_cast<std::uint64_t>(static_cast<double>(static_cast<float>(value))) ==
           std::bit_cast<std::uint64_t>(value);
}

/// Doubles of Double rows, integers of Int and Bool rows, texts of the others: each dense.
struct DenseValues {
    std::vector<double> doubles;
    std::vector<std::int64_t> integers;
    base::ByteWriter texts;
};

DenseValues denseValuesOf(const ValueSeries& series) {
    DenseValues dense;
    if (series.kinds.empty()) {
        dense.doubles = series.numbers;
        return dense;
    }
    for (std::size_t row = 0; row < series.count; ++row) {
        switch (series.kinds[row]) {
            case ValueKind::Double:
                dense.doubles.push_back(series.numbers[row]);
                break;
            case ValueKind::Int:
                dense.integers.push_back(series.integers[row]);
                break;
            case ValueKind::Bool:
                dense.integers.push_back(series.numbers[row] != 0 ? 1 : 0);
                break;
            case ValueKind::None:
                break;
            default:
                dense.texts.putText(series.texts[row]);
        }
    }
    return dense;
}

void putDoubles(base::ByteWriter& out, const std::vector<double>& doubles, bool asFloats) {
    if (!asFloats) {
        out.putBytes(std::as_bytes(std::span(doubles)));
        return;
    }
    std::vector<float> narrow(doubles.size());
    std::transform(doubles.begin(), doubles.end(), narrow.begin(),
                   [](double value) { return static_cast<float>(value); });
    out.putBytes(std::as_bytes(std::span(narrow)));
}

void putTexts(base::ByteWriter& out, base::BytesView texts) {
    out.putVarint(texts.size());
    if (texts.empty()) return;
    const auto shorter = format::compress(texts);
    out.putVarint(shorter ? shorter->size() : 0);
    out.putBytes(shorter ? base::BytesView(*shorter) : texts);
}

bool getTexts(base::ByteReader& in, base::Bytes& out) {
    const std::uint64_t raw = in.getVarint();
    if (in.failed() || raw > (std::uint64_t{1} << 31)) return false;
    if (raw == 0) return true;
    const std::uint64_t stored = in.getVarint();
    const base::BytesView bytes = in.getBytes(static_cast<std::size_t>(stored == 0 ? raw : stored));
    if (in.failed()) return false;
    out.assign(static_cast<std::size_t>(raw), std::byte{0});
    if (stored != 0) return format::decompressInto(bytes, out);
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return true;
}

/// Reads one block into the end of a series.
class BlockReader {
public:
    BlockReader(base::ByteReader& in, ValueSeries& out, std::size_t count)
        : m_in(in), m_out(out), m_before(out.count), m_count(count) {}

    bool read();
    bool saysInOrder() const { return (m_columns & kInOrder) != 0; }

private:
    bool integers(std::vector<std::int64_t>& into);
    template <class T>
    bool optional(bool present, std::vector<T>& into, T otherwise);
    bool doubles(std::size_t count, double* to);
    bool mixed();
    void fillOptional();

    base::ByteReader& m_in;
    ValueSeries& m_out;
    std::size_t m_before;
    std::size_t m_count;
    std::uint32_t m_columns = 0;
};

bool BlockReader::integers(std::vector<std::int64_t>& into) {
    into.resize(m_before + m_count);
    return getIntegers(m_in, std::span(into).subspan(m_before));
}

template <class T>
bool BlockReader::optional(bool present, std::vector<T>& into, T otherwise) {
    if (!present && into.empty()) return true;
    into.resize(m_before, otherwise);
    into.resize(m_before + m_count, otherwise);
    if (!present) return true;
    std::vector<std::int64_t> wide(m_count);
    if (!getIntegers(m_in, wide)) return false;
    std::transform(wide.begin(), wide.end(), into.begin() + static_cast<std::ptrdiff_t>(m_before),
                   [](std::int64_t value) { return static_cast<T>(value); });
    return true;
}

bool BlockReader::doubles(std::size_t count, double* to) {
    if (count == 0) return true;
    const bool floats = (m_columns & kFloats) != 0;
    const base::BytesView bytes = m_in.getBytes(count * (floats ? sizeof(float) : sizeof(double)));
    if (m_in.failed()) return false;
    if (!floats) {
        std::memcpy(to, bytes.data(), bytes.size());
        return true;
    }
    for (std::size_t i = 0; i < count; ++i) {
        float narrow;
        std::memcpy(&narrow, bytes.data() + i * sizeof narrow, sizeof narrow);
        to[i] = static_cast<double>(narrow);
    }
    return true;
}

bool BlockReader::mixed() {
    const auto kindAt = [this](std::size_t row) { return m_out.kinds[m_before + row]; };
    std::size_t numbers = 0, whole = 0;
    bool anyInt = false, anyText = false;
    for (std::size_t row = 0; row < m_count; ++row) {
        const ValueKind kind = kindAt(row);
        if (kind > ValueKind::Rich) return false;
        numbers += kind == ValueKind::Double ? 1 : 0;
        whole += kind == ValueKind::Int || kind == ValueKind::Bool ? 1 : 0;
        anyInt = anyInt || kind == ValueKind::Int;
        anyText = anyText || kind >= ValueKind::Text;
    }
    std::vector<double> dense(numbers);
    std::vector<std::int64_t> integerRows(whole);
    base::Bytes texts;
    if (!doubles(numbers, dense.data()) || !getIntegers(m_in, integerRows) || !getTexts(m_in, texts)) return false;
    if (anyInt || !m_out.integers.empty()) m_out.integers.resize(m_before + m_count, 0);
    if (anyText || !m_out.texts.empty()) m_out.texts.resize(m_before + m_count);
    base::ByteReader textReader(texts);
    std::size_t nextDouble = 0, nextInteger = 0;
    for (std::size_t row = 0; row < m_count; ++row) {
        double number = kNoNumber;
        const ValueKind kind = kindAt(row);
        if (kind == ValueKind::Double) number = dense[nextDouble++];
        if (kind == ValueKind::Int) m_out.integers[m_before + row] = integerRows[nextInteger];
        if (kind == ValueKind::Int || kind == ValueKind::Bool) number = static_cast<double>(integerRows[nextInteger++]);
        if (kind >= ValueKind::Text) m_out.texts[m_before + row] = std::string(textReader.getText());
        m_out.numbers[m_before + row] = number;
    }
    return !textReader.failed();
}

void BlockReader::fillOptional() {
    if (!m_out.integers.empty()) m_out.integers.resize(m_before + m_count, 0);
    if (!m_out.texts.empty()) m_out.texts.resize(m_before + m_count);
}

bool BlockReader::read() {
    const auto depth = m_in.get<std::uint8_t>();
    m_columns = m_in.get<std::uint32_t>();
    if (m_in.failed() || depth != m_out.loops.size()) return false;
    m_out.index.resize(depth);
    m_out.occurrence.resize(depth);
    for (std::size_t level = 0; level < depth; ++level) {
        if (!integers(m_out.index[level])) return false;
        const bool present = level < kOccurrenceLevels && (m_columns & (kFirstOccurrence << level)) != 0;
        if (!optional(present, m_out.occurrence[level], std::int64_t{0})) return false;
    }
    if (!optional((m_columns & kOrdinal) != 0, m_out.ordinal, std::int64_t{0})) return false;
    if (!optional((m_columns & kThread) != 0, m_out.thread, std::int32_t{0})) return false;
    if (!optional((m_columns & kProbe) != 0, m_out.probe, std::int32_t{-1})) return false;
    const bool anyKind = (m_columns & kKinds) != 0;
    if (!optional(anyKind, m_out.kinds, ValueKind::Double)) return false;
    m_out.numbers.resize(m_before + m_count);
    if (!anyKind) {
        fillOptional();
        if (!doubles(m_count, m_out.numbers.data() + m_before)) return false;
    } else if (!mixed()) {
        return false;
    }
    m_out.count = m_before + m_count;
    return m_in.atEnd();
}

}  // namespace

void appendLevel(ValueSeries& series, std::size_t level, std::int64_t occurrence, std::int64_t index) {
    appendOptional(series.occurrence[level], series.count, occurrence, std::int64_t{0});
    series.index[level].push_back(index);
}

void appendDouble(ValueSeries& series, double value, const RowPlace& place) {
    appendPlace(series, place);
    series.numbers.push_back(value);
    if (series.kinds.empty() && series.integers.empty() && series.texts.empty()) {
        ++series.count;
        return;
    }
    appendRest(series, ValueKind::Double, 0, {});
}

void appendInteger(ValueSeries& series, std::int64_t value, const RowPlace& place) {
    appendPlace(series, place);
    series.numbers.push_back(static_cast<double>(value));
    appendRest(series, ValueKind::Int, value, {});
}

void appendBool(ValueSeries& series, bool value, const RowPlace& place) {
    appendPlace(series, place);
    series.numbers.push_back(value ? 1.0 : 0.0);
    appendRest(series, ValueKind::Bool, 0, {});
}

void appendText(ValueSeries& series, ValueKind kind, std::string_view text, const RowPlace& place) {
    appendPlace(series, place);
    series.numbers.push_back(kNoNumber);
    appendRest(series, kind, 0, text);
}

base::Bytes encodeBlock(const ValueSeries& series) {
    const DenseValues dense = denseValuesOf(series);
    const bool floats = std::all_of(dense.doubles.begin(), dense.doubles.end(), fitsFloat);
    const bool inOrder = series.loops.size() <= kOccurrenceLevels && areInOrder(series, 0, series.count);
    std::uint32_t columns = (series.ordinal.empty() ? 0U : kOrdinal) | (series.thread.empty() ? 0U : kThread) |
                            (series.probe.empty() ? 0U : kProbe) | (series.kinds.empty() ? 0U : kKinds) |
                            (floats ? kFloats : 0U) | (inOrder ? kInOrder : 0U);
    for (std::size_t level = 0; level < series.loops.size() && level < kOccurrenceLevels; ++level)
        if (!series.occurrence[level].empty()) columns |= kFirstOccurrence << level;
    base::ByteWriter body;
    body.put(static_cast<std::uint8_t>(series.loops.size()));
    body.put(columns);
    for (std::size_t level = 0; level < series.loops.size(); ++level) {
        putIntegers(body, series.index[level]);
        if (level < kOccurrenceLevels && !series.occurrence[level].empty()) putIntegers(body, series.occurrence[level]);
    }
    if (!series.ordinal.empty()) putIntegers(body, series.ordinal);
    if (!series.thread.empty()) putWidened(body, series.thread);
    if (!series.probe.empty()) putWidened(body, series.probe);
    if (!series.kinds.empty()) putWidened(body, series.kinds);
    putDoubles(body, dense.doubles, floats);
    if (!series.kinds.empty()) {
        putIntegers(body, dense.integers);
        putTexts(body, dense.texts.view());
    }
    base::ByteWriter block;
    block.put(kMagic);
    block.put(static_cast<std::uint32_t>(series.count));
    block.put(format::checksum64(block.view(), body.view()));
    block.putBytes(body.view());
    return block.take();
}

BlockSummary summarize(const ValueSeries& series) {
    BlockSummary summary;
    summary.count = static_cast<std::int64_t>(series.count);
    if (!series.loops.empty() && series.count > 0) {
        const auto [first, last] = std::minmax_element(series.index[0].begin(), series.index[0].end());
        summary.firstOuter = *first;
        summary.lastOuter = *last;
    }
    if (series.kinds.empty() && series.count > 0) summary.kinds = 1U << static_cast<unsigned>(ValueKind::Double);
    for (const ValueKind kind : series.kinds) summary.kinds |= 1U << static_cast<unsigned>(kind);
    for (const double number : series.numbers) {
        if (std::isnan(number)) continue;
        if (summary.numbers++ == 0) summary.smallest = summary.largest = number;
        summary.smallest = std::min(summary.smallest, number);
        summary.largest = std::max(summary.largest, number);
    }
    return summary;
}

void reserveRows(ValueSeries& series, std::size_t count) {
    series.index.resize(series.loops.size());
    for (auto& level : series.index) base::reserveWhole(level, count);
    base::reserveWhole(series.numbers, count);
}

bool areInOrder(const ValueSeries& series, std::size_t first, std::size_t last) {
    return isAscending(first, last, [&series](AscendingStretch& stretch) {
        stretch(series.thread);
        stretch(series.ordinal);
        for (std::size_t level = series.loops.size(); level-- > 0;) {
            stretch(series.index[level]);
            stretch(series.occurrence[level]);
        }
    });
}

Result<bool> appendBlock(base::BytesView bytes, ValueSeries& series) {
    const Error damaged(ErrorCode::Damaged,
                        "a block of logged values does not verify; `hindcast reindex` builds it again");
    base::ByteReader head(bytes);
    const auto magic = head.get<std::uint32_t>();
    const auto count = head.get<std::uint32_t>();
    const auto checksum = head.get<std::uint64_t>();
    if (head.failed() || magic != kMagic || checksum != format::checksum64(bytes.first(8), bytes.subspan(kHeadBytes)))
        return damaged;
    base::ByteReader body(bytes.subspan(kHeadBytes));
    const std::size_t before = series.count;
    BlockReader reader(body, series, count);
    if (!reader.read()) return damaged;
    return reader.saysInOrder() && (before == 0 || count == 0 || areInOrder(series, before - 1, before + 1));
}

template <class T>
static std::vector<T> select(const std::vector<T>& from, const std::vector<std::uint32_t>& order) {
    std::vector<T> out;
    if (from.empty()) return out;
    out.reserve(order.size());
    for (const std::uint32_t row : order) out.push_back(from[row]);
    return out;
}

ValueSeries selectRows(const ValueSeries& series, const std::vector<std::uint32_t>& order) {
    ValueSeries out;
    out.loops = series.loops;
    out.count = order.size();
    for (const auto& level : series.index) out.index.push_back(select(level, order));
    for (const auto& level : series.occurrence) out.occurrence.push_back(select(level, order));
    out.numbers = select(series.numbers, order);
    out.kinds = select(series.kinds, order);
    out.integers = select(series.integers, order);
    out.texts = select(series.texts, order);
    out.replay = select(series.replay, order);
    out.fidelity = select(series.fidelity, order);
    out.probe = select(series.probe, order);
    out.ordinal = select(series.ordinal, order);
    out.thread = select(series.thread, order);
    return out;
}

}  // namespace hindcast::store
