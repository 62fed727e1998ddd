// SPDX-License-Identifier: Apache-2.0
#include "core/record/log/event_queue.h"

#include <algorithm>
#include <cstdlib>

namespace hindcast::record {

EventQueue::Block* EventQueue::makeBlock(std::size_t capacity) {
    void* memory = std::malloc(sizeof(Block) + capacity);
    if (memory == nullptr) return nullptr;
    auto* block = new (memory) Block;
    block->capacity = capacity;
    return block;
}

void EventQueue::freeBlock(Block* block) {
    block->~Block();
    std::free(block);
}

EventQueue::~EventQueue() {
    for (Block* block = m_head; block != nullptr;) {
        Block* const next = block->next.load(std::memory_order_relaxed);
        freeBlock(block);
        block = next;
    }
    for (auto& slot : m_spares) {
        if (Block* block = slot.load(std::memory_order_relaxed)) freeBlock(block);
    }
}

EventQueue::Block* EventQueue::spare() {
    Block* const block = m_spares[m_sparesTaken % kSpares].exchange(nullptr, std::memory_order_acquire);
    if (block == nullptr) return nullptr;
    ++m_sparesTaken;
    block->committed.store(0, std::memory_order_relaxed);
    block->next.store(nullptr, std::memory_order_relaxed);
    return block;
}

void EventQueue::giveBack(Block* block) {
    m_blocks.fetch_sub(std::max<std::size_t>(1, block->capacity / kBlockBytes), std::memory_order_relaxed);
    auto& slot = m_spares[m_sparesGiven % kSpares];
    if (block->capacity != kBlockBytes || slot.load(std::memory_order_relaxed) != nullptr) return freeBlock(block);
    slot.store(block, std::memory_order_release);
    ++m_sparesGiven;
}

std::byte* EventQueue::reserve(std::size_t count, bool& opened) {
    if (m_tail == nullptr) return nullptr;
    if (m_used + count <= m_tail->capacity) return m_tail->data() + m_used;
    Block* block = count <= kBlockBytes ? spare() : nullptr;
    if (block == nullptr) block = makeBlock(std::max(count, kBlockBytes));
    if (block == nullptr) return nullptr;
    m_blocks.fetch_add(std::max<std::size_t>(1, block->capacity / kBlockBytes), std::memory_order_relaxed);
    m_tail->next.store(block, std::memory_order_release);
    m_tail = block;
    m_used = 0;
    opened = true;
    return block->data();
}

std::span<const std::byte> EventQueue::take() {
    while (m_head != nullptr) {
        // `next` first: once it is set, the count read after it is final.
        Block* const next = m_head->next.load(std::memory_order_acquire);
        const std::size_t committed = m_head->committed.load(std::memory_order_acquire);
        if (committed > m_taken) {
            const std::span<const std::byte> bytes(m_head->data() + m_taken, committed - m_taken);
            m_taken = committed;
            return bytes;
        }
        if (next == nullptr) break;
        giveBack(m_head);
        m_head = next;
        m_taken = 0;
    }
    return {};
}

}  // namespace hindcast::record
