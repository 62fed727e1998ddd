// SPDX-License-Identifier: Apache-2.0
#include "core/record/syncer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "core/base/error.h"
#include "core/record/background_thread.h"

namespace hindcast::record {

Syncer::Syncer(FailureLatch& failure, void (*done)(void*), void* doneContext)
    : m_failure(failure), m_done(done), m_doneContext(doneContext), m_thread(startQuietly([this] { run(); })) {}

Syncer::~Syncer() {
    {
        const std::scoped_lock lock(m_mutex);
        m_stopping = true;
    }
    m_changed.notify_all();
    m_thread.join();
}

std::uint64_t Syncer::requestCopy(int descriptor) {
    const int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (copy < 0) m_failure.set(base::Error::fromErrno(errno, "cannot sync a segment").text());
    return add({copy, true});
}

std::uint64_t Syncer::request(int descriptor) {
    return add({descriptor, false});
}

std::uint64_t Syncer::add(Request request) {
    std::uint64_t ticket;
    {
        const std::scoped_lock lock(m_mutex);
        m_requests.push_back(request);
        ticket = ++m_issued;
    }
    m_changed.notify_all();
    return ticket;
}

bool Syncer::isDone(std::uint64_t ticket) const {
    const std::scoped_lock lock(m_mutex);
    return m_completed >= ticket;
}

void Syncer::wait(std::uint64_t ticket) {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [&] { return m_completed >= ticket; });
}

void Syncer::run() {
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_changed.wait(lock, [this] { return m_stopping || !m_requests.empty(); });
        if (m_requests.empty()) return;
        const Request request = m_requests.front();
        m_requests.pop_front();
        lock.unlock();
        if (request.descriptor >= 0 && fdatasync(request.descriptor) != 0) {
            m_failure.set(base::Error::fromErrno(errno, "cannot sync the recording to disk").text());
        }
        if (request.owned && request.descriptor >= 0) ::close(request.descriptor);
        lock.lock();
        ++m_completed;
        m_changed.notify_all();
        lock.unlock();
        m_done(m_doneContext);
        lock.lock();
    }
}

}  // namespace hindcast::record
