// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/sandbox.h"

#include <algorithm>
#include <cstdlib>

#include "core/base/file.h"
#include "core/base/process.h"
#include "core/replay/pool/working_copy.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Result;

namespace {

/// Where the sandbox keeps what it needs. /tmp is the one folder that is the unit's own at every level.
constexpr const char* kInside = "/tmp/.hindcast";

/// Mounts the overlay, hides code of other versions and the store, drops every capability, becomes the worker.
/// $1 mount options, $2 project, $3 working folder, $4 list of hidden files, $5… the worker.
constexpr const char* kOverlayScript = R"(set -e
mount -t overlay hindcast -o "$1" "$2"
cd "$2"
if [ -s "$4" ]; then xargs -0 rm -rf -- < "$4"; fi
if [ -d .hindcast ]; then mount -t tmpfs -o ro hindcast .hindcast; fi
cd "$3" 2>/dev/null || cd "$2"
shift 4
exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs -- "$@")";

using Words = std::vector<std::string>;

void add(Words& words, std::initializer_list<std::string> more) {
    words.insert(words.end(), more);
}

bool isBelow(const fs::path& path, const fs::path& folder) {
    const fs::path relative = path.lexically_normal().lexically_relative(folder);
    return !relative.empty() && *relative.begin() != "..";
}

/// Read-only view of everything in a folder of the host whose own mount is replaced by an empty one.
void bindChildren(Words& words, const fs::path& folder, const std::vector<std::string>& except) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        const std::string name = entry.path().filename().string();
        if (std::find(except.begin(), except.end(), name) != except.end()) continue;
        if (entry.is_symlink(ignored)) {
            add(words, {"--symlink", fs::read_symlink(entry.path(), ignored).string(), entry.path().string()});
        } else {
            add(words, {"--ro-bind", entry.path().string(), entry.path().string()});
        }
    }
}

/// The read-only root. A recorded project folder that is not on this machine any more needs a place to be mounted at,
/// which a read-only root cannot give: the folder above it becomes an empty one with the host's entries bound into it.
void addRoot(Words& words, const fs::path& project) {
    fs::path above = project;
    std::error_code ignored;
    while (!fs::is_directory(above, ignored)) above = above.parent_path();
    const bool missing = above != project && !isBelow(project, "/tmp");
    if (missing && above == "/") {
        bindChildren(words, "/", {"dev", "proc", "tmp"});
    } else {
        add(words, {"--ro-bind", "/", "/"});
        if (missing) {
            add(words, {"--tmpfs", above.string()});
            bindChildren(words, above, {});
        }
    }
    add(words, {"--dir", project.string()});
    if (missing) add(words, {"--remount-ro", above.string()});
}

/// Graphics devices, which a fresh /dev does not have.
void addDevices(Words& words) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/dev", ignored)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with("nvidia") || name == "dri" || name == "kfd") {
            add(words, {"--dev-bind-try", entry.path().string(), entry.path().string()});
        }
    }
}

/// Things the worker needs that may lie below /tmp, which is replaced.
void addNeededBelowTemporary(Words& words, const Task& task) {
    std::vector<fs::path> needed{task.interpreter.parent_path().parent_path()};
    if (const auto path = task.environment.find("PYTHONPATH"); path != task.environment.end()) {
        std::string rest = path->second;
        while (!rest.empty()) {
            const std::size_t colon = rest.find(':');
            needed.emplace_back(rest.substr(0, colon));
            rest = colon == std::string::npos ? "" : rest.substr(colon + 1);
        }
    }
    for (const fs::path& path : needed) {
        if (isBelow(path, "/tmp")) add(words, {"--ro-bind-try", path.string(), path.string()});
    }
}

Words bubblewrap(const Task& task, const UnitFolders& folders) {
    Words words{
        "bwrap",         "--unshare-user",    "--uid",        "0", "--gid", "0", "--unshare-net", "--unshare-pid",
        "--unshare-ipc", "--die-with-parent", "--new-session"};
    addRoot(words, task.project);
    add(words, {"--dev", "/dev", "--proc", "/proc", "--bind", folders.temporary().string(), "/tmp"});
    addDevices(words);
    addNeededBelowTemporary(words, task);
    if (isBelow(task.project, "/tmp")) add(words, {"--dir", task.project.string()});
    const std::string inside = kInside;
    add(words, {"--ro-bind", (folders.store / "versions").string(), inside + "/store/versions"});
    add(words, {"--ro-bind-try", (folders.store / "packs").string(), inside + "/store/packs"});
    add(words, {"--bind", folders.replay.string(), inside + "/store/replays/" + task.unit.replay.text()});
    add(words, {"--ro-bind-try", task.presentProject.string(), inside + "/present"});
    return words;
}

UnitPlaces placesInside(const Task& task) {
    const std::string store = std::string(kInside) + "/store";
    return {store + "/replays/" + task.unit.replay.text(), store + "/versions/" + task.unit.version.text(),
            task.project.string()};
}

