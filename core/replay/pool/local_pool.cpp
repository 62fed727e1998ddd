// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/local_pool.h"

#include <sys/sysinfo.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/base/file.h"
#include "core/replay/pool/refusals.h"
#include "core/replay/pool/workers/process_tree.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Error;
using base::Result;
using Clock = std::chrono::steady_clock;

namespace {

/// A worker gets this long between being asked and being ended.
constexpr std::chrono::milliseconds kGrace{300};
/// Memory and disk are looked at this often; looking costs some milliseconds.
constexpr std::chrono::milliseconds kBetweenLooks{500};
/// What replays leave free on the disk of the store, for training runs that record on it.
constexpr std::uintmax_t kReservedDiskBytes = std::uintmax_t{64} << 20;

Ending endingOf(const base::Process::Exit& exit) {
    if (exit.signalled) return Ending::Killed;
    switch (exit.status) {
        case 0:
            return Ending::Done;
        case 3:
            return Ending::Escalate;
        case 4:
            return Ending::Environment;
        default:
            // The shells and bubblewrap between us and the worker report its signal as 128 + n.
            return exit.status > 128 && exit.status < 160 ? Ending::Killed : Ending::Failed;
    }
}

/// Of this machine, bytes; 0 when it cannot be told.
std::uint64_t machineMemory() {
    struct sysinfo facts {};
    return ::sysinfo(&facts) == 0 ? std::uint64_t{facts.totalram} * facts.mem_unit : 0;
}

std::string mebibytes(std::uint64_t bytes) {
    return std::to_string(bytes >> 20) + " MiB";
}

}  // namespace

struct LocalPool::Unit {
    Handle handle = 0;
    Task task;
    std::unique_ptr<WorkerProcess> worker;
    bool given = false;
    bool cancelled = false;
    std::string overLimit;  ///< why it was ended
    Clock::time_point begun{};
    Clock::time_point nextLook{};
    Clock::time_point endBy{};
};

LocalPool::LocalPool(LocalPoolOptions options) : m_options(std::move(options)) {}

LocalPool::~LocalPool() {
    for (const auto& unit : m_units) unit->worker->askToEnd();
}

Capacity LocalPool::capacity() const {
    Capacity capacity;
    capacity.slots = m_options.slots;
    if (std::string notice = sandboxNotice(m_options.sandbox); !notice.empty())
        capacity.notices.push_back(std::move(notice));
    return capacity;
}

Result<std::unique_ptr<WorkerProcess>> LocalPool::start(const WorkerKind& kind, const Task& task) {
    if (!m_scratch) {
        HINDCAST_ASSIGN(store::ScratchFolder scratch,
                        store::ScratchFolder::make(m_options.store / "scratch", "workers"));
        m_scratch.emplace(std::move(scratch));
    }
    return WorkerProcess::start({m_options.store, m_scratch->path(), m_options.sandbox, m_options.worker}, kind, &task);
}

Result<Executor::Handle> LocalPool::submit(const Task& task) {
    if (std::string problem = missingConsent(m_options.sandbox, task.allowed); !problem.empty())
        return Error(base::ErrorCode::Environment, problem);
    auto unit = std::make_unique<Unit>();
    unit->task = task;
    UnitLimits& limits = unit->task.limits;
    if (limits.memoryBytes == 0) {
        limits.memoryBytes = machineMemory() * 9 / 10 / static_cast<std::uint64_t>(std::max(1, m_options.slots));
    }
    const WorkerKind kind = kindOf(task);
    if (m_options.shelf) unit->worker = m_options.shelf->take(kind);
    if (!unit->worker) {
        HINDCAST_ASSIGN(unit->worker, start(kind, task));
    }
    unit->handle = m_next++;
    unit->begun = Clock::now();
    unit->nextLook = unit->begun + kBetweenLooks;
    m_units.push_back(std::move(unit));
    return m_units.back()->handle;
}

/// Their imports are done while the units before them run.
void LocalPool::expect(const std::vector<Task>& next) {
    if (!m_options.shelf) return;
    for (const Task& task : next) {
        const WorkerKind kind = kindOf(task);
        const auto same = std::count_if(next.begin(), next.end(), [&](const Task& one) { return kindOf(one) == kind; });
        m_options.shelf->prepare(kind, static_cast<int>(same));
    }
}

