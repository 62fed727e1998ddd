// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

namespace hindcast::record {

/// Memory for captures on their way to disk, in slabs that are faulted in once and used again: copying into fresh
/// memory costs six times as much. Bounded: a capture that finds no room is skipped. Any thread.
class Arena {
public:
    /// One slab: page-aligned, a multiple of the huge-page size.
    static constexpr std::size_t kSlabBytes = std::size_t{4} << 20;

    explicit Arena(std::size_t limitBytes) : m_limit(limitBytes) {}
    ~Arena();
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    /// Pieces of memory of the asked sizes, each in one piece and aligned to 64 bytes. Returns its slabs when
    /// destroyed.
    class Lease {
    public:
        Lease() = default;
        Lease(Lease&& other) noexcept;
        Lease& operator=(Lease&& other) noexcept;
        ~Lease();
        const std::vector<std::byte*>& slabs() const { return m_slabs; }

    private:
        friend class Arena;
        Arena* m_arena = nullptr;
        std::vector<std::byte*> m_slabs;
    };

    /// `slabs` slabs, absent when that would pass the limit or there is no memory. Faults in what is new.
    std::optional<Lease> take(std::size_t slabs);

    /// Has this many bytes ready in advance, within the limit. For a background thread.
    void prepare(std::size_t bytes);

    std::size_t limitBytes() const;
    /// A smaller one than there is changes nothing.
    void raiseLimit(std::size_t bytes);
    std::size_t usedBytes() const;
    std::size_t peakBytes() const;

private:
    static std::byte* map();
    void giveBack(std::vector<std::byte*>& slabs);

    mutable std::mutex m_mutex;
    std::size_t m_limit;
    std::vector<std::byte*> m_free;
    std::size_t m_used = 0;    ///< slabs out on lease
    std::size_t m_mapped = 0;  ///< slabs in existence
    std::size_t m_peak = 0;
};

/// Cuts pieces out of slabs, in order. First count() the sizes, lease that many slabs, then place() them in the same
/// order.
class PieceLayout {
public:
    /// A piece of at most a slab.
    void count(std::size_t bytes) { advance(bytes); }
    std::size_t slabs() const { return m_slab + (m_at != 0 ? 1 : 0); }
    void restart() {
        m_slab = 0;
        m_at = 0;
    }
    std::span<std::byte> place(const Arena::Lease& lease, std::size_t bytes) {
        const std::size_t at = advance(bytes);
        return {lease.slabs()[m_slab] + at, bytes};
    }

private:
    std::size_t advance(std::size_t bytes) {
        if (m_at + bytes > Arena::kSlabBytes) {
            ++m_slab;
            m_at = 0;
        }
        const std::size_t at = m_at;
        m_at = (m_at + bytes + 63) / 64 * 64;
        return at;
    }
    std::size_t m_slab = 0;
    std::size_t m_at = 0;
};

}  // namespace hindcast::record
