// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/replay/pool/executor.h"
#include "core/replay/pool/workers/worker_process.h"
#include "core/replay/pool/workers/worker_shelf.h"
#include "core/store/scratch.h"

namespace hindcast::replay {

/// What a pool of this machine is made of.
struct LocalPoolOptions {
    std::filesystem::path store;  ///< .hindcast
    int slots = 1;
    SandboxLevel sandbox = SandboxLevel::None;
    std::vector<std::string> worker = WorkerSetup().program;  ///< see WorkerSetup
    std::shared_ptr<WorkerShelf> shelf;                       ///< workers that wait already; may be null
};

/// Runs units as worker processes of this machine, each enclosed (sandbox.h) in a scratch folder of its own that is
/// removed when the process has ended. Takes workers that wait on the shelf first. Ends units that go past their limits
/// or fill the disk. What a worker prints ends, shortened, in output.txt of the replay's folder, or in scratch/output
/// where that holds no run. Use from one thread that outlives the pool; the destructor ends every worker.
class LocalPool : public Executor {
public:
    explicit LocalPool(LocalPoolOptions options);
    ~LocalPool() override;

    Capacity capacity() const override;
    /// Environment where nothing can hold the unit and the user has not allowed that.
    base::Result<Handle> submit(const Task& task) override;
    void expect(const std::vector<Task>& next) override;
    std::vector<Event> poll() override;
    void cancel(Handle handle) override;
    std::filesystem::path outputFile(Handle handle) const override;

private:
    struct Unit;

    base::Result<std::unique_ptr<WorkerProcess>> start(const WorkerKind& kind, const Task& task);
    std::optional<Event> follow(Unit& unit);
    bool startAgain(Unit& unit);
    std::string limitPassed(Unit& unit);
    Event finish(Unit& unit, const base::Process::Exit& exit);

    LocalPoolOptions m_options;
    std::optional<store::ScratchFolder> m_scratch;  ///< of workers started here
    std::vector<std::unique_ptr<Unit>> m_units;
    std::map<Handle, std::filesystem::path> m_outputs;  ///< of units that have ended
    Handle m_next = 1;
};

}  // namespace hindcast::replay