/// For a worker whose early imports failed: another one, that leaves all imports to the script.
bool LocalPool::startAgain(Unit& unit) {
    WorkerKind kind = kindOf(unit.task);
    if (kind.imports.empty()) return false;
    kind.imports.clear();
    auto worker = start(kind, unit.task);
    if (!worker) return false;
    unit.task.imports.clear();
    unit.worker = *std::move(worker);
    unit.given = false;
    return true;
}

/// A sentence when the unit has to be ended, "" otherwise.
std::string LocalPool::limitPassed(Unit& unit) {
    const Clock::time_point now = Clock::now();
    const UnitLimits& limits = unit.task.limits;
    const double seconds = std::chrono::duration<double>(now - unit.begun).count();
    if (limits.seconds > 0 && seconds > limits.seconds) {
        return "it ran longer than its limit of " + std::to_string(std::lround(limits.seconds)) +
               " seconds; give it more with --time-limit";
    }
    if (now < unit.nextLook) return "";
    unit.nextLook = now + kBetweenLooks;
    if (limits.memoryBytes > 0) {
        const std::uint64_t used = memoryOf(processTree(unit.worker->id()));
        if (used > limits.memoryBytes) {
            return "it used more memory than its limit of " + mebibytes(limits.memoryBytes) +
                   "; give it more with --memory-limit, or use fewer --workers";
        }
    }
    std::error_code problem;
    const fs::space_info space = fs::space(m_options.store, problem);
    if (!problem && space.available < kReservedDiskBytes) {
        return "the disk that holds the store is full: " + mebibytes(space.available) + " are free";
    }
    return "";
}

std::optional<Event> LocalPool::follow(Unit& unit) {
    std::optional<base::Process::Exit> exit = unit.worker->poll();
    if (exit && exit->status == WorkerProcess::kNotBegun && !unit.cancelled && startAgain(unit)) return std::nullopt;
    if (exit) return finish(unit, *exit);
    if (unit.cancelled || !unit.overLimit.empty()) {
        if (Clock::now() < unit.endBy) return std::nullopt;
        return finish(unit, unit.worker->end());
    }
    if (!unit.given && unit.worker->isReady()) {
        unit.given = true;
        if (const Result<void> given = unit.worker->give(unit.task); !given) {
            unit.overLimit = given.error().text();
            return finish(unit, unit.worker->end());
        }
    }
    if (unit.overLimit = limitPassed(unit); !unit.overLimit.empty()) {
        unit.endBy = Clock::now() + kGrace;
        unit.worker->askToEnd();
    }
    return std::nullopt;
}

std::vector<Event> LocalPool::poll() {
    std::vector<Event> events;
    for (auto at = m_units.begin(); at != m_units.end();) {
        std::optional<Event> event = follow(**at);
        if (!event) {
            ++at;
            continue;
        }
        events.push_back(std::move(*event));
        at = m_units.erase(at);
    }
    return events;
}

Event LocalPool::finish(Unit& unit, const base::Process::Exit& exit) {
    // Also after its own exit: what it left behind ends with it.
    unit.worker->end();
    unit.worker->clear();
    m_outputs[unit.handle] = unit.worker->outputFile();
    Event event{unit.handle, endingOf(exit), exit.status, unit.overLimit, ""};
    if (!unit.overLimit.empty()) event.ending = Ending::OverLimit;
    if (unit.cancelled) event.ending = Ending::Cancelled;
    if (event.ending == Ending::Failed) {
        const std::string output = base::readTextFile(m_outputs[unit.handle]).value_or("");
        event.refused = refusalIn(output, m_options.sandbox, unit.task);
    }
    return event;
}

void LocalPool::cancel(Handle handle) {
    for (const auto& unit : m_units) {
        if (unit->handle != handle || unit->cancelled) continue;
        unit->cancelled = true;
        unit->endBy = Clock::now() + kGrace;
        unit->worker->askToEnd();
    }
}

fs::path LocalPool::outputFile(Handle handle) const {
    for (const auto& unit : m_units) {
        if (unit->handle == handle) return unit->worker->outputFile();
    }
    const auto found = m_outputs.find(handle);
    return found == m_outputs.end() ? fs::path() : found->second;
}

}  // namespace hindcast::replay
