// SPDX-License-Identifier: Apache-2.0
#include "core/store/collect/collect.h"

#include <algorithm>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/format/version_state.h"
#include "core/store/catalog/catalog.h"
#include "core/store/catalog/ingester.h"
#include "core/store/folder_size.h"
#include "core/store/lease.h"
#include "core/store/pack/capture_walk.h"
#include "core/store/pack/pack.h"
#include "core/store/pack/repack.h"
#include "core/store/removal/removal.h"
#include "core/store/scratch.h"
#include "core/store/source/source_collection.h"

namespace hindcast::store {

using base::Result;

namespace {

constexpr std::chrono::hours kScratchAge(24);
/// A crashed run's writer on another host may only be asleep: its files are left alone for so long.
constexpr std::int64_t kSettledMicros = 600'000'000;

Result<Garbage> collectScratch(const Project& project, bool pretend) {
    Garbage found{"scratch", "scratch folders that nobody uses", 0, 0};
    HINDCAST_ASSIGN(const auto stale, staleScratch(project, kScratchAge));
    for (const fs::path& path : stale) {
        found.bytes += bytesOfFolder(path);
        ++found.count;
        if (!pretend) HINDCAST_TRY(base::removeTree(path));
    }
    return found;
}

bool isSettled(const fs::path& folder) {
    const std::int64_t now = base::wallClockMicros();
    const auto status = format::readVersionStatus(folder, now);
    if (!status || status->state == format::VersionState::Recording) return false;
    return status->sealed || status->lastMicros < now - kSettledMicros;
}

Result<Garbage> collectLeftovers(const Project& project, bool pretend, std::vector<std::string>& remarks) {
    Garbage found{"leftovers", "files that crashes left in finished folders", 0, 0};
    for (const fs::path& parent : {project.versions(), project.replays()}) {
        HINDCAST_ASSIGN(const auto names, base::listFolder(parent));
        for (const std::string& name : names) {
            const fs::path folder = parent / name;
            if (!base::Uuid::parse(name) || !isSettled(folder)) continue;
            const auto unused = unusedFiles(folder, project.packs());
            if (!unused) {
                remarks.push_back("unused files of " + name + " stay: " + unused.error().text());
                continue;
            }
            for (const fs::path& path : *unused) {
                std::error_code gone;
                const auto size = fs::file_size(path, gone);
                if (gone) continue;
                if (!pretend) HINDCAST_TRY(removeFile(path));
                found.bytes += static_cast<std::int64_t>(size);
                ++found.count;
            }
        }
    }
    return found;
}

/// Whether no value of a finished replay is shown any more: it, or every statement that it ran, was superseded.
bool isSuperseded(const ReplayRow& replay) {
    if (replay.state == RunState::Recording) return false;
    if (replay.superseded) return true;
    return !replay.probes.empty() && std::all_of(replay.probes.begin(), replay.probes.end(),
                                                 [](const ReplayProbeRow& probe) { return probe.superseded; });
}

Result<Garbage> collectReplays(const Project& project, bool pretend) {
    Garbage found{"replays", "replays whose values are superseded", 0, 0};
    HINDCAST_ASSIGN(const Catalog catalog, Catalog::open(project));
    HINDCAST_ASSIGN(const std::vector<ReplayRow> replays, catalog.replays());
    std::vector<fs::path> folders;
    for (const ReplayRow& replay : replays)
        if (isSuperseded(replay)) folders.push_back(project.replayFolder(replay.uuid));
    for (const fs::path& folder : folders) found.bytes += bytesOfFolder(folder);
    found.count = static_cast<std::int64_t>(folders.size());
    if (!pretend) HINDCAST_TRY(removeFolders(project, folders));
    return found;
}

Garbage collectTensors(const Project& project, bool pretend, std::vector<std::string>& remarks) {
    Garbage found{"tensors", "packed chunks that no version needs", 0, 0};
    const auto packs = collectPacks(project, pretend);
    if (!packs) {
        remarks.push_back("packed tensors stay: " + packs.error().text());
        return found;
    }
    found.count = packs->chunks;
    found.bytes = packs->bytes;
    return found;
}

Garbage collectCode(const Project& project, bool pretend, std::vector<std::string>& remarks) {
    Garbage found{"sources", "source objects that no version holds", 0, 0};
    const auto sources = collectSources(project, pretend);
    if (!sources) {
        remarks.push_back("stored sources stay: " + sources.error().text());
        return found;
    }
    found.count = sources->objects;
    found.bytes = sources->bytes;
    return found;
}

std::int64_t indexBytes(const Project& project) {
    std::int64_t bytes = bytesOfFolder(project.columns());
    for (const char* suffix : {"", "-wal", "-shm"}) {
        std::error_code gone;
        const auto size = fs::file_size(project.catalogFile().string() + suffix, gone);
        if (!gone) bytes += static_cast<std::int64_t>(size);
    }
    return bytes;
}

Garbage collectIndex(const Project& project, Ingester& ingester, bool pretend, std::vector<std::string>& remarks) {
    Garbage found{"index", "room in the index for rows that are gone", 0, 0};
    if (pretend) return found;
    const std::int64_t before = indexBytes(project);
    // Beside running writers the index is busy now and then; the next collection finds it free.
    if (const auto shrunk = ingester.shrink(); !shrunk)
        remarks.push_back("the index is not shrunk: " + shrunk.error().text());
    found.bytes = std::max<std::int64_t>(0, before - indexBytes(project));
    return found;
}

}  // namespace

std::int64_t CollectReport::bytes() const {
    std::int64_t total = 0;
    for (const Garbage& garbage : kinds) total += garbage.bytes;
    return total;
}

Result<CollectReport> collectGarbage(const Project& project, bool pretend) {
    HINDCAST_ASSIGN(const Lease lease, Lease::take(project, "gc"));
    HINDCAST_ASSIGN(Ingester ingester, Ingester::open(project));
    HINDCAST_TRY(ingester.ingestOnce());
    CollectReport report;
    HINDCAST_ASSIGN(Garbage scratch, collectScratch(project, pretend));
    report.kinds.push_back(std::move(scratch));
    HINDCAST_ASSIGN(Garbage leftovers, collectLeftovers(project, pretend, report.remarks));
    report.kinds.push_back(std::move(leftovers));
    HINDCAST_ASSIGN(Garbage replays, collectReplays(project, pretend));
    report.kinds.push_back(std::move(replays));
    report.kinds.push_back(collectTensors(project, pretend, report.remarks));
    report.kinds.push_back(collectCode(project, pretend, report.remarks));
    HINDCAST_TRY(ingester.ingestOnce());
    report.kinds.push_back(collectIndex(project, ingester, pretend, report.remarks));
    return report;
}

}  // namespace hindcast::store
