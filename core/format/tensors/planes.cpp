// SPDX-License-Identifier: Apache-2.0
#include "core/format/tensors/planes.h"

#include <algorithm>
#include <cassert>
#include <limits>

// One copy of each function per instruction set, chosen when the program is loaded; what it calls must be inlined into
// it. The sanitizers cannot run the chooser, which is called before they are set up.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define HINDCAST_CLONES __attribute__((target_clones("default", "avx2", "arch=skylake-avx512")))
#else
#define HINDCAST_CLONES
#endif
#define HINDCAST_INLINED __attribute__((always_inline))

namespace hindcast::format {

using base::BytesView;

namespace {

template <class T>
inline constexpr unsigned kBits = std::numeric_limits<T>::digits;

// Shifts and sums of 8- and 16-bit operands are done in int: every result is cut back to T.
template <class T>
inline T rotateLeft(T value) {
    return static_cast<T>(static_cast<T>(value << 1) | static_cast<T>(value >> (kBits<T> - 1)));
}
template <class T>
inline T rotateRight(T value) {
    return static_cast<T>(static_cast<T>(value >> 1) | static_cast<T>(value << (kBits<T> - 1)));
}
/// All ones when the sign bit is set.
template <class T>
inline T signMask(T value) {
    return static_cast<T>(T{0} - static_cast<T>(value >> (kBits<T> - 1)));
}
template <class T>
inline constexpr T kSign = static_cast<T>(T{1} << (kBits<T> - 1));
template <class T>
inline T ordered(T bits) {
    return static_cast<T>(bits ^ static_cast<T>(signMask(bits) | kSign<T>));
}
template <class T>
inline T unordered(T value) {
    return static_cast<T>(value ^ static_cast<T>(signMask(static_cast<T>(~value)) | kSign<T>));
}
template <class T>
inline T zigzag(T difference) {
    return static_cast<T>(static_cast<T>(difference << 1) ^ signMask(difference));
}
template <class T>
inline T unzigzag(T coded) {
    return static_cast<T>(static_cast<T>(coded >> 1) ^ static_cast<T>(T{0} - static_cast<T>(coded & 1)));
}

template <class T>
inline T load(const std::byte* from) {
    T value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

/// As many places as an element has planes, in a copy that no store through `out` can be thought to change.
template <class T>
inline std::array<const std::byte*, sizeof(T)> first(const PlanePlaces& places) {
    std::array<const std::byte*, sizeof(T)> out;
    for (std::size_t plane = 0; plane < sizeof(T); ++plane) out[plane] = places[plane];
    return out;
}

/// Calls `body` with a number of the type that has `width` bytes.
template <class Body>
HINDCAST_INLINED inline void byWidth(unsigned width, Body body) {
    switch (width) {
        case 2:
            return body(std::uint16_t{});
        case 4:
            return body(std::uint32_t{});
        case 8:
            return body(std::uint64_t{});
        default:
            return body(std::uint8_t{});
    }
}

/// Elements that are handled at a time, within the first cache: transforming numbers and moving their bytes vectorise
/// well by themselves only.
template <class T>
inline constexpr std::size_t kBlock = 4096 / sizeof(T);

template <class T, class Code>
HINDCAST_INLINED inline void split(const std::byte* __restrict raw, std::size_t count, std::byte* __restrict out,
                                   Code code) {
    alignas(64) std::array<std::byte, kBlock<T> * sizeof(T)> coded;
    for (std::size_t begin = 0; begin < count; begin += kBlock<T>) {
        const std::size_t length = std::min(count - begin, kBlock<T>);
        for (std::size_t i = 0; i < length; ++i) {
            const T value = code(load<T>(raw + (begin + i) * sizeof(T)), begin + i);
            std::memcpy(coded.data() + i * sizeof(T), &value, sizeof value);
        }
        for (std::size_t i = 0; i < length; ++i) {
            for (std::size_t plane = 0; plane < sizeof(T); ++plane)
                out[plane * count + begin + i] = coded[i * sizeof(T) + plane];
        }
    }
}

/// Block by block within the first cache: interleaving bytes and undoing the transform vectorise well by themselves
/// only.
template <class T, class Undo>
HINDCAST_INLINED inline void join(const PlanePlaces& places, std::size_t count, std::byte* __restrict out, Undo undo) {
    const auto planes = first<T>(places);
    for (std::size_t begin = 0; begin < count; begin += kBlock<T>) {
        const std::size_t end = std::min(count, begin + kBlock<T>);
        for (std::size_t i = begin; i < end; ++i) {
            for (std::size_t plane = 0; plane < sizeof(T); ++plane) out[i * sizeof(T) + plane] = planes[plane][i];
        }
        for (std::size_t i = begin; i < end; ++i) {
            const T value = undo(load<T>(out + i * sizeof(T)), i);
            std::memcpy(out + i * sizeof(T), &value, sizeof value);
        }
    }
}

/// Number of whole elements; the bytes behind the last one are copied.
std::size_t splitTail(BytesView raw, unsigned width, std::span<std::byte> out) {
    assert(raw.size() == out.size());
    const std::size_t count = raw.size() / width;
    const std::size_t whole = count * width;
    if (whole < raw.size()) std::memcpy(out.data() + whole, raw.data() + whole, raw.size() - whole);
    return count;
}
std::size_t joinTail(const PlanePlaces& planes, unsigned width, std::span<std::byte> out) {
    const std::size_t count = out.size() / width;
    const std::size_t whole = count * width;
    if (whole < out.size()) std::memcpy(out.data() + whole, planes[width - 1] + count, out.size() - whole);
    return count;
}

}  // namespace

PlanePlaces placesOf(BytesView planes, unsigned width) {
    PlanePlaces places{};
    for (unsigned plane = 0; plane < width; ++plane) places[plane] = planes.data() + plane * (planes.size() / width);
    return places;
}

HINDCAST_CLONES void splitPlanes(BytesView raw, unsigned width, std::span<std::byte> out) {
    const std::size_t count = splitTail(raw, width, out);
    byWidth(width, [&](auto type) HINDCAST_INLINED {
        using T = decltype(type);
        split<T>(raw.data(), count, out.data(), [](T bits, std::size_t) HINDCAST_INLINED { return bits; });
    });
}

HINDCAST_CLONES void joinPlanes(const PlanePlaces& planes, unsigned width, std::span<std::byte> out) {
    const std::size_t count = joinTail(planes, width, out);
    byWidth(width, [&](auto type) HINDCAST_INLINED {
        using T = decltype(type);
        join<T>(planes, count, out.data(), [](T bits, std::size_t) HINDCAST_INLINED { return bits; });
    });
}

HINDCAST_CLONES void splitRotated(BytesView raw, unsigned width, std::span<std::byte> out) {
    const std::size_t count = splitTail(raw, width, out);
    byWidth(width, [&](auto type) HINDCAST_INLINED {
        using T = decltype(type);
        split<T>(raw.data(), count, out.data(), [](T bits, std::size_t) HINDCAST_INLINED { return rotateLeft(bits); });
    });
}

HINDCAST_CLONES void joinRotated(const PlanePlaces& planes, unsigned width, std::span<std::byte> out) {
    const std::size_t count = joinTail(planes, width, out);
    byWidth(width, [&](auto type) HINDCAST_INLINED {
        using T = decltype(type);
        join<T>(planes, count, out.data(), [](T bits, std::size_t) HINDCAST_INLINED { return rotateRight(bits); });
    });
}

HINDCAST_CLONES void splitDifference(BytesView raw, BytesView base, unsigned width, std::span<std::byte> out) {
    const std::size_t count = splitTail(raw, width, out);
    const std::byte* const __restrict before = base.data();
    byWidth(width, [&](auto type) HINDCAST_INLINED {
        using T = decltype(type);
        split<T>(raw.data(), count, out.data(), [before](T bits, std::size_t i) HINDCAST_INLINED {
            return zigzag(static_cast<T>(ordered(bits) - ordered(load<T>(before + i * sizeof(T)))));
        });
    });
}

HINDCAST_CLONES void joinDifference(const PlanePlaces& planes, BytesView base, unsigned width,
                                    std::span<std::byte> out) {
    const std::size_t count = joinTail(planes, width, out);
    const std::byte* const __restrict before = base.data();
    byWidth(width, [&](auto type) HINDCAST_INLINED {
        using T = decltype(type);
        join<T>(planes, count, out.data(), [before](T coded, std::size_t i) HINDCAST_INLINED {
            return unordered(static_cast<T>(ordered(load<T>(before + i * sizeof(T))) + unzigzag(coded)));
        });
    });
}

}  // namespace hindcast::format
