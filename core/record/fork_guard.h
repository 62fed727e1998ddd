// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

namespace hindcast::record {

/// Protects a recording from forked children of its process. A child inherits the recorder's memory and descriptors but
/// none of its threads; it must not write, and it must not keep the journal's lock alive when the parent is gone. Each
/// living recorder registers its journal here; in a child, before fork() returns, those descriptors are closed and the
/// generation moves on.
class ForkGuard {
public:
    explicit ForkGuard(int journalDescriptor);
    ~ForkGuard();
    ForkGuard(const ForkGuard&) = delete;
    ForkGuard& operator=(const ForkGuard&) = delete;

    /// The descriptor is about to be closed: its number may be another file's soon.
    void retire();

    /// Whether this process is a child that was forked after the guard was made. One load.
    bool inChild() const { return m_generation != s_generation.load(std::memory_order_relaxed); }

private:
    static void beforeFork();
    static void inParent();
    static void afterForkInChild();

    static std::atomic<std::uint64_t> s_generation;

    const std::uint64_t m_generation;
    int m_descriptor;
    ForkGuard* m_next = nullptr;
};

}  // namespace hindcast::record
