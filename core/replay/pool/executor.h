// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/replay/unit.h"

namespace hindcast::replay {

/// What past code of this project may do beyond its scratch folder, because the user said so (`hindcast allow`).
struct Permissions {
    bool network = false;
    std::vector<std::filesystem::path> writable;  ///< absolute, sorted
    bool unsandboxed = false;                     ///< may run where nothing holds it

    bool operator==(const Permissions&) const = default;
};

/// When a unit is ended though it still runs. 0: never.
struct UnitLimits {
    double seconds = 0;
    std::uint64_t memoryBytes = 0;  ///< of all its processes together
};

/// Everything an executor needs to run one unit. The tree is on storage that the scheduler can read; an executor that
/// runs elsewhere brings it there.
struct Task {
    Unit unit;
    std::string versionRunJson;            ///< text of the version's run.json
    std::filesystem::path tree;            ///< spliced source of the version; shared by units, never written
    std::filesystem::path project;         ///< absolute folder of the project as recorded
    std::filesystem::path presentProject;  ///< where the project is now: its data files are made visible
    std::vector<std::string> hiddenFiles;  ///< relative, sorted, files or folders that the run did not have
    bool hidesLaterData = false;           ///< they include what changed after the run began, where the project is now
    std::filesystem::path folder;          ///< working folder at the start of the run, as recorded
    std::int64_t startedMicros = 0;        ///< of the version: files that are older were its inputs
    int threads = 1;                       ///< compute threads that the run used
    std::filesystem::path interpreter;
    std::map<std::string, std::string> environment;  ///< the worker's whole environment
    int recordedCores = 0;                           ///< of the machine that recorded
    std::vector<std::string> imports;  ///< packages that the script certainly imports, in its order: may be imported
                                       ///< before the unit is known
    Permissions allowed;
    UnitLimits limits;
};

/// What an executor offers.
struct Capacity {
    int slots = 1;           ///< units that may run at once
    double speedFactor = 1;  ///< against the machine that recorded
    double pricePerHour = 0;
    std::vector<std::string> notices;  ///< e.g. that units do not run in a sandbox here
};

/// Why a unit's process is not running any more.
enum class Ending {
    Done,         ///< exit status 0
    Escalate,     ///< 3: a NOTE "escalate" says what has to be run deeper
    Failed,       ///< 1 or any other status: the script raised, or the worker broke
    Environment,  ///< 4: the interpreter cannot run this version
    Killed,       ///< a signal, not by cancel
    OverLimit,    ///< the executor ended it: Event::reason says what it went past
    Cancelled,
    Lost,  ///< the place was lost, not by the unit's fault: preemption, a node or a connection that failed
};

struct Event {
    std::uint64_t handle = 0;
    Ending ending = Ending::Done;
    int status = 0;
    std::string reason;   ///< one sentence; OverLimit only
    std::string refused;  ///< Failed: what past code seems to have wanted and was refused, and how to allow it, as the
                          ///< end of a sentence; "" when its output tells of nothing
};

/// Runs units somewhere: processes of this machine, a host reached by ssh, a cluster. Results are folders in the
/// store's `replays/`, which the caller reads; an executor only starts, ends and watches processes. Threads: all calls
/// from one thread, which must outlive the executor (child processes end with it).
class Executor {
public:
    using Handle = std::uint64_t;

    virtual ~Executor() = default;

    virtual Capacity capacity() const = 0;
    /// Starts the unit or queues it at the other side. The caller keeps within capacity().slots.
    virtual base::Result<Handle> submit(const Task& task) = 0;
    /// What will probably be submitted next, soonest first: there may be something to get ready.
    virtual void expect(const std::vector<Task>& /*next*/) {}
    /// Endings since the last call. Never blocks.
    virtual std::vector<Event> poll() = 0;
    /// Begins to end the unit's whole process tree; its Event follows within a second.
    virtual void cancel(Handle handle) = 0;
    /// Why a unit that was submitted does not run yet, in the place's own words; "" when it runs.
    virtual std::string waitingFor(Handle) const { return {}; }
    /// Where what the unit printed can be read on this machine.
    virtual std::filesystem::path outputFile(Handle handle) const = 0;
};

}  // namespace hindcast::replay
