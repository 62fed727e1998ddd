// SPDX-License-Identifier: Apache-2.0
#include "core/store/columns/integer_column.h"

#include <algorithm>
#include <cstring>

namespace hindcast::store {

namespace {

enum class Coding : std::uint8_t { Runs = 0, Packed = 1 };

std::uint64_t bits(std::int64_t value) {
    return static_cast<std::uint64_t>(value);
}
std::int64_t wrap(std::uint64_t value) {
    return static_cast<std::int64_t>(value);
}

unsigned widthOf(std::uint64_t range) {
    if (range == 0) return 0;
    if (range <= 0xFF) return 1;
    if (range <= 0xFFFF) return 2;
    return range <= 0xFFFFFFFF ? 4 : 8;
}

/// Runs as (start - end of the run before, step, length), until they take more than `limit` bytes.
bool putRuns(base::ByteWriter& out, std::span<const std::int64_t> values, std::size_t limit) {
    std::uint64_t previous = 0;
    std::size_t i = 0;
    while (i < values.size()) {
        std::uint64_t step = 0;
        std::size_t length = 1;
        if (i + 1 < values.size()) {
            step = bits(values[i + 1]) - bits(values[i]);
            while (i + length < values.size() && bits(values[i + length]) - bits(values[i + length - 1]) == step)
                ++length;
        }
        // A pair says nothing about a sequence: 0 1 2 | 0 1 2 must not become 0 1 | 2 0 | 1 2.
        if (length == 2 && i + 2 < values.size()) {
            length = 1;
            step = 0;
        }
        out.putSignedVarint(wrap(bits(values[i]) - previous));
        out.putSignedVarint(wrap(step));
        out.putVarint(length);
        previous = bits(values[i + length - 1]);
        i += length;
        if (out.size() > limit) return false;
    }
    return true;
}

template <class T>
void putPacked(base::ByteWriter& out, std::span<const std::int64_t> values, std::int64_t lowest) {
    base::Bytes packed(values.size() * sizeof(T));
    for (std::size_t i = 0; i < values.size(); ++i) {
        const T narrow = static_cast<T>(bits(values[i]) - bits(lowest));
        std::memcpy(packed.data() + i * sizeof(T), &narrow, sizeof narrow);
    }
    out.putBytes(packed);
}

template <class T>
bool getPacked(base::ByteReader& in, std::span<std::int64_t> out, std::int64_t lowest) {
    const base::BytesView packed = in.getBytes(out.size() * sizeof(T));
    if (in.failed()) return false;
    for (std::size_t i = 0; i < out.size(); ++i) {
        T narrow;
        std::memcpy(&narrow, packed.data() + i * sizeof(T), sizeof narrow);
        out[i] = wrap(bits(lowest) + narrow);
    }
    return true;
}

bool getRuns(base::ByteReader& in, std::span<std::int64_t> out) {
    std::uint64_t previous = 0;
    std::size_t i = 0;
    while (i < out.size()) {
        std::uint64_t value = previous + bits(in.getSignedVarint());
        const std::uint64_t step = bits(in.getSignedVarint());
        const std::uint64_t length = in.getVarint();
        if (in.failed() || length == 0 || length > out.size() - i) return false;
        std::int64_t* to = out.data() + i;
        for (std::uint64_t k = 0; k < length; ++k) to[k] = wrap(value + step * k);
        value += step * (length - 1);
        previous = value;
        i += static_cast<std::size_t>(length);
    }
    return true;
}

}  // namespace

void putIntegers(base::ByteWriter& out, std::span<const std::int64_t> values) {
    if (values.empty()) return;
    const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
    const unsigned width = widthOf(bits(*highest) - bits(*lowest));
    base::ByteWriter runs;
    if (putRuns(runs, values, width * values.size() + 16)) {
        out.put(static_cast<std::uint8_t>(Coding::Runs));
        out.putBytes(runs.view());
        return;
    }
    out.put(static_cast<std::uint8_t>(Coding::Packed));
    out.put(static_cast<std::uint8_t>(width));
    out.put(*lowest);
    switch (width) {
        case 1:
            return putPacked<std::uint8_t>(out, values, *lowest);
        case 2:
            return putPacked<std::uint16_t>(out, values, *lowest);
        case 4:
            return putPacked<std::uint32_t>(out, values, *lowest);
        default:
            return putPacked<std::uint64_t>(out, values, *lowest);
    }
}

bool getIntegers(base::ByteReader& in, std::span<std::int64_t> out) {
    if (out.empty()) return true;
    const auto coding = static_cast<Coding>(in.get<std::uint8_t>());
    if (coding == Coding::Runs) return !in.failed() && getRuns(in, out);
    if (coding != Coding::Packed) return false;
    const auto width = in.get<std::uint8_t>();
    const auto lowest = in.get<std::int64_t>();
    switch (width) {
        case 1:
            return getPacked<std::uint8_t>(in, out, lowest);
        case 2:
            return getPacked<std::uint16_t>(in, out, lowest);
        case 4:
            return getPacked<std::uint32_t>(in, out, lowest);
        case 8:
            return getPacked<std::uint64_t>(in, out, lowest);
        default:
            return false;
    }
}

}  // namespace hindcast::store
