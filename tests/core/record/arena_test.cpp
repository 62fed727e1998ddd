// SPDX-License-Identifier: Apache-2.0
#include "core/record/capture/arena.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <vector>

#include "core/record/capture/stream_copy.h"

namespace hindcast::record {
namespace {

TEST(Arena, RefusesWhatPassesTheLimitAndRecovers) {
    Arena arena(4 * Arena::kSlabBytes);
    auto first = arena.take(3);
    ASSERT_TRUE(first);
    EXPECT_FALSE(arena.take(2));
    EXPECT_EQ(arena.usedBytes(), 3 * Arena::kSlabBytes);
    first.reset();
    EXPECT_EQ(arena.usedBytes(), 0U);
    EXPECT_TRUE(arena.take(4));
    EXPECT_EQ(arena.peakBytes(), 4 * Arena::kSlabBytes);
    EXPECT_FALSE(arena.take(5));
}

TEST(Arena, UsesItsSlabsAgain) {
    Arena arena(8 * Arena::kSlabBytes);
    arena.prepare(Arena::kSlabBytes + 1);
    const auto slabsOf = [&arena] {
        const auto lease = arena.take(2);
        return lease ? std::set<std::byte*>(lease->slabs().begin(), lease->slabs().end()) : std::set<std::byte*>();
    };
    const auto first = slabsOf();
    EXPECT_EQ(first.size(), 2U);
    EXPECT_EQ(slabsOf(), first);
}

TEST(PieceLayout, PiecesDoNotOverlapAndStayInTheirSlab) {
    const std::vector<std::size_t> sizes = {1, 262'144, 4'000'000, 64, 262'144, 0, 4'194'304, 3};
    PieceLayout layout;
    for (const std::size_t size : sizes) layout.count(size);
    Arena arena(64 * Arena::kSlabBytes);
    const auto lease = arena.take(layout.slabs());
    ASSERT_TRUE(lease);
    layout.restart();
    std::vector<std::span<std::byte>> pieces;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        pieces.push_back(layout.place(*lease, sizes[i]));
        std::memset(pieces.back().data(), static_cast<int>(i + 1), sizes[i]);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(pieces.back().data()) % 64, 0U);
    }
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        for (const std::byte byte : pieces[i]) ASSERT_EQ(byte, static_cast<std::byte>(i + 1));
    }
}

TEST(StreamCopy, CopiesEverySizeAndAlignment) {
    std::vector<std::byte> from(300'000);
    for (std::size_t i = 0; i < from.size(); ++i) from[i] = static_cast<std::byte>(i * 7 + i / 256);
    alignas(64) static std::byte to[300'000];
    for (const std::size_t size : {0, 1, 63, 64, 65, 65'535, 65'536, 65'599, 262'144, 299'000}) {
        for (const std::size_t shift : {0, 1, 32}) {
            std::memset(to, 0, sizeof to);
            streamCopy(to + shift, from.data() + 5, size);
            ASSERT_EQ(std::memcmp(to + shift, from.data() + 5, size), 0) << size << " " << shift;
            ASSERT_EQ(to[shift + size], std::byte{0});
        }
    }
}

}  // namespace
}  // namespace hindcast::record
