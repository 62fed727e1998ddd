// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/replay/pool/executor.h"

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

/// The folders of one unit. All of them lie in the store's scratch folder and are disposable, `replay` excepted.
struct UnitFolders {
    std::filesystem::path work;    ///< scratch/<replay uuid>
    std::filesystem::path store;   ///< .hindcast
    std::filesystem::path replay;  ///< replays/<uuid>; exists, empty

    std::filesystem::path copy() const { return work / "copy"; }      ///< working copy (None, Bound)
    std::filesystem::path layer() const { return work / "layer"; }    ///< what the unit changed (Overlaid)
    std::filesystem::path temporary() const { return work / "tmp"; }  ///< /tmp of the unit
    std::filesystem::path caches() const { return work / "tmp" / ".hindcast" / "caches"; }
    std::filesystem::path hiddenList() const { return work / "tmp" / ".hindcast" / "hidden"; }
    std::filesystem::path unitFile() const { return work / "tmp" / ".hindcast" / "unit.json"; }
};

/// How to start a worker and what it is told.
struct Enclosure {
    std::vector<std::string> prefix;  ///< command words in front of the interpreter
    std::filesystem::path folder;     ///< working folder of the process that is started
    UnitPlaces places;                ///< as the worker sees them
    std::string unitFile;             ///< the unit document as the worker sees it
    std::string caches;               ///< folder for caches as the worker sees it
};

/// Makes the folders that `level` needs and the command that encloses the worker. The working copy must be there
/// already for None and Bound (see makeWorkingCopy).
base::Result<Enclosure> enclose(SandboxLevel level, const Task& task, const UnitFolders& folders);

}  // namespace hindcast::replay
