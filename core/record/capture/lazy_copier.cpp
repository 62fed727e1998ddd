// SPDX-License-Identifier: Apache-2.0
#include "core/record/capture/lazy_copier.h"

#include <system_error>
#include <utility>

#include "core/record/write/background_thread.h"

namespace hindcast::record {

LazyCopier::~LazyCopier() {
    if (!m_thread.joinable()) return;
    {
        const std::scoped_lock lock(m_mutex);
        m_ends = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

bool LazyCopier::start(std::function<void()> copy) {
    try {
        if (!m_thread.joinable()) m_thread = startQuietly([this] { run(); });
    } catch (const std::system_error&) {
        return false;
    }
    {
        const std::scoped_lock lock(m_mutex);
        m_copy = std::move(copy);
        m_busy = true;
    }
    m_changed.notify_all();
    return true;
}

void LazyCopier::wait() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return !m_busy; });
}

void LazyCopier::run() {
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_changed.wait(lock, [this] { return m_ends || m_copy; });
        if (!m_copy) return;
        const std::function<void()> copy = std::exchange(m_copy, nullptr);
        lock.unlock();
        copy();
        lock.lock();
        m_busy = false;
        m_changed.notify_all();
    }
}

}  // namespace hindcast::record
