// SPDX-License-Identifier: Apache-2.0
#include "core/store/pack/pack.h"

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/format/version_state.h"
#include "core/store/lease.h"
#include "core/store/pack/repack.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;

/// Why a version is not to be packed; "" when it is.
static Result<std::string> reasonAgainst(const fs::path& folder) {
    const auto status = format::readVersionStatus(folder, base::wallClockMicros());
    if (!status) return status.error().text();
    if (status->state == format::VersionState::Recording) return std::string("it is being recorded");
    if (!status->sealed) return std::string("it crashed: `hindcast fsck --repair` seals what is whole");
    return std::string();
}

static Result<bool> hasSegments(const fs::path& folder) {
    HINDCAST_ASSIGN(const auto names, base::listFolder(folder / "segments"));
    for (const std::string& name : names)
        if (format::segmentNumber(name)) return true;
    return false;
}

Result<PackReport> packVersions(const Project& project, const std::vector<base::Uuid>& versions,
                                const std::function<bool(const base::Uuid&)>& onVersion) {
    HINDCAST_ASSIGN(const Lease lease, Lease::take(project, "pack"));
    HINDCAST_ASSIGN(Ingester ingester, Ingester::open(project));
    HINDCAST_TRY(ingester.ingestOnce());
    HINDCAST_ASSIGN(PackWriter writer, PackWriter::open(project.packs()));
    const RepackPlan plan{[](format::ChunkPlace place) { return (place.segment & format::kPackBit) == 0; }, {}};
    PackReport report;
    for (const base::Uuid& version : versions) {
        const fs::path folder = project.versionFolder(version);
        HINDCAST_ASSIGN(const bool any, hasSegments(folder));
        if (!any) continue;
        if (onVersion && !onVersion(version)) return Error(ErrorCode::Cancelled, "packing was stopped");
        HINDCAST_ASSIGN(const std::string reason, reasonAgainst(folder));
        if (!reason.empty()) {
            report.skipped.emplace_back(version, reason);
            continue;
        }
        const auto outcome = repackRun(project, folder, plan, writer, ingester);
        if (!outcome) {
            if (outcome.error().code() == ErrorCode::DiskFull) return outcome.error();
            report.skipped.emplace_back(version, outcome.error().text());
            continue;
        }
        ++report.versions;
        report.copied += outcome->copied;
        report.shared += outcome->shared;
        report.freedBytes += outcome->freedBytes;
    }
    report.writtenBytes = static_cast<std::int64_t>(writer.written());
    return report;
}

}  // namespace hindcast::store
