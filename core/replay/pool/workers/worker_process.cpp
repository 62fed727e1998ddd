// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/workers/worker_process.h"

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/file.h"
#include "core/replay/interpreter.h"
#include "core/replay/pool/workers/process_tree.h"
#include "core/replay/pool/working_copy.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

/// What the worker is told at its start.
Result<void> writeKind(const WorkerKind& kind, const WorkerFolders& folders) {
    const nlohmann::json document{
        {"imports", kind.imports}, {"project", kind.project.string()}, {"recordedCores", kind.recordedCores}};
    const std::string text = document.dump(1, ' ', false, nlohmann::json::error_handler_t::replace);
    return base::writeFileAtomically(folders.kindFile(), base::bytesOf(text));
}

base::ProcessSpec processSpec(const WorkerSetup& setup, const WorkerKind& kind, const Enclosure& enclosure,
                              const WorkerFolders& folders) {
    base::ProcessSpec spec = enclosure.processSpec();
    spec.command.push_back(kind.interpreter.string());
    spec.command.insert(spec.command.end(), setup.program.begin(), setup.program.end());
    spec.command.push_back(enclosure.own + "/worker.json");
    spec.environment = kind.environment;
    redirectCaches(*spec.environment, enclosure.own + "/caches");
    (*spec.environment)[kWorkerMark] = folders.work.filename().string();
    (*spec.environment)["TMPDIR"] = enclosure.temporary;
    return spec;
}

/// The version's code, and what else the unit finds in its project.
Result<void> placeCode(const Task& task, SandboxLevel level, const Enclosure& enclosure, const WorkerFolders& folders) {
    if (level != SandboxLevel::Overlaid) {
        const fs::path visible = hasNamespaces(level) ? fs::path(enclosure.own) / "present" : task.presentProject;
        return makeWorkingCopy(task, folders.copy(), visible);
    }
    std::string hidden;
    for (const std::string& file : task.hiddenFiles) hidden += file + '\0';
    HINDCAST_TRY(base::writeFileAtomically(folders.hiddenList(), base::bytesOf(hidden)));
    return copyTree(task.tree, folders.layer() / "upper");
}

}  // namespace

