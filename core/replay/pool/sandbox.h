// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/process.h"
#include "core/base/result.h"
#include "core/replay/pool/landlock.h"
#include "core/replay/pool/workers/worker_kind.h"

namespace hindcast::replay {

/// What this machine lets us build around a worker, the weakest first.
enum class SandboxLevel {
    None,        ///< the unit runs in its own copy of the code; nothing stops absolute paths or the network
    Landlocked,  ///< the same copy, without namespaces; the kernel's Landlock refuses writes outside and TCP
    Bound,       ///< bubblewrap; data files are linked into the working copy
    Overlaid,    ///< bubblewrap and an overlay: the whole present project is visible below the version's code, every
                 ///< write stays in the unit's folder
};

/// Whether the unit has its own view of files and processes: its project at the recorded path, its own /tmp.
constexpr bool hasNamespaces(SandboxLevel level) {
    return level >= SandboxLevel::Bound;
}

/// "overlaid", "bound", "landlock", "none".
std::string_view sandboxName(SandboxLevel level);

/// The strongest that works. Tries it out once with files in `scratch` (an overlay depends on the file system). Costs
/// about 50 ms.
SandboxLevel probeSandbox(const std::filesystem::path& scratch);

/// Whether this level works here.
bool sandboxWorks(SandboxLevel level, const std::filesystem::path& scratch);

/// For the plan, when units run with less than full isolation: what holds them, what does not, and what would be
/// better. "" for the full one.
std::string sandboxNotice(SandboxLevel level);

/// Where nothing holds past code and the user has not said that it may run so: what that means and how to say it, one
/// sentence. "" where replays may run. HINDCAST_UNSANDBOXED=1 in the environment says so for all projects: in the image
/// of a container.
std::string missingConsent(SandboxLevel level, const Permissions& allowed);

/// What the names of WorkerFolders::temporaryLink begin with.
inline const std::filesystem::path kTemporaryLinks = "/tmp/hindcast-";

/// The folders of one worker. All of them lie in the store's scratch folder and are disposable; what the replay wrote
/// is moved out of `replay` before.
struct WorkerFolders {
    std::filesystem::path work;   ///< the worker's own
    std::filesystem::path store;  ///< .hindcast

    std::filesystem::path replay() const { return work / "replay"; }  ///< becomes replays/<uuid> when the unit is known
    std::filesystem::path copy() const { return work / "copy"; }      ///< working copy (all but Overlaid)
    std::filesystem::path layer() const { return work / "layer"; }    ///< what the unit changed (Overlaid)
    std::filesystem::path temporary() const { return work / "tmp"; }  ///< /tmp of the unit
    /// A link to it where /tmp is not the unit's own: names of sockets, of which loaders make some in it, have to be
    /// short.
    std::filesystem::path temporaryLink() const;
    std::filesystem::path own() const { return temporary() / ".hindcast"; }
    std::filesystem::path caches() const { return own() / "caches"; }
    std::filesystem::path hiddenList() const { return own() / "hidden"; }
    std::filesystem::path unitFile() const { return own() / "unit.json"; }
    std::filesystem::path kindFile() const { return own() / "worker.json"; }
};

/// How to start a worker and where it finds things.
struct Enclosure {
    std::vector<std::string> prefix;  ///< command words in front of the interpreter
    std::filesystem::path folder;     ///< working folder of the process that is started
    std::string own;                  ///< WorkerFolders::own as the worker sees it
    std::string store;                ///< what it sees of .hindcast: versions/, packs/, replays/<its own>
    std::string project;              ///< the version's code
    std::string temporary = "/tmp";   ///< TMPDIR of the worker
    std::shared_ptr<const LandlockRuleset> rules = nullptr;  ///< that the process enters before it begins; null: none

    /// How a process is started in it; the caller adds the words of the program and the rest.
    base::ProcessSpec processSpec() const;
};

/// Makes the folders that `level` needs and the command that encloses a worker. What its unit needs (code, list of
/// hidden files) is put into the folders later, before the worker is told to begin.
base::Result<Enclosure> enclose(SandboxLevel level, const WorkerKind& kind, const WorkerFolders& folders);

/// Whether a path is `folder` or in it, by their words alone.
bool isBelow(const std::filesystem::path& path, const std::filesystem::path& folder);

}  // namespace hindcast::replay
