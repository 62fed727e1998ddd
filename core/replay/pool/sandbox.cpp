// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/sandbox.h"

#include <algorithm>
#include <cstdlib>

#include "core/base/file.h"
#include "core/replay/pool/host_name.h"

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
    return {std::move(words), "/", kInside, std::string(kInside) + "/store", kind.project.string(), "/tmp", nullptr};
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

/// The places of a worker that sees the machine's own files.
Result<Enclosure> encloseInCopy(const WorkerFolders& folders) {
    HINDCAST_TRY(base::makeFolder(folders.copy()));
    Enclosure enclosure{{}, folders.copy(), folders.own().string(), folders.store.string(), folders.copy().string()};
    std::error_code problem;
    fs::create_directory_symlink(folders.temporary(), folders.temporaryLink(), problem);
    enclosure.temporary = (problem ? folders.temporary() : folders.temporaryLink()).string();
    return enclosure;
}

Result<Enclosure> encloseLandlocked(const WorkerKind& kind, const WorkerFolders& folders) {
    HINDCAST_ASSIGN(Enclosure enclosure, encloseInCopy(folders));
    LandlockRules rules{{folders.copy(), folders.temporary(), folders.replay()}, kind.allowed.network};
    rules.writable.insert(rules.writable.end(), kind.allowed.writable.begin(), kind.allowed.writable.end());
    HINDCAST_ASSIGN(LandlockRuleset ruleset, LandlockRuleset::make(rules));
    enclosure.rules = std::make_shared<const LandlockRuleset>(std::move(ruleset));
    return enclosure;
}

/// Runs a shell that is told to begin at once and tries to write beside its folders, where it may see some of its own.
bool holds(const Enclosure& enclosure, const fs::path& beside) {
    base::ProcessSpec spec = enclosure.processSpec();
    for (const char* word : {"/bin/sh", "-c", R"(read -r line && (: > "$0") 2>/dev/null; [ "$line" = begin ])"})
        spec.command.emplace_back(word);
    spec.command.push_back(beside.string());
    const auto output = base::runCommand(spec, "begin\n", std::chrono::seconds(10));
    std::error_code ignored;
    return output && output->status == 0 && !fs::exists(beside, ignored);
}

}  // namespace

bool isBelow(const fs::path& path, const fs::path& folder) {
    const fs::path relative = path.lexically_normal().lexically_relative(folder.lexically_normal());
    return !relative.empty() && *relative.begin() != "..";
}

std::string_view sandboxName(SandboxLevel level) {
    switch (level) {
        case SandboxLevel::None:
            return "none";
        case SandboxLevel::Landlocked:
            return "landlock";
        case SandboxLevel::Bound:
            return "bound";
        case SandboxLevel::Overlaid:
            break;
    }
    return "overlaid";
}

bool sandboxWorks(SandboxLevel level, const fs::path& scratch) {
    if (level == SandboxLevel::None) return true;
    if (hasNamespaces(level) && !base::findProgram("bwrap")) return false;
    if (level == SandboxLevel::Overlaid && !base::findProgram("setpriv")) return false;
    const fs::path probe = scratch / ("probe-" + base::Uuid::make().text());
    WorkerKind kind;
    kind.interpreter = "/bin/sh";
    kind.project = probe / "project";
    kind.presentProject = probe / "present";
    const WorkerFolders folders{probe / base::Uuid::make().text(), probe / "store"};
    for (const fs::path& folder : {kind.project, kind.presentProject, folders.store / "versions"}) {
        if (!base::makeFolder(folder)) return false;
    }
    const auto enclosure = enclose(level, kind, folders);
    const bool works = enclosure && holds(*enclosure, probe / "beside");
    std::error_code ignored;
    fs::remove(folders.temporaryLink(), ignored);
    // A leftover in the scratch folder is removed with the next sweep; the answer does not depend on it.
    static_cast<void>(base::removeTree(probe).has_value());
    return works;
}

fs::path WorkerFolders::temporaryLink() const {
    const std::string name = work.filename().string();
    return kTemporaryLinks.string() + name.substr(name.size() - std::min<std::size_t>(name.size(), 12));
}

SandboxLevel probeSandbox(const fs::path& scratch) {
    for (const SandboxLevel level : {SandboxLevel::Overlaid, SandboxLevel::Bound, SandboxLevel::Landlocked}) {
        if (sandboxWorks(level, scratch)) return level;
    }
    return SandboxLevel::None;
}

std::string sandboxNotice(SandboxLevel level) {
    if (hasNamespaces(level)) return "";
    const std::string why = base::findProgram("bwrap")
                                ? "This machine does not allow namespaces"
                                : "bubblewrap is not installed (the package of that name isolates replays best)";
    if (level == SandboxLevel::None) {
        return why +
               ", and its kernel has no Landlock: replays run in a copy of the code, but past code could write "
               "elsewhere and use the network.";
    }
    const int version = landlockVersion();
    return why + ": replays run in a copy of the code, which Landlock (version " + std::to_string(version) +
           ") keeps from writing elsewhere" + (version >= 4 ? " and from TCP" : "") +
           ". Not held: " + openUnderLandlock(version) +
           "; a script that names its project by an absolute path finds the present one.";
}

std::string missingConsent(SandboxLevel level, const Permissions& allowed) {
    const char* said = std::getenv("HINDCAST_UNSANDBOXED");
    if (level != SandboxLevel::None || allowed.unsandboxed || (said && std::string_view(said) == "1")) return "";
    return hostName() +
           " has nothing that can hold past code, neither namespaces (bubblewrap) nor Landlock: a replay "
           "could write wherever you can and use the network; if that is all right there, as in a "
           "container of its own, say so once for this project with `hindcast allow unsandboxed`, or "
           "for this machine with HINDCAST_UNSANDBOXED=1 in its environment";
}

base::ProcessSpec Enclosure::processSpec() const {
    base::ProcessSpec spec;
    spec.command = prefix;
    spec.folder = folder;
    if (rules) {
        spec.ownSession = true;  // no terminal of the user's to type into
        spec.giveUpRights = [held = rules] { return held->enter(); };
    }
    return spec;
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
        case SandboxLevel::Landlocked:
            return encloseLandlocked(kind, folders);
        case SandboxLevel::None:
            break;
    }
    return encloseInCopy(folders);
}

}  // namespace hindcast::replay
