// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/local_pool.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

#include "core/base/file.h"
#include "core/base/process.h"
#include "core/replay/interpreter.h"
#include "core/replay/pool/working_copy.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Error;
using base::Result;
using Clock = std::chrono::steady_clock;

namespace {

/// A worker gets this long between being asked and being ended.
constexpr std::chrono::milliseconds kGrace{300};

/// Names the replay in the environment of everything a unit starts.
constexpr const char* kMark = "HINDCAST_REPLAY";

/// Past code and overlays leave folders behind that their owner may not enter.
void removeScratch(const fs::path& folder) {
    std::error_code problem;
    for (auto at = fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied, problem);
         !problem && at != fs::recursive_directory_iterator(); at.increment(problem)) {
        std::error_code ignored;
        if (at->is_directory(ignored) && !at->is_symlink(ignored)) {
            fs::permissions(at->path(), fs::perms::owner_all, fs::perm_options::add, ignored);
        }
    }
    fs::remove_all(folder, problem);
}

Ending endingOf(int status, bool signalled, bool cancelled) {
    if (cancelled) return Ending::Cancelled;
    if (signalled) return Ending::Killed;
    switch (status) {
        case 0:
            return Ending::Done;
        case 3:
            return Ending::Escalate;
        case 4:
            return Ending::Environment;
        default:
            // The shells and bubblewrap between us and the worker report its signal as 128 + n.
            return status > 128 && status < 160 ? Ending::Killed : Ending::Failed;
    }
}

}  // namespace

struct LocalPool::Worker {
    Handle handle = 0;
    base::Uuid replay;
    UnitFolders folders;
    fs::path output;
    base::Process process;
    bool cancelled = false;
    Clock::time_point endBy{};
};

LocalPool::LocalPool(LocalPoolOptions options) : m_options(std::move(options)) {}

LocalPool::~LocalPool() {
    for (const auto& worker : m_workers) worker->process.signalGroup(SIGKILL);
    for (const auto& worker : m_workers) {
        worker->cancelled = true;
        const base::Process::Exit exit = worker->process.stop(std::chrono::milliseconds(0));
        finish(*worker, exit.status, exit.signalled);
    }
}

Capacity LocalPool::capacity() const {
    Capacity capacity;
    capacity.slots = m_options.slots;
    if (std::string notice = sandboxNotice(m_options.sandbox); !notice.empty())
        capacity.notices.push_back(std::move(notice));
    return capacity;
}

Result<Executor::Handle> LocalPool::submit(const Task& task) {
    const std::string id = task.unit.replay.text();
    const UnitFolders folders{m_options.store / "scratch" / id, m_options.store, m_options.store / "replays" / id};
    HINDCAST_TRY(base::makeFolder(folders.replay));
    HINDCAST_TRY(base::makeFolder(folders.caches()));
    HINDCAST_TRY(base::makeFolder(m_options.store / "scratch" / "output"));
    if (m_options.sandbox != SandboxLevel::Overlaid) {
        const fs::path visible =
            m_options.sandbox == SandboxLevel::None ? task.presentProject : fs::path("/tmp/.hindcast/present");
        HINDCAST_TRY(makeWorkingCopy(task, folders.copy(), visible));
    }
    HINDCAST_ASSIGN(Enclosure enclosure, enclose(m_options.sandbox, task, folders));
    HINDCAST_ASSIGN(const std::string run, composeRunJson(task.unit, task.versionRunJson));
    HINDCAST_ASSIGN(const std::string unit, unitJson(task.unit, enclosure.places, run));
    HINDCAST_TRY(base::writeFileAtomically(folders.unitFile(), base::bytesOf(unit)));

    base::ProcessSpec spec;
    spec.command = std::move(enclosure.prefix);
    spec.command.push_back(task.interpreter.string());
    spec.command.insert(spec.command.end(), m_options.worker.begin(), m_options.worker.end());
    spec.command.push_back(enclosure.unitFile);
    spec.folder = enclosure.folder;
    spec.environment = task.environment;
    redirectCaches(*spec.environment, enclosure.caches);
    (*spec.environment)[kMark] = id;
    (*spec.environment)["TMPDIR"] = m_options.sandbox == SandboxLevel::None ? folders.temporary().string() : "/tmp";
    spec.outputFile = m_options.store / "scratch" / "output" / (id + ".txt");
    HINDCAST_ASSIGN(base::Process process, base::Process::start(spec));
    m_workers.push_back(std::make_unique<Worker>(
        Worker{m_next, task.unit.replay, folders, spec.outputFile, std::move(process), false, Clock::time_point{}}));
    m_outputs[m_next] = spec.outputFile;
    return m_next++;
}

std::vector<Event> LocalPool::poll() {
    std::vector<Event> events;
    for (auto at = m_workers.begin(); at != m_workers.end();) {
        Worker& worker = **at;
        std::optional<base::Process::Exit> exit = worker.process.poll();
        if (!exit && worker.cancelled && Clock::now() >= worker.endBy) {
            exit = worker.process.stop(std::chrono::milliseconds(0));
        }
        if (!exit) {
            ++at;
            continue;
        }
        // Also after its own exit: what it left behind in its group ends with it.
        worker.process.signalGroup(SIGKILL);
        events.push_back(finish(worker, exit->status, exit->signalled));
        at = m_workers.erase(at);
    }
    return events;
}

Event LocalPool::finish(Worker& worker, int status, bool signalled) {
    if (m_options.sandbox == SandboxLevel::None) endStrays(worker.replay);
    std::error_code ignored;
    if (fs::exists(worker.folders.replay / "run.json", ignored)) {
        fs::rename(worker.output, worker.folders.replay / "output.txt", ignored);
        if (!ignored) m_outputs[worker.handle] = worker.folders.replay / "output.txt";
    } else {
        fs::remove(worker.folders.replay, ignored);
    }
    removeScratch(worker.folders.work);
    return {worker.handle, endingOf(status, signalled, worker.cancelled), status};
}

void LocalPool::cancel(Handle handle) {
    for (const auto& worker : m_workers) {
        if (worker->handle != handle || worker->cancelled) continue;
        worker->cancelled = true;
        worker->endBy = Clock::now() + kGrace;
        worker->process.signalGroup(SIGTERM);
    }
}

fs::path LocalPool::outputFile(Handle handle) const {
    const auto found = m_outputs.find(handle);
    return found == m_outputs.end() ? fs::path() : found->second;
}

int endStrays(const base::Uuid& replay) {
    const std::string mark = std::string(kMark) + "=" + replay.text();
    int found = 0;
    // A process that forks while we look is found in the next round.
    for (int round = 0, last = -1; round < 10 && last != 0; ++round) {
        last = 0;
        std::error_code problem;
        for (const auto& entry : fs::directory_iterator("/proc", problem)) {
            const int id = std::atoi(entry.path().filename().c_str());
            if (id <= 1 || id == ::getpid()) continue;
            std::ifstream file(entry.path() / "environ");
            const std::string environment{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
            if (environment.find(mark) == std::string::npos) continue;
            if (::kill(id, SIGKILL) == 0) ++last;
        }
        found += last;
    }
    return found;
}

}  // namespace hindcast::replay
