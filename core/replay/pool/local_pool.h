// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/replay/pool/executor.h"
#include "core/replay/pool/sandbox.h"

namespace hindcast::replay {

/// What a pool of this machine is made of.
struct LocalPoolOptions {
    std::filesystem::path store;  ///< .hindcast
    int slots = 1;
    SandboxLevel sandbox = SandboxLevel::None;
    std::vector<std::string> worker{
        "-m", "hindcast.replay.worker"};  ///< arguments of the interpreter in front of the unit file
};

/// Runs units as worker processes of this machine, each enclosed (sandbox.h) in a scratch folder of its own that is
/// removed when the process has ended. What a worker prints goes to scratch/output/<replay>.txt and, once the replay's
/// folder holds a run, to its output.txt. Use from one thread that outlives the pool; the destructor ends every worker.
class LocalPool : public Executor {
public:
    explicit LocalPool(LocalPoolOptions options);
    ~LocalPool() override;

    Capacity capacity() const override;
    base::Result<Handle> submit(const Task& task) override;
    std::vector<Event> poll() override;
    void cancel(Handle handle) override;
    std::filesystem::path outputFile(Handle handle) const override;

private:
    struct Worker;

    Event finish(Worker& worker, int status, bool signalled);

    LocalPoolOptions m_options;
    std::vector<std::unique_ptr<Worker>> m_workers;
    std::map<Handle, std::filesystem::path> m_outputs;  ///< also of units that have ended
    Handle m_next = 1;
};

/// Ends every process of this user whose environment names the replay: what escaped its process group (setsid) where
/// there is no process namespace. Returns how many were found.
int endStrays(const base::Uuid& replay);

}  // namespace hindcast::replay
