// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/workers/dead_workers.h"

#include <sys/stat.h>
#include <unistd.h>

#include <ctime>
#include <vector>

#include "core/base/file.h"
#include "core/replay/pool/workers/process_tree.h"
#include "core/replay/pool/workers/worker_process.h"
#include "core/replay/unit.h"

namespace hindcast::replay {

namespace fs = std::filesystem;

namespace {

/// A folder this young may be between being made and being locked.
constexpr std::time_t kYoungSeconds = 5;

bool belongsToTheDead(const fs::path& folder) {
    const std::string name = folder.filename().string();
    if (!name.starts_with("workers-") && !name.starts_with("source-")) return false;
    struct stat facts {};
    if (::lstat(folder.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode)) return false;
    return std::time(nullptr) - facts.st_mtim.tv_sec >= kYoungSeconds && !base::isLockedByAnother(folder / "lock");
}

/// The replay that a dead worker had been given leaves a folder also when nothing was written into it.
void removeEmptyReplay(const WorkerFolders& folders) {
    const auto text = base::readTextFile(folders.unitFile());
    if (!text) return;
    const auto unit = parseUnitJson(*text);
    std::error_code ignored;
    if (unit) fs::remove(folders.store / "replays" / unit->replay.text(), ignored);  // fails where there is something
}

/// Those to folders for temporary files that are gone, of whichever store.
void removeDanglingLinks() {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(kTemporaryLinks.parent_path(), ignored)) {
        if (!entry.path().string().starts_with(kTemporaryLinks.string())) continue;
        struct stat facts {};
        const bool ours =
            ::lstat(entry.path().c_str(), &facts) == 0 && S_ISLNK(facts.st_mode) && facts.st_uid == ::geteuid();
        if (ours && !fs::exists(entry.path(), ignored)) fs::remove(entry.path(), ignored);
    }
}

}  // namespace

int clearDeadWorkers(const fs::path& store) {
    std::error_code problem;
    std::vector<fs::path> dead;
    for (const auto& entry : fs::directory_iterator(store / "scratch", problem)) {
        if (belongsToTheDead(entry.path())) dead.push_back(entry.path());
    }
    for (const fs::path& folder : dead) {
        for (const auto& worker : fs::directory_iterator(folder, problem)) {
            if (!folder.filename().string().starts_with("workers-") || !worker.is_directory(problem)) continue;
            endStrays(worker.path().filename().string());
            removeEmptyReplay({worker.path(), store});
        }
        removeWorkerFolder(folder);
    }
    removeDanglingLinks();
    return static_cast<int>(dead.size());
}

}  // namespace hindcast::replay
