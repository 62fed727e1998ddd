// SPDX-License-Identifier: Apache-2.0
#include "core/store/removal/removal.h"

#include <algorithm>

#include "core/base/file.h"
#include "core/store/annotations/annotations.h"
#include "core/store/catalog/catalog.h"
#include "core/store/catalog/ingester.h"
#include "core/store/folder_size.h"
#include "core/store/pack/pack.h"
#include "core/store/pack/repack.h"
#include "core/store/scratch.h"
#include "core/store/source/source_collection.h"
#include "core/store/version_names.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

/// The folders of versions and of their replays. Refused when one of them is being written.
Result<std::vector<fs::path>> foldersOf(const Project& project, const Catalog& catalog, const VersionNames& names,
                                        const std::vector<base::Uuid>& versions) {
    std::vector<fs::path> replays;
    std::vector<fs::path> folders;
    for (const base::Uuid& version : versions) {
        const fs::path folder = project.versionFolder(version);
        const auto atRest = isAtRest(folder);
        if (atRest && !*atRest)
            return Error(ErrorCode::Refused, names.label(version) + " is being recorded: wait for its end, or end it");
        folders.push_back(folder);
        HINDCAST_ASSIGN(const std::vector<ReplayRow> rows, catalog.replays(version));
        for (const ReplayRow& row : rows) {
            const auto done = isAtRest(project.replayFolder(row.uuid));
            if (done && !*done)
                return Error(ErrorCode::Refused,
                             names.label(version) + " is being replayed: wait for the replay's end");
            replays.push_back(project.replayFolder(row.uuid));
        }
    }
    // Replays first: what a crash leaves is then a version without them, not replays without a version.
    replays.insert(replays.end(), folders.begin(), folders.end());
    return replays;
}

Result<void> dropAliases(Annotations& annotations, const std::vector<base::Uuid>& versions) {
    const auto aliases = annotations.view().aliases;
    for (const auto& [name, target] : aliases)
        if (std::find(versions.begin(), versions.end(), target) != versions.end())
            HINDCAST_TRY(annotations.setAlias(name, std::nullopt));
    return {};
}

/// What other versions shared with those that went. What cannot be freed now is said, not failed for: the versions are
/// gone.
void freeShared(const Project& project, RemovalReport& report) {
    if (const auto packs = collectPacks(project, false))
        report.sharedBytes += packs->bytes;
    else
        report.remarks.push_back("packed tensors are not freed yet: " + packs.error().text());
    const auto sources = collectSources(project, false, {report.versions.begin(), report.versions.end()});
    if (sources)
        report.sharedBytes += sources->bytes;
    else
        report.remarks.push_back("stored sources are not freed yet: " + sources.error().text());
}

}  // namespace

Result<std::int64_t> removeFolders(const Project& project, const std::vector<fs::path>& folders) {
    HINDCAST_TRY(base::makeFolder(project.scratch()));
    std::int64_t bytes = 0;
    std::vector<fs::path> taken;
    std::error_code code;
    for (const fs::path& folder : folders) {
        if (!fs::exists(folder, code)) continue;
        bytes += bytesOfFolder(folder);
        taken.push_back(project.scratch() / (kRemovedPrefix + folder.filename().string()));
        fs::rename(folder, taken.back(), code);
        if (code) return Error::fromErrno(code.value(), "cannot remove " + folder.string());
        HINDCAST_TRY(base::syncFolder(folder.parent_path()));
    }
    for (const fs::path& folder : taken) HINDCAST_TRY(base::removeTree(folder));
    return bytes;
}

Result<RemovalReport> removeVersions(const Project& project, const std::vector<base::Uuid>& versions,
                                     const std::string& verb, bool pretend) {
    HINDCAST_ASSIGN(Ingester ingester, Ingester::open(project));
    HINDCAST_TRY(ingester.ingestOnce());
    HINDCAST_ASSIGN(const Catalog catalog, Catalog::open(project));
    HINDCAST_ASSIGN(Annotations annotations, Annotations::open(project));
    const VersionNames names(versions, annotations.view());
    HINDCAST_ASSIGN(const std::vector<fs::path> folders, foldersOf(project, catalog, names, versions));
    RemovalReport report;
    report.versions = versions;
    report.replays = static_cast<std::int64_t>(folders.size() - versions.size());
    if (versions.empty()) return report;
    if (pretend) {
        for (const fs::path& folder : folders) report.folderBytes += bytesOfFolder(folder);
        return report;
    }
    std::string list;
    for (const base::Uuid& version : versions) list += (list.empty() ? "" : ", ") + names.label(version);
    // The line first: whoever finds that something is missing finds out why.
    HINDCAST_TRY(annotations.noteChange({verb, versions, "removed " + list + " for good", 0, ""}));
    HINDCAST_TRY(dropAliases(annotations, versions));
    HINDCAST_ASSIGN(report.folderBytes, removeFolders(project, folders));
    HINDCAST_TRY(ingester.ingestOnce());
    freeShared(project, report);
    if (const auto shrunk = ingester.shrink(); !shrunk)
        report.remarks.push_back("the index still has room for what was removed: " + shrunk.error().text());
    return report;
}

}  // namespace hindcast::store
