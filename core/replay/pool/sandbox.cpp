// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/sandbox.h"

#include <algorithm>
#include <cstdlib>

#include "core/base/file.h"
#include "core/base/process.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Result;

namespace {

/// Where the sandbox keeps what it needs. /tmp is the one folder that is the unit's own at every level.
constexpr const char* kInside = "/tmp/.hindcast";

/// Becomes the worker, without any capability. Beside it a shell that is nobody's child waits for the line that ends
/// the worker's waiting, then mounts the overlay, hides code of other versions and the store, passes the line on and is
/// gone. The worker waits for it on its standard input. $1 mount options, $2 project, $3 the folder with the list of
/// hidden files, $4… the worker.
constexpr const char* kOverlayScript = R"(set -e
: > "$3/ready"
mkfifo "$3/begin"
exec 3<>"$3/begin" 4<&0
options=$1 project=$2 own=$3
shift 3
( (
  exec 0<&4 4<&-
  IFS= read -r line || exit 0
  prepare() {
    mount -t overlay hindcast -o "$options" "$project" || return 1
    cd "$project" || return 1
    if [ -s "$own/hidden" ]; then xargs -0 rm -rf -- < "$own/hidden" || return 1; fi
    if [ -d .hindcast ]; then mount -t tmpfs -o ro hindcast .hindcast || return 1; fi
  }
  if prepare; then printf '%s\n' "$line" >&3; else echo >&3; fi
) & )
exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs -- "$@" <&3 3<&- 4<&-)";

/// Becomes the worker when everything is mounted. $0 our folder, $1… the worker.
constexpr const char* kBoundScript = R"(: > "$0/ready"
exec "$@")";

using Words = std::vector<std::string>;

void add(Words& words, std::initializer_list<std::string> more) {
    words.insert(words.end(), more);
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
void addNeededBelowTemporary(Words& words, const WorkerKind& kind) {
    std::vector<fs::path> needed{kind.interpreter.parent_path().parent_path()};
    if (const auto path = kind.environment.find("PYTHONPATH"); path != kind.environment.end()) {
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

Words bubblewrap(const WorkerKind& kind, const WorkerFolders& folders) {
    Words words{"bwrap",         "--unshare-user",    "--uid",        "0", "--gid", "0", "--unshare-pid",
                "--unshare-ipc", "--die-with-parent", "--new-session"};
    if (!kind.allowed.network) add(words, {"--unshare-net"});
    addRoot(words, kind.project);
    add(words, {"--dev", "/dev", "--proc", "/proc", "--bind", folders.temporary().string(), "/tmp"});
    addDevices(words);
    addNeededBelowTemporary(words, kind);
    for (const fs::path& path : kind.allowed.writable) add(words, {"--bind-try", path.string(), path.string()});
    if (isBelow(kind.project, "/tmp")) add(words, {"--dir", kind.project.string()});
    const std::string inside = kInside;
    add(words, {"--ro-bind", (folders.store / "versions").string(), inside + "/store/versions"});
    add(words, {"--ro-bind-try", (folders.store / "packs").string(), inside + "/store/packs"});
    add(words, {"--bind", folders.replay().string(), inside + "/store/replays/own"});
    add(words, {"--ro-bind-try", kind.presentProject.string(), inside + "/present"});
    return words;
}

Enclosure enclosureInside(Words words, const WorkerKind& kind) {
    return {std::move(words), "/", kInside, std::string(kInside) + "/store", kind.project.string()};
}

Result<Enclosure> encloseOverlaid(const WorkerKind& kind, const WorkerFolders& folders) {
    // The version's code is copied into the upper layer: as a lower one it would lie inside the other, the project,
    // which overlays refuse.
    for (const char* part : {"upper", "work"}) HINDCAST_TRY(base::makeFolder(folders.layer() / part));
    const std::string inside = kInside;
    Words words = bubblewrap(kind, folders);
    add(words, {"--bind", folders.layer().string(), inside + "/layer", "--cap-add", "ALL", "--chdir", "/"});
    std::error_code ignored;
    const bool present = fs::is_directory(kind.presentProject, ignored);
    const std::string options = "lowerdir=" + inside + (present ? "/present" : "/none") + ",upperdir=" + inside +
                                "/layer/upper,workdir=" + inside + "/layer/work,userxattr";
    if (!present) HINDCAST_TRY(base::makeFolder(folders.own() / "none"));
    add(words, {"sh", "-c", kOverlayScript, "hindcast-unit", options, kind.project.string(), inside});
    return enclosureInside(std::move(words), kind);
}

Result<Enclosure> encloseBound(const WorkerKind& kind, const WorkerFolders& folders) {
    HINDCAST_TRY(base::makeFolder(folders.copy()));
    Words words = bubblewrap(kind, folders);
    add(words, {"--bind", folders.copy().string(), kind.project.string(), "--cap-drop", "ALL", "--chdir", "/"});
    add(words, {"sh", "-c", kBoundScript, kInside});
    return enclosureInside(std::move(words), kind);
}

Result<Enclosure> encloseNowhere(const WorkerFolders& folders) {
    HINDCAST_TRY(base::makeFolder(folders.copy()));
    return Enclosure{{}, folders.copy(), folders.own().string(), folders.store.string(), folders.copy().string()};
}

/// Runs /bin/true enclosed at `level`, told to begin at once.
bool works(SandboxLevel level, const fs::path& scratch) {
    const fs::path probe = scratch / ("probe-" + base::Uuid::make().text());
    WorkerKind kind;
    kind.interpreter = "/bin/sh";
    kind.project = probe / "project";
    kind.presentProject = probe / "present";
    const WorkerFolders folders{probe / "unit", probe / "store"};
    for (const fs::path& folder : {kind.project, kind.presentProject, folders.store / "versions"}) {
        if (!base::makeFolder(folder)) return false;
    }
    bool worked = false;
    if (const auto enclosure = enclose(level, kind, folders)) {
        base::ProcessSpec spec;
        spec.command = enclosure->prefix;
        for (const char* word : {"/bin/sh", "-c", "read -r line && [ \"$line\" = begin ]"})
            spec.command.emplace_back(word);
        const auto output = base::runCommand(spec, "begin\n", std::chrono::seconds(10));
        worked = output && output->status == 0;
    }
    // A leftover in the scratch folder is removed with the next sweep; the answer does not depend on it.
    static_cast<void>(base::removeTree(probe).has_value());
    return worked;
}

}  // namespace

bool isBelow(const fs::path& path, const fs::path& folder) {
    const fs::path relative = path.lexically_normal().lexically_relative(folder.lexically_normal());
    return !relative.empty() && *relative.begin() != "..";
}

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

Result<Enclosure> enclose(SandboxLevel level, const WorkerKind& kind, const WorkerFolders& folders) {
    HINDCAST_TRY(base::makeFolder(folders.caches()));
    HINDCAST_TRY(base::makeFolder(folders.replay()));
    HINDCAST_TRY(base::makeFolder(folders.own() / "store" / "replays" / "own"));
    switch (level) {
        case SandboxLevel::Overlaid:
            return encloseOverlaid(kind, folders);
        case SandboxLevel::Bound:
            return encloseBound(kind, folders);
        case SandboxLevel::None:
            break;
    }
    return encloseNowhere(folders);
}

}  // namespace hindcast::replay
