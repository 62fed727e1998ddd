// SPDX-License-Identifier: Apache-2.0
#include "core/format/planes.h"

#include <cassert>
#include <limits>

// One copy of each loop per instruction set, chosen when the program is loaded. The sanitizers cannot run the chooser,
// which is called before they are set up.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define HINDCAST_CLONES __attribute__((target_clones("default", "avx2", "arch=skylake-avx512")))
#else
#define HINDCAST_CLONES
#endif

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

template <class T>
inline void scatter(T value, std::byte* __restrict out, std::size_t count, std::size_t i) {
    for (std::size_t plane = 0; plane < sizeof(T); ++plane)
        out[plane * count + i] = static_cast<std::byte>(value >> (8 * plane));
}
template <class T>
inline T gather(const std::byte* __restrict planes, std::size_t count, std::size_t i) {
    T value = 0;
    for (std::size_t plane = 0; plane < sizeof(T); ++plane) {
        value = static_cast<T>(value | static_cast<T>(static_cast<T>(planes[plane * count + i]) << (8 * plane)));
    }
    return value;
}

#define HINDCAST_PLANE_LOOPS(T, suffix)                                                                               \
    HINDCAST_CLONES void split##suffix(const std::byte* __restrict raw, std::size_t count,                            \
                                       std::byte* __restrict out) {                                                   \
        for (std::size_t i = 0; i < count; ++i) scatter(load<T>(raw + i * sizeof(T)), out, count, i);                 \
    }                                                                                                                 \
    HINDCAST_CLONES void join##suffix(const std::byte* __restrict planes, std::size_t count,                          \
                                      std::byte* __restrict out) {                                                    \
        for (std::size_t i = 0; i < count; ++i) {                                                                     \
            const T value = gather<T>(planes, count, i);                                                              \
            std::memcpy(out + i * sizeof(T), &value, sizeof value);                                                   \
        }                                                                                                             \
    }                                                                                                                 \
    HINDCAST_CLONES void splitRotated##suffix(const std::byte* __restrict raw, std::size_t count,                     \
                                              std::byte* __restrict out) {                                            \
        for (std::size_t i = 0; i < count; ++i) scatter(rotateLeft(load<T>(raw + i * sizeof(T))), out, count, i);     \
    }                                                                                                                 \
    HINDCAST_CLONES void joinRotated##suffix(const std::byte* __restrict planes, std::size_t count,                   \
                                             std::byte* __restrict out) {                                             \
        for (std::size_t i = 0; i < count; ++i) {                                                                     \
            const T value = rotateRight(gather<T>(planes, count, i));                                                 \
            std::memcpy(out + i * sizeof(T), &value, sizeof value);                                                   \
        }                                                                                                             \
    }                                                                                                                 \
    HINDCAST_CLONES void splitDifference##suffix(const std::byte* __restrict raw, const std::byte* __restrict base,   \
                                                 std::size_t count, std::byte* __restrict out) {                      \
        for (std::size_t i = 0; i < count; ++i) {                                                                     \
            const T now = ordered(load<T>(raw + i * sizeof(T)));                                                      \
            const T before = ordered(load<T>(base + i * sizeof(T)));                                                  \
            scatter(zigzag(static_cast<T>(now - before)), out, count, i);                                             \
        }                                                                                                             \
    }                                                                                                                 \
    HINDCAST_CLONES void joinDifference##suffix(const std::byte* __restrict planes, const std::byte* __restrict base, \
                                                std::size_t count, std::byte* __restrict out) {                       \
        for (std::size_t i = 0; i < count; ++i) {                                                                     \
            const T before = ordered(load<T>(base + i * sizeof(T)));                                                  \
            const T value = unordered(static_cast<T>(before + unzigzag(gather<T>(planes, count, i))));                \
            std::memcpy(out + i * sizeof(T), &value, sizeof value);                                                   \
        }                                                                                                             \
    }

HINDCAST_PLANE_LOOPS(std::uint8_t, 1)
HINDCAST_PLANE_LOOPS(std::uint16_t, 2)
HINDCAST_PLANE_LOOPS(std::uint32_t, 4)
HINDCAST_PLANE_LOOPS(std::uint64_t, 8)
#undef HINDCAST_PLANE_LOOPS

/// Copies the bytes behind the last whole element and returns the number of whole elements.
std::size_t copyTail(BytesView from, unsigned width, std::span<std::byte> out) {
    assert(from.size() == out.size());
    const std::size_t count = from.size() / width;
    const std::size_t whole = count * width;
    if (whole < from.size()) std::memcpy(out.data() + whole, from.data() + whole, from.size() - whole);
    return count;
}

}  // namespace

void splitPlanes(BytesView raw, unsigned width, std::span<std::byte> out) {
    const std::size_t count = copyTail(raw, width, out);
    switch (width) {
        case 2:
            return split2(raw.data(), count, out.data());
        case 4:
            return split4(raw.data(), count, out.data());
        case 8:
            return split8(raw.data(), count, out.data());
        default:
            return split1(raw.data(), count, out.data());
    }
}

void joinPlanes(BytesView planes, unsigned width, std::span<std::byte> out) {
    const std::size_t count = copyTail(planes, width, out);
    switch (width) {
        case 2:
            return join2(planes.data(), count, out.data());
        case 4:
            return join4(planes.data(), count, out.data());
        case 8:
            return join8(planes.data(), count, out.data());
        default:
            return join1(planes.data(), count, out.data());
    }
}

void splitRotated(BytesView raw, unsigned width, std::span<std::byte> out) {
    const std::size_t count = copyTail(raw, width, out);
    switch (width) {
        case 2:
            return splitRotated2(raw.data(), count, out.data());
        case 4:
            return splitRotated4(raw.data(), count, out.data());
        case 8:
            return splitRotated8(raw.data(), count, out.data());
        default:
            return splitRotated1(raw.data(), count, out.data());
    }
}

void joinRotated(BytesView planes, unsigned width, std::span<std::byte> out) {
    const std::size_t count = copyTail(planes, width, out);
    switch (width) {
        case 2:
            return joinRotated2(planes.data(), count, out.data());
        case 4:
            return joinRotated4(planes.data(), count, out.data());
        case 8:
            return joinRotated8(planes.data(), count, out.data());
        default:
            return joinRotated1(planes.data(), count, out.data());
    }
}

void splitDifference(BytesView raw, BytesView base, unsigned width, std::span<std::byte> out) {
    const std::size_t count = copyTail(raw, width, out);
    switch (width) {
        case 2:
            return splitDifference2(raw.data(), base.data(), count, out.data());
        case 4:
            return splitDifference4(raw.data(), base.data(), count, out.data());
        case 8:
            return splitDifference8(raw.data(), base.data(), count, out.data());
        default:
            return splitDifference1(raw.data(), base.data(), count, out.data());
    }
}

void joinDifference(BytesView planes, BytesView base, unsigned width, std::span<std::byte> out) {
    const std::size_t count = copyTail(planes, width, out);
    switch (width) {
        case 2:
            return joinDifference2(planes.data(), base.data(), count, out.data());
        case 4:
            return joinDifference4(planes.data(), base.data(), count, out.data());
        case 8:
            return joinDifference8(planes.data(), base.data(), count, out.data());
        default:
            return joinDifference1(planes.data(), base.data(), count, out.data());
    }
}

}  // namespace hindcast::format
