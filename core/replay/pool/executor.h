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

/// Everything an executor needs to run one unit. The tree is on storage that the scheduler can read; an executor that
/// runs elsewhere brings it there.
struct Task {
    Unit unit;
    std::string versionRunJson;            ///< text of the version's run.json
    std::filesystem::path tree;            ///< spliced source of the version; shared by units, never written
    std::filesystem::path project;         ///< absolute folder of the project as recorded
    std::filesystem::path presentProject;  ///< where the project is now: its data files are made visible
    std::vector<std::string> hiddenFiles;  ///< relative, sorted, files or folders that the run did not have
    std::filesystem::path folder;          ///< working folder at the start of the run, as recorded
    std::int64_t startedMicros = 0;        ///< of the version: files that are older were its inputs
    std::filesystem::path interpreter;
    std::map<std::string, std::string> environment;  ///< the worker's whole environment
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
    Cancelled,
};

struct Event {
    std::uint64_t handle = 0;
    Ending ending = Ending::Done;
    int status = 0;
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
    /// Endings since the last call. Never blocks.
    virtual std::vector<Event> poll() = 0;
    /// Begins to end the unit's whole process tree; its Event follows within a second.
    virtual void cancel(Handle handle) = 0;
    /// Where what the unit printed can be read on this machine.
    virtual std::filesystem::path outputFile(Handle handle) const = 0;
};

}  // namespace hindcast::replay
