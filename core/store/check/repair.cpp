// SPDX-License-Identifier: Apache-2.0
#include "core/store/check/repair.h"

#include "core/base/file.h"
#include "core/format/journal/journal_reader.h"
#include "core/format/journal/journal_salvage.h"
#include "core/format/tensors/segment.h"
#include "core/store/catalog/ingester.h"
#include "core/store/check/damage_mender.h"
#include "core/store/lease.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;

void RepairLog::add(const fs::path& path, std::string done) {
    m_report.steps.push_back({path.lexically_relative(m_project.store()).string(), std::move(done)});
    std::error_code ignored;
    if (fs::exists(m_project.store() / m_aside.folder(), ignored)) m_report.keptIn = m_aside.folder();
}

/// Before any run is looked at: a pack's header stands before the tensors of many.
static Result<void> mendPackHeaders(RepairLog& log) {
    HINDCAST_ASSIGN(const auto names, base::listFolder(log.project().packs()));
    std::set<std::string> segments;
    for (const std::string& name : names)
        if (format::segmentNumber(name)) segments.insert(name);
    HINDCAST_ASSIGN(const bool mended, mendSegmentHeaders(log, log.project().packs(), base::Uuid{}, segments));
    static_cast<void>(mended);
    return {};
}

Result<void> mendPacks(RepairLog& log) {
    HINDCAST_ASSIGN(const auto names, base::listFolder(log.project().packs()));
    for (const std::string& name : names)
        if (format::segmentNumber(name)) HINDCAST_TRY(mendSegment(log, log.project().packs() / name, base::Uuid{}));
    return {};
}

/// Whether frames, or the seal, follow bytes that are none. A torn tail alone is a killed writer's.
static Result<bool> isTornInside(const format::JournalReader& reader) {
    HINDCAST_ASSIGN(const format::FrameBatch batch, reader.readAll());
    if (batch.stop != format::FrameBatch::Stop::Torn) return false;
    HINDCAST_ASSIGN(const auto further, reader.findFrameFrom(batch.next));
    return further.has_value();
}

static Result<void> mendAnnotationFile(RepairLog& log, const fs::path& path, const base::Uuid& uuid) {
    std::error_code gone;
    if (fs::file_size(path, gone) < format::kFileHeaderBytes || gone) return {};
    const auto reader = format::JournalReader::open(path, format::JournalType::Annotations);
    if (reader) {
        HINDCAST_ASSIGN(const bool torn, isTornInside(*reader));
        if (!torn) return {};
    }
    HINDCAST_ASSIGN(base::File file, base::File::open(path, base::File::Mode::Read));
    HINDCAST_ASSIGN(const bool locked, file.tryLock());
    if (!locked) return Error(ErrorCode::Busy, path.string() + " is being written: close the other program first");
    format::SalvagePlan plan;
    plan.header = reader ? reader->header() : format::JournalHeader{format::JournalType::Annotations, uuid, 0};
    const fs::path fresh = path.parent_path() / ("repaired-" + uuid.text());
    fs::remove(fresh, gone);
    HINDCAST_ASSIGN(const format::Salvaged salvaged, format::salvageFrames(path, fresh, plan));
    HINDCAST_TRY(log.aside().replace(path, fresh));
    log.add(path, std::to_string(salvaged.frames) + " annotations put together again");
    return {};
}

Result<void> mendAnnotations(RepairLog& log) {
    HINDCAST_ASSIGN(const auto names, base::listFolder(log.project().annotations()));
    for (const std::string& name : names)
        if (const auto uuid = base::Uuid::parse(name))
            HINDCAST_TRY(mendAnnotationFile(log, log.project().annotations() / name, *uuid));
    return {};
}

static Result<void> mendRuns(RepairLog& log, bool isReplay) {
    const fs::path parent = isReplay ? log.project().replays() : log.project().versions();
    HINDCAST_ASSIGN(const auto names, base::listFolder(parent));
    FsckReport unread;
    DamageList list(log.project(), unread);
    for (const std::string& name : names) {
        if (!base::Uuid::parse(name)) continue;
        HINDCAST_ASSIGN(RunDamage damage, checkRun(list, parent / name, isReplay));
        if (damage.recording) continue;
        HINDCAST_ASSIGN(const bool reachable,
                        mendSegmentHeaders(log, parent / name / "segments", *base::Uuid::parse(name), damage.segments));
        if (reachable) {
            HINDCAST_ASSIGN(damage, checkRun(list, parent / name, isReplay));
        }
        HINDCAST_TRY(mendRun(log, parent / name, isReplay, damage));
    }
    return {};
}

static Result<void> mendAll(RepairLog& log) {
    HINDCAST_TRY(mendPackHeaders(log));
    HINDCAST_TRY(mendRuns(log, false));
    HINDCAST_TRY(mendRuns(log, true));
    HINDCAST_TRY(mendPacks(log));
    HINDCAST_TRY(mendAnnotations(log));
    return mendSources(log);
}

Result<RepairReport> repair(const Project& project) {
    RepairReport report;
    RepairLog log(project, report);
    {
        HINDCAST_ASSIGN(const Lease lease, Lease::take(project, "fsck --repair"));
        HINDCAST_ASSIGN(report.before, fsck(project));
        if (report.before.damages.empty()) return report;
        HINDCAST_TRY(mendAll(log));
    }
    HINDCAST_TRY(reindex(project));
    log.add(project.catalogFile(), "built again");
    HINDCAST_ASSIGN(FsckReport after, fsck(project));
    report.left = std::move(after.damages);
    return report;
}

}  // namespace hindcast::store
