// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/replay/pool/executor.h"
#include "core/replay/resources/resource.h"
#include "core/store/project.h"

namespace hindcast::replay {

/// Runs units as tasks of Slurm job arrays. The project with its store lies on storage that every node sees under the
/// same path; a task there is `hindcast work-unit`, which encloses the worker as its node allows. What is submitted
/// within a moment becomes one array. Units that Slurm ends by no fault of theirs (preemption, a failed node, a
/// requeue) end as Lost. Slurm's programs run on threads of their own, so nothing here waits for the controller; while
/// it does not answer, units stay as they are. Use from one thread. The destructor cancels what is left and waits for
/// that.
class SlurmExecutor : public Executor {
public:
    /// Makes a folder for the arrays in the store's scratch folder. Fails when it cannot.
    static base::Result<std::unique_ptr<SlurmExecutor>> make(const store::Project& project, Resource resource);
    ~SlurmExecutor() override;

    Capacity capacity() const override;
    base::Result<Handle> submit(const Task& task) override;
    std::vector<Event> poll() override;
    void cancel(Handle handle) override;
    std::string waitingFor(Handle handle) const override;
    std::filesystem::path outputFile(Handle handle) const override;

private:
    class Impl;

    explicit SlurmExecutor(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> m_impl;
};

}  // namespace hindcast::replay