Result<Enclosure> encloseOverlaid(const Task& task, const UnitFolders& folders) {
    HINDCAST_TRY(base::makeFolder(folders.layer() / "work"));
    // The version's code is copied into the upper layer: as a lower one it would lie inside the other, the project,
    // which overlays refuse.
    HINDCAST_TRY(copyTree(task.tree, folders.layer() / "upper"));
    std::string hidden;
    for (const std::string& file : task.hiddenFiles) hidden += file + '\0';
    HINDCAST_TRY(base::writeFileAtomically(folders.hiddenList(), base::bytesOf(hidden)));
    const std::string inside = kInside;
    Words words = bubblewrap(task, folders);
    add(words, {"--bind", folders.layer().string(), inside + "/layer", "--cap-add", "ALL", "--chdir", "/"});
    std::error_code ignored;
    const bool present = fs::is_directory(task.presentProject, ignored);
    const std::string options = "lowerdir=" + inside + (present ? "/present" : "/none") + ",upperdir=" + inside +
                                "/layer/upper,workdir=" + inside + "/layer/work,userxattr";
    if (!present) HINDCAST_TRY(base::makeFolder(folders.temporary() / ".hindcast" / "none"));
    add(words, {"sh", "-c", kOverlayScript, "hindcast-unit", options, task.project.string(), task.folder.string(),
                inside + "/hidden"});
    return Enclosure{words, "/", placesInside(task), inside + "/unit.json", inside + "/caches"};
}

Result<Enclosure> encloseBound(const Task& task, const UnitFolders& folders) {
    Words words = bubblewrap(task, folders);
    add(words, {"--bind", folders.copy().string(), task.project.string(), "--cap-drop", "ALL"});
    const fs::path below = task.folder.lexically_relative(task.project);
    std::error_code ignored;
    const bool there = !isBelow(task.folder, task.project) ? fs::is_directory(task.folder, ignored)
                                                           : fs::is_directory(folders.copy() / below, ignored);
    add(words, {"--chdir", there ? task.folder.string() : task.project.string()});
    return Enclosure{words, "/", placesInside(task), std::string(kInside) + "/unit.json",
                     std::string(kInside) + "/caches"};
}

Result<Enclosure> encloseNowhere(const Task& task, const UnitFolders& folders) {
    fs::path folder = folders.copy();
    std::error_code ignored;
    if (isBelow(task.folder, task.project)) {
        const fs::path inCopy = folders.copy() / task.folder.lexically_relative(task.project);
        if (fs::is_directory(inCopy, ignored)) folder = inCopy;
    }
    const UnitPlaces places{folders.replay.string(), (folders.store / "versions" / task.unit.version.text()).string(),
                            folders.copy().string()};
    return Enclosure{{}, folder, places, folders.unitFile().string(), folders.caches().string()};
}

/// Runs /bin/true enclosed at `level`.
bool works(SandboxLevel level, const fs::path& scratch) {
    Task task;
    task.unit.replay = base::Uuid::make();
    task.unit.version = base::Uuid::make();
    const fs::path probe = scratch / ("probe-" + task.unit.replay.text());
    task.project = probe / "project";
    task.presentProject = probe / "present";
    task.folder = task.project;
    task.tree = probe / "tree";
    task.interpreter = "/bin/true";
    const UnitFolders folders{probe / "unit", probe / "store", probe / "replay"};
    for (const fs::path& folder : {task.project, task.presentProject, task.tree, folders.copy(), folders.replay,
                                   folders.caches(), folders.store / "versions"}) {
        if (!base::makeFolder(folder)) return false;
    }
    bool worked = false;
    if (const auto enclosure = enclose(level, task, folders)) {
        base::ProcessSpec spec;
        spec.command = enclosure->prefix;
        spec.command.emplace_back("/bin/true");
        const auto output = base::runCommand(spec, "", std::chrono::seconds(10));
        worked = output && output->status == 0;
    }
    // A leftover in the scratch folder is removed with the next sweep; the answer does not depend on it.
    static_cast<void>(base::removeTree(probe).has_value());
    return worked;
}

}  // namespace

SandboxLevel probeSandbox(const fs::path& scratch) {
    if (!base::findProgram("bwrap")) return SandboxLevel::None;
    if (base::findProgram("setpriv") && works(SandboxLevel::Overlaid, scratch)) return SandboxLevel::Overlaid;
    return works(SandboxLevel::Bound, scratch) ? SandboxLevel::Bound : SandboxLevel::None;
}

std::string sandboxNotice(SandboxLevel level) {
    if (level != SandboxLevel::None) return "";
    return base::findProgram("bwrap")
               ? "This machine does not allow sandboxes: replays run in a copy of the code, but past code could write "
                 "elsewhere and use the network."
               : "bubblewrap is not installed: replays run in a copy of the code, but past code could write elsewhere "
                 "and "
                 "use the network. Install the package bubblewrap to isolate them.";
}

Result<Enclosure> enclose(SandboxLevel level, const Task& task, const UnitFolders& folders) {
    HINDCAST_TRY(base::makeFolder(folders.caches()));
    switch (level) {
        case SandboxLevel::Overlaid:
            return encloseOverlaid(task, folders);
        case SandboxLevel::Bound:
            return encloseBound(task, folders);
        case SandboxLevel::None:
            break;
    }
    return encloseNowhere(task, folders);
}

}  // namespace hindcast::replay