void removeWorkerFolder(const fs::path& folder) {
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

bool WorkerProcess::needsUnit(const WorkerSetup& setup, const WorkerKind& kind) {
    return setup.sandbox == SandboxLevel::Bound && isBelow(kind.interpreter, kind.project);
}

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::start(const WorkerSetup& setup, const WorkerKind& kind,
                                                            const Task* first) {
    const WorkerFolders folders{setup.scratch / base::Uuid::make().text(), setup.store};
    HINDCAST_ASSIGN(Enclosure enclosure, enclose(setup.sandbox, kind, folders));
    HINDCAST_TRY(writeKind(kind, folders));
    const bool hasCode = first && needsUnit(setup, kind);
    if (hasCode) HINDCAST_TRY(placeCode(*first, setup.sandbox, enclosure, folders));
    HINDCAST_ASSIGN(OutputRelay relay, OutputRelay::make(folders.work / "output.txt"));
    base::ProcessSpec spec = processSpec(setup, kind, enclosure, folders);
    int ends[2];
    // A socket, because writing to a pipe whose reader is gone would end this process by a signal.
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return Error::fromErrno(errno, "cannot make a pair of sockets");
    spec.input = ends[0];
    spec.output = relay.writeEnd();
    Result<base::Process> process = base::Process::start(spec);
    ::close(ends[0]);
    relay.closeWriteEnd();
    if (!process) {
        ::close(ends[1]);
        std::error_code ignored;
        fs::remove(folders.temporaryLink(), ignored);
        removeWorkerFolder(folders.work);
        return process.error();
    }
    return std::unique_ptr<WorkerProcess>(
        new WorkerProcess(kind, setup, folders, std::move(enclosure), std::move(relay), ends[1], *std::move(process)));
}

WorkerProcess::WorkerProcess(WorkerKind kind, WorkerSetup setup, WorkerFolders folders, Enclosure enclosure,
                             OutputRelay relay, int input, base::Process process)
    : m_kind(std::move(kind)),
      m_setup(std::move(setup)),
      m_folders(std::move(folders)),
      m_enclosure(std::move(enclosure)),
      m_relay(std::move(relay)),
      m_input(input),
      m_process(std::move(process)),
      m_outputFile(m_relay.file()) {}

WorkerProcess::~WorkerProcess() {
    end();
    clear();
    if (m_input >= 0) ::close(m_input);
}

bool WorkerProcess::isReady() const {
    std::error_code ignored;
    return !hasNamespaces(m_setup.sandbox) || fs::exists(m_folders.own() / "ready", ignored);
}

Result<void> WorkerProcess::writeUnit(const Task& task) {
    const std::string id = task.unit.replay.text();
    m_replay = m_setup.store / "replays" / id;
    HINDCAST_TRY(base::makeFolder(m_replay.parent_path()));
    std::error_code problem;
    // The worker's place for its results is one folder from its start on: it takes its final name now.
    fs::rename(m_folders.replay(), m_replay, problem);
    if (problem) return Error::fromErrno(problem.value(), "cannot make " + m_replay.string());
    if (hasNamespaces(m_setup.sandbox))
        fs::create_directory_symlink("own", m_folders.own() / "store" / "replays" / id, problem);
    if (problem) return Error::fromErrno(problem.value(), "cannot link the folder of the replay");
    const UnitPlaces places{m_enclosure.store + "/replays/" + id,
                            m_enclosure.store + "/versions/" + task.unit.version.text(), m_enclosure.project};
    HINDCAST_ASSIGN(const std::string run, composeRunJson(task.unit, task.versionRunJson));
    HINDCAST_ASSIGN(const std::string unit, unitJson(task.unit, places, run));
    return base::writeFileAtomically(m_folders.unitFile(), base::bytesOf(unit));
}

Result<void> WorkerProcess::give(const Task& task) {
    if (!m_hasCode) HINDCAST_TRY(placeCode(task, m_setup.sandbox, m_enclosure, m_folders));
    HINDCAST_TRY(writeUnit(task));
    fs::path folder = task.folder;
    if (isBelow(task.folder, task.project))
        folder = fs::path(m_enclosure.project) / task.folder.lexically_relative(task.project);
    const std::string line = m_enclosure.own + "/unit.json\t" + folder.lexically_normal().string() + "\n";
    // A worker that has ended is found by poll.
    [[maybe_unused]] const ssize_t wrote = ::send(m_input, line.data(), line.size(), MSG_NOSIGNAL);
    ::close(std::exchange(m_input, -1));
    return {};
}

std::optional<base::Process::Exit> WorkerProcess::poll() {
    m_relay.pump();
    return m_process.poll();
}

void WorkerProcess::askToEnd() {
    m_process.signalGroup(SIGTERM);
}

base::Process::Exit WorkerProcess::end() {
    if (m_process.id() < 0) return {};
    const base::Process::Exit exit = m_process.stop(std::chrono::milliseconds(0));
    if (!hasNamespaces(m_setup.sandbox)) endStrays(m_folders.work.filename().string());
    return exit;
}

void WorkerProcess::clear() {
    if (std::exchange(m_cleared, true)) return;
    m_relay.finish();
    std::error_code ignored;
    fs::remove(m_folders.temporaryLink(), ignored);
    if (!m_replay.empty()) {
        const bool hasRun = fs::exists(m_replay / "run.json", ignored);
        fs::path kept = m_replay / "output.txt";
        if (!hasRun) {
            fs::remove(m_replay, ignored);
            fs::create_directories(m_setup.store / "scratch" / "output", ignored);
            kept = m_setup.store / "scratch" / "output" / (m_replay.filename().string() + ".txt");
        }
        fs::rename(m_outputFile, kept, ignored);
        if (!ignored) m_outputFile = kept;
    }
    removeWorkerFolder(m_folders.work);
}

}  // namespace hindcast::replay
