// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>

namespace hindcast::record {

/// Keeps the first failure of a recording and ignores later ones: the first is the cause, the rest are its
/// consequences. Any thread.
class FailureLatch {
public:
    void set(const std::string& reason) {
        const std::scoped_lock lock(m_mutex);
        if (m_reason) return;
        m_reason = reason;
        m_failed.store(true, std::memory_order_release);
    }
    bool failed() const { return m_failed.load(std::memory_order_acquire); }
    std::optional<std::string> reason() const {
        const std::scoped_lock lock(m_mutex);
        return m_reason;
    }

private:
    mutable std::mutex m_mutex;
    std::optional<std::string> m_reason;
    std::atomic<bool> m_failed{false};
};

}  // namespace hindcast::record
