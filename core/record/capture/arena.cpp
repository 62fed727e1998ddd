// SPDX-License-Identifier: Apache-2.0
#include "core/record/capture/arena.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace hindcast::record {

/// A slab that starts at a multiple of its size, with every page present.
std::byte* Arena::map() {
    const std::size_t span = 2 * kSlabBytes;
    void* const area = mmap(nullptr, span, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (area == MAP_FAILED) return nullptr;
    const auto begin = reinterpret_cast<std::uintptr_t>(area);
    const std::uintptr_t aligned = (begin + kSlabBytes - 1) / kSlabBytes * kSlabBytes;
    auto* const slab = reinterpret_cast<std::byte*>(aligned);
    if (aligned > begin) munmap(area, aligned - begin);
    if (aligned + kSlabBytes < begin + span) munmap(slab + kSlabBytes, begin + span - aligned - kSlabBytes);
    madvise(slab, kSlabBytes, MADV_HUGEPAGE);
    // A forked child never looks at captures: without this, every fork would copy the page tables of the arena.
    madvise(slab, kSlabBytes, MADV_DONTFORK);
    // One write per page works where MADV_POPULATE_WRITE (Linux 5.14) does not.
    for (std::size_t at = 0; at < kSlabBytes; at += 4096) *const_cast<volatile std::byte*>(slab + at) = std::byte{0};
    return slab;
}

Arena::~Arena() {
    for (std::byte* slab : m_free) munmap(slab, kSlabBytes);
}

std::optional<Arena::Lease> Arena::take(std::size_t slabs) {
    Lease lease;
    {
        const std::scoped_lock lock(m_mutex);
        if ((m_used + slabs) * kSlabBytes > m_limit) return std::nullopt;
        m_used += slabs;
        m_peak = std::max(m_peak, m_used);
        lease.m_arena = this;
        while (lease.m_slabs.size() < slabs && !m_free.empty()) {
            lease.m_slabs.push_back(m_free.back());
            m_free.pop_back();
        }
        m_mapped += slabs - lease.m_slabs.size();
    }
    // Outside the lock: faulting in hundreds of megabytes takes a while.
    while (lease.m_slabs.size() < slabs) {
        std::byte* const slab = map();
        if (slab == nullptr) {
            const std::scoped_lock lock(m_mutex);
            const std::size_t missing = slabs - lease.m_slabs.size();
            m_mapped -= missing;
            m_used -= missing;
            return std::nullopt;  // the lease gives back what it got
        }
        lease.m_slabs.push_back(slab);
    }
    return lease;
}

void Arena::prepare(std::size_t bytes) {
    for (;;) {
        {
            const std::scoped_lock lock(m_mutex);
            if ((m_mapped + 1) * kSlabBytes > std::min(m_limit, bytes + kSlabBytes - 1)) return;
            ++m_mapped;
        }
        std::byte* const slab = map();
        const std::scoped_lock lock(m_mutex);
        if (slab == nullptr) {
            --m_mapped;
            return;
        }
        m_free.push_back(slab);
    }
}

void Arena::giveBack(std::vector<std::byte*>& slabs) {
    const std::scoped_lock lock(m_mutex);
    m_used -= slabs.size();
    m_free.insert(m_free.end(), slabs.begin(), slabs.end());
    slabs.clear();
}

std::size_t Arena::limitBytes() const {
    const std::scoped_lock lock(m_mutex);
    return m_limit;
}

void Arena::raiseLimit(std::size_t bytes) {
    const std::scoped_lock lock(m_mutex);
    m_limit = std::max(m_limit, bytes);
}

std::size_t Arena::usedBytes() const {
    const std::scoped_lock lock(m_mutex);
    return m_used * kSlabBytes;
}

std::size_t Arena::peakBytes() const {
    const std::scoped_lock lock(m_mutex);
    return m_peak * kSlabBytes;
}

Arena::Lease::Lease(Lease&& other) noexcept
    : m_arena(std::exchange(other.m_arena, nullptr)), m_slabs(std::move(other.m_slabs)) {}

Arena::Lease& Arena::Lease::operator=(Lease&& other) noexcept {
    std::swap(m_arena, other.m_arena);
    std::swap(m_slabs, other.m_slabs);
    return *this;
}

Arena::Lease::~Lease() {
    if (m_arena != nullptr) m_arena->giveBack(m_slabs);
}

}  // namespace hindcast::record
