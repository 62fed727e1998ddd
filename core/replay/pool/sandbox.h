// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/replay/pool/workers/worker_kind.h"

namespace hindcast::replay {

/// What this machine lets us build around a worker.
enum class SandboxLevel {
    None,   ///< no namespaces: the unit runs in its own copy of the code, nothing stops absolute paths or the network
    Bound,  ///< bubblewrap; data files are linked into the working copy
    Overlaid,  ///< bubblewrap and an overlay: the whole present project is visible below the version's code, every
               ///< write stays in the unit's folder
};

/// Tries it out once with files in `scratch` (an overlay depends on the file system). Costs about 50 ms.
SandboxLevel probeSandbox(const std::filesystem::path& scratch);

/// One sentence for the plan when units run with less than full isolation; "" for the full one.
std::string sandboxNotice(SandboxLevel level);

/// The folders of one worker. All of them lie in the store's scratch folder and are disposable; what the replay wrote
/// is moved out of `replay` before.
struct WorkerFolders {
    std::filesystem::path work;   ///< the worker's own
    std::filesystem::path store;  ///< .hindcast

    std::filesystem::path replay() const { return work / "replay"; }  ///< becomes replays/<uuid> when the unit is known
    std::filesystem::path copy() const { return work / "copy"; }      ///< working copy (None, Bound)
    std::filesystem::path layer() const { return work / "layer"; }    ///< what the unit changed (Overlaid)
    std::filesystem::path temporary() const { return work / "tmp"; }  ///< /tmp of the unit
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
};

/// Makes the folders that `level` needs and the command that encloses a worker. What its unit needs (code, list of
/// hidden files) is put into the folders later, before the worker is told to begin.
base::Result<Enclosure> enclose(SandboxLevel level, const WorkerKind& kind, const WorkerFolders& folders);

/// Whether a path is `folder` or in it, by their words alone.
bool isBelow(const std::filesystem::path& path, const std::filesystem::path& folder);

}  // namespace hindcast::replay
