// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>

namespace hindcast::record {

/// Bytes from one thread to another without locks: a list of blocks that the producer fills and the consumer hands
/// back. In the steady state nothing is allocated. The producer may run ahead as far as memory allows; queuedBytes()
/// tells how far.
class EventQueue {
public:
    EventQueue() { m_head = m_tail = makeBlock(kBlockBytes); }
    ~EventQueue();
    EventQueue(const EventQueue&) = delete;
    EventQueue& operator=(const EventQueue&) = delete;

    // Producer:
    /// Room for `count` bytes, which become visible to the consumer with commit(). Null when there is no memory.
    /// `opened` is set when a new block was begun: a good moment to wake the consumer.
    std::byte* reserve(std::size_t count, bool& opened);
    void commit(std::size_t count) {
        m_used += count;
        m_tail->committed.store(m_used, std::memory_order_release);
    }

    // Consumer:
    /// What was committed since the last call, in one piece; empty when there is nothing. The bytes stay until the next
    /// call.
    std::span<const std::byte> take();

    /// Bytes in blocks that the consumer has not handed back. Any thread.
    std::size_t queuedBytes() const { return m_blocks.load(std::memory_order_relaxed) * kBlockBytes; }

private:
    static constexpr std::size_t kBlockBytes = std::size_t{64} << 10;
    static constexpr std::size_t kSpares = 64;

    struct Block {
        std::atomic<std::size_t> committed{0};
        std::atomic<Block*> next{nullptr};
        std::size_t capacity = 0;
        std::byte* data() { return reinterpret_cast<std::byte*>(this + 1); }
    };
    static Block* makeBlock(std::size_t capacity);
    static void freeBlock(Block* block);
    Block* spare();
    void giveBack(Block* block);

    // Producer only:
    Block* m_tail;
    std::size_t m_used = 0;
    std::size_t m_sparesTaken = 0;
    // Consumer only:
    alignas(64) Block* m_head;
    std::size_t m_taken = 0;
    std::size_t m_sparesGiven = 0;
    // Shared: a ring of blocks on their way back. An entry is free for the consumer when it is null.
    alignas(64) std::array<std::atomic<Block*>, kSpares> m_spares{};
    std::atomic<std::size_t> m_blocks{1};
};

}  // namespace hindcast::record
