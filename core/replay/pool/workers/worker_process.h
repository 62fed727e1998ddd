// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/process.h"
#include "core/base/result.h"
#include "core/replay/pool/sandbox.h"
#include "core/replay/pool/workers/output_relay.h"
#include "core/replay/pool/workers/worker_kind.h"

namespace hindcast::replay {

/// How this machine starts workers of one store.
struct WorkerSetup {
    std::filesystem::path store;    ///< .hindcast
    std::filesystem::path scratch;  ///< workers get a folder of their own in it
    SandboxLevel sandbox = SandboxLevel::None;
    /// Arguments of the interpreter in front of the file that describes the worker's kind.
    std::vector<std::string> program{"-m", "hindcast.replay.prestart"};
};

/// A worker process of this machine, enclosed, with a scratch folder of its own. It is started before its unit is
/// known, imports what units of its kind import, and waits for one line on its standard input: the unit file, a tab,
/// the working folder. It serves one unit. Its process ends with the thread that started it. One thread at a time.
class WorkerProcess {
public:
    /// Exit status of a worker whose early imports failed: it has not begun anything.
    static constexpr int kNotBegun = 75;

    /// `first` is the unit it is started for, where that is known.
    static base::Result<std::unique_ptr<WorkerProcess>> start(const WorkerSetup& setup, const WorkerKind& kind,
                                                              const Task* first = nullptr);
    /// Whether it cannot be started without a unit: the interpreter lies in the project, which is a copy.
    static bool needsUnit(const WorkerSetup& setup, const WorkerKind& kind);
    ~WorkerProcess();

    const WorkerKind& kind() const { return m_kind; }
    /// Whether everything around it is mounted, so that it may be given its unit; imports go on in the meantime.
    bool isReady() const;
    /// Puts the unit's code into the worker's folders and tells it to begin. Once, when it is ready.
    base::Result<void> give(const Task& task);
    /// The exit when it has ended; takes in what it printed. Never blocks.
    std::optional<base::Process::Exit> poll();
    pid_t id() const { return m_process.id(); }
    void askToEnd();
    /// Ends all its processes, those that left its group too, and reaps it.
    base::Process::Exit end();
    /// After the end: moves what it printed into the replay's folder where that holds a run, else to scratch/output,
    /// and removes the rest.
    void clear();
    std::filesystem::path outputFile() const { return m_outputFile; }

private:
    WorkerProcess(WorkerKind kind, WorkerSetup setup, WorkerFolders folders, Enclosure enclosure, OutputRelay relay,
                  int input, base::Process process);
    base::Result<void> writeUnit(const Task& task);

    WorkerKind m_kind;
    WorkerSetup m_setup;
    WorkerFolders m_folders;
    Enclosure m_enclosure;
    OutputRelay m_relay;
    int m_input = -1;
    base::Process m_process;
    std::filesystem::path m_outputFile;
    std::filesystem::path m_replay;  ///< replays/<uuid>; empty before give
    bool m_hasCode = false;
    bool m_cleared = false;
};

/// Removes a scratch folder with what past code and overlays left in it, folders that their owner may not enter too.
void removeWorkerFolder(const std::filesystem::path& folder);

}  // namespace hindcast::replay
