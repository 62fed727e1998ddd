// SPDX-License-Identifier: Apache-2.0
#include "core/record/log/event_queue.h"

#include <gtest/gtest.h>

#include <cstring>
#include <thread>
#include <vector>

namespace hindcast::record {
namespace {

void put(EventQueue& queue, std::uint64_t value, std::size_t size = sizeof(std::uint64_t)) {
    bool opened = false;
    std::byte* const at = queue.reserve(size, opened);
    ASSERT_NE(at, nullptr);
    std::memset(at, 0, size);
    std::memcpy(at, &value, sizeof value);
    queue.commit(size);
}

TEST(EventQueue, EverythingArrivesInOrderAcrossThreads) {
    EventQueue queue;
    constexpr std::uint64_t kCount = 2'000'000;
    std::thread producer([&queue] {
        for (std::uint64_t i = 0; i < kCount; ++i) put(queue, i);
    });
    std::uint64_t expected = 0;
    bool inOrder = true;
    while (expected < kCount) {
        const auto bytes = queue.take();
        for (std::size_t at = 0; at < bytes.size(); at += sizeof(std::uint64_t)) {
            std::uint64_t value = 0;
            std::memcpy(&value, bytes.data() + at, sizeof value);
            inOrder = inOrder && value == expected++;
        }
    }
    producer.join();
    EXPECT_TRUE(inOrder);
    EXPECT_TRUE(queue.take().empty());
}

TEST(EventQueue, PiecesLargerThanABlockFit) {
    EventQueue queue;
    put(queue, 1);
    put(queue, 2, 1'000'000);
    put(queue, 3);
    std::vector<std::size_t> sizes;
    for (auto bytes = queue.take(); !bytes.empty(); bytes = queue.take()) sizes.push_back(bytes.size());
    EXPECT_EQ(sizes, (std::vector<std::size_t>{8, 1'000'000, 8}));
}

TEST(EventQueue, WhatWasTakenIsNoLongerQueued) {
    EventQueue queue;
    const std::size_t empty = queue.queuedBytes();
    for (std::uint64_t i = 0; i < 1'000'000; ++i) put(queue, i);
    EXPECT_GT(queue.queuedBytes(), 7'000'000U);
    while (!queue.take().empty()) {
    }
    EXPECT_EQ(queue.queuedBytes(), empty);
}

}  // namespace
}  // namespace hindcast::record
