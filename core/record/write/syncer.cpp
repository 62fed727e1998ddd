// SPDX-License-Identifier: Apache-2.0
#include "core/record/write/syncer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/record/write/background_thread.h"

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

/// Identity of the open file, so that copies of one descriptor are recognised.
static std::pair<dev_t, ino_t> fileOf(int descriptor) {
    struct stat info {};
    if (descriptor < 0 || fstat(descriptor, &info) != 0) return {};
    return {info.st_dev, info.st_ino};
}

void Syncer::serve(const std::deque<Request>& requests) {
    std::vector<std::pair<dev_t, ino_t>> synced;
    for (const Request& request : requests) {
        const auto file = fileOf(request.descriptor);
        const bool again = std::find(synced.begin(), synced.end(), file) != synced.end();
        if (request.descriptor >= 0 && !again && fdatasync(request.descriptor) != 0) {
            m_failure.set(base::Error::fromErrno(errno, "cannot sync the recording to disk").text());
        }
        synced.push_back(file);
        if (request.owned && request.descriptor >= 0) ::close(request.descriptor);
    }
}

void Syncer::run() {
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_changed.wait(lock, [this] { return m_stopping || !m_requests.empty(); });
        if (m_requests.empty()) return;
        // All that wait now were written before now, so one sync of each file serves them all.
        const std::deque<Request> requests = std::exchange(m_requests, {});
        lock.unlock();
        serve(requests);
        lock.lock();
        m_completed += requests.size();
        m_changed.notify_all();
        lock.unlock();
        m_done(m_doneContext);
        lock.lock();
    }
}

}  // namespace hindcast::record
