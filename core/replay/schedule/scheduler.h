// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "core/base/uuid.h"
#include "core/replay/plan/work.h"
#include "core/replay/pool/executor.h"
#include "core/replay/schedule/progress.h"
#include "core/replay/schedule/view.h"
#include "core/store/project.h"

namespace hindcast::replay {

struct SchedulerOptions {
    store::Project project;
    base::Uuid newest;              ///< newest version: its source tells data from code that came later
    std::filesystem::path package;  ///< folder of the hindcast Python package
    Permissions allowed;            ///< what past code may do in this project
    UnitLimits limits;              ///< as the user set them; 0: from estimates and this machine
    std::optional<View> view;       ///< what is looked at when it starts
    /// Makes the executor, in the scheduler's thread.
    std::function<std::unique_ptr<Executor>()> makeExecutor;
    std::string resource = "local";  ///< as the project calls the place where the executor's units run
};

/// Runs a plan on a thread of its own: keeps as many units in flight as the executor takes, follows their folders,
/// sends iterations that need it to a deeper mode, retries a unit that broke once, and never lets one version's failure
/// stop another. What is finished stays, also after cancel. Public functions: any thread.
class Scheduler {
public:
    /// Starts at once.
    Scheduler(WorkPlan plan, SchedulerOptions options);
    /// Cancels and waits for the workers to end (about half a second) and the scratch folders to be gone.
    ~Scheduler();

    Progress progress() const;
    /// Returns at once; workers and all they started are gone within a second.
    void cancel();
    /// Running units go on, no new ones start.
    void setPaused(bool paused);
    /// What is looked at now: units that wait are put in another order.
    void show(View view);
    void wait();

private:
    class Supervisor;
    struct Shared;

    std::shared_ptr<Shared> m_shared;
    std::unique_ptr<Supervisor> m_supervisor;
};

}  // namespace hindcast::replay
