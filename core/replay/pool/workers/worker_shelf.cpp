// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/workers/worker_shelf.h"

#include <algorithm>
#include <chrono>

#include "core/replay/pool/workers/dead_workers.h"

namespace hindcast::replay {

using Clock = std::chrono::steady_clock;

namespace {

/// A worker that nobody took holds a few hundred megabytes.
constexpr std::chrono::minutes kLongestWait{5};

}  // namespace

WorkerShelf::WorkerShelf(WorkerSetup setup)
    : m_setup(std::move(setup)), m_thread([this](const std::stop_token& stop) { run(stop); }) {}

WorkerShelf::~WorkerShelf() {
    m_thread.request_stop();
    m_thread.join();
}

void WorkerShelf::prepare(const WorkerKind& kind, int count) {
    const std::lock_guard lock(m_mutex);
    auto there = std::count(m_wanted.begin(), m_wanted.end(), kind) + (m_starting == kind ? 1 : 0) +
                 std::count_if(m_waiting.begin(), m_waiting.end(),
                               [&](const Waiting& waiting) { return waiting.worker->kind() == kind; });
    while (there++ < count && m_wanted.size() + m_waiting.size() < kMostWaiting) m_wanted.push_back(kind);
    m_wake.notify_all();
}

std::unique_ptr<WorkerProcess> WorkerShelf::take(const WorkerKind& kind) {
    std::unique_lock lock(m_mutex);
    // What was only asked for is started by whoever needs it now; what is being started is nearly there.
    std::erase(m_wanted, kind);
    m_wake.wait(lock, [&] { return m_starting != kind; });
    for (auto at = m_waiting.begin(); at != m_waiting.end();) {
        std::unique_ptr<WorkerProcess> worker;
        if (at->worker->kind() != kind) {
            ++at;
            continue;
        }
        worker = std::move(at->worker);
        at = m_waiting.erase(at);
        if (!worker->poll()) return worker;
    }
    return nullptr;
}

void WorkerShelf::run(const std::stop_token& stop) {
    clearDeadWorkers(m_setup.store);
    std::unique_lock lock(m_mutex);
    while (!stop.stop_requested()) {
        if (m_wanted.empty()) {
            m_wake.wait_for(lock, stop, std::chrono::seconds(1), [this] { return !m_wanted.empty(); });
            dropUnused();
            continue;
        }
        m_starting = m_wanted.front();
        m_wanted.pop_front();
        const WorkerKind kind = *m_starting;
        lock.unlock();
        startOne(kind);
        lock.lock();
        m_starting.reset();
        m_wake.notify_all();
    }
    m_waiting.clear();
    lock.unlock();
    m_scratch.reset();
}

void WorkerShelf::startOne(const WorkerKind& kind) {
    if (WorkerProcess::needsUnit(m_setup, kind)) return;
    if (!m_scratch) {
        auto scratch = store::ScratchFolder::make(m_setup.scratch, "workers");
        if (!scratch) return;  // whoever needs a worker meets the same and says so
        m_scratch.emplace(*std::move(scratch));
    }
    WorkerSetup setup = m_setup;
    setup.scratch = m_scratch->path();
    auto worker = WorkerProcess::start(setup, kind);
    const std::lock_guard lock(m_mutex);
    if (worker) m_waiting.push_back({*std::move(worker), Clock::now()});
}

void WorkerShelf::dropUnused() {
    std::erase_if(m_waiting, [](const Waiting& waiting) {
        return Clock::now() - waiting.since > kLongestWait || waiting.worker->poll().has_value();
    });
}

}  // namespace hindcast::replay
