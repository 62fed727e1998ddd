// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hindcast::store {

/// Rows that are looked at together: what is known about them stays in the first cache.
inline constexpr std::size_t kAscendingStretch = 4096;

/// Says for a stretch of rows whether each comes after the one before it, array by array: from the one that decides
/// last to the one that decides first. An empty array has no say.
class AscendingStretch {
public:
    AscendingStretch(std::size_t begin, std::size_t count) : m_begin(begin), m_count(count) {}

    template <class T>
    void operator()(const std::vector<T>& values) {
        if (values.empty()) return;
        const T* const now = values.data() + m_begin;
        for (std::size_t i = 0; i < m_count; ++i) {
            const T before = now[static_cast<std::ptrdiff_t>(i) - 1];
            m_after[i] = static_cast<std::uint8_t>((before < now[i]) | ((before == now[i]) & m_after[i]));
        }
    }
    bool holds() const {
        return std::all_of(m_after.begin(), m_after.begin() + static_cast<std::ptrdiff_t>(m_count),
                           [](std::uint8_t after) { return after != 0; });
    }

private:
    std::size_t m_begin;
    std::size_t m_count;
    std::array<std::uint8_t, kAscendingStretch> m_after{};
};

/// Whether each row from the second of `[first, last)` on comes after the one before it. `compare` is called with an
/// AscendingStretch, to which it gives the arrays. Runs at memory speed: parallel arrays that are in order are the
/// usual case.
template <class Compare>
bool isAscending(std::size_t first, std::size_t last, Compare compare) {
    for (std::size_t begin = first + 1; begin < last; begin += kAscendingStretch) {
        AscendingStretch stretch(begin, std::min(kAscendingStretch, last - begin));
        compare(stretch);
        if (!stretch.holds()) return false;
    }
    return true;
}

}  // namespace hindcast::store
