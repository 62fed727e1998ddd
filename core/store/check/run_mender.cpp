// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/format/journal/journal_reader.h"
#include "core/format/journal/journal_salvage.h"
#include "core/format/run_info.h"
#include "core/format/tensors/segment.h"
#include "core/format/tensors/segment_salvage.h"
#include "core/store/check/damage_mender.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr const char* kFreshSuffix = ".repaired";

/// A version 7 UUID begins with the milliseconds of its making.
std::int64_t startedOf(const base::Uuid& uuid) {
    std::int64_t milliseconds = 0;
    for (std::size_t i = 0; i < 6; ++i) milliseconds = milliseconds << 8 | uuid.bytes[i];
    return milliseconds * 1000;
}

/// Frees the name for a new file, in case an earlier repair was interrupted.
Result<fs::path> freshBeside(const fs::path& path) {
    const fs::path fresh = path.string() + kFreshSuffix;
    std::error_code code;
    fs::remove(fresh, code);
    if (code) return Error::fromErrno(code.value(), "cannot remove " + fresh.string());
    return fresh;
}

std::string counted(std::uint64_t number, const char* what, const char* plural = "s") {
    return std::to_string(number) + " " + what + (number == 1 ? "" : plural);
}

/// Makes digests of the tensors that cannot be read. True when it changed something.
bool dropLostTensors(format::CaptureRecord& capture, const std::set<format::ChunkPlace>& lost) {
    bool changed = false;
    for (format::TensorRecord& tensor : capture.tensors) {
        const bool whole = std::none_of(tensor.chunks.begin(), tensor.chunks.end(),
                                        [&lost](const format::ChunkPlace& place) { return lost.contains(place); });
        if (whole) continue;
        tensor.state = format::TensorState::DigestOnly;
        tensor.chunks.clear();
        changed = true;
    }
    if (changed) capture.tensorsStored = false;  // nothing restores from a capture that lacks a tensor
    return changed;
}

class RunMender {
public:
    RunMender(RepairLog& log, const fs::path& folder, const base::Uuid& uuid, const RunDamage& damage)
        : m_log(log), m_folder(folder), m_uuid(uuid), m_damage(damage) {}

    Result<void> mendJournal();
    Result<void> mendRunInfo();
    Result<void> mendSourcePack();

private:
    format::JournalHeader header(const fs::path& path, format::JournalType type) const;

    RepairLog& m_log;
    const fs::path& m_folder;
    base::Uuid m_uuid;
    const RunDamage& m_damage;
};

format::JournalHeader RunMender::header(const fs::path& path, format::JournalType type) const {
    const auto reader = format::JournalReader::open(path, type);
    if (reader && reader->header().uuid == m_uuid) return reader->header();
    return {type, m_uuid, startedOf(m_uuid)};
}

Result<void> RunMender::mendJournal() {
    if (!m_damage.header && !m_damage.frames && m_damage.lost.empty()) return {};
    const fs::path path = m_folder / "journal";
    HINDCAST_ASSIGN(const fs::path fresh, freshBeside(path));
    std::uint64_t digestsOnly = 0;
    format::SalvagePlan plan;
    plan.header = header(path, format::JournalType::Journal);
    plan.keep = [&](format::Frame& frame) {
        if (frame.kind != format::FrameKind::Capture) return true;
        auto capture = format::decodeCapture(frame.payload);
        if (!capture) return capture.error().code() == ErrorCode::NewerFormat;
        if (dropLostTensors(*capture, m_damage.lost)) {
            ++digestsOnly;
            frame.payload = format::encodeCapture(*capture);
        }
        return true;
    };
    plan.note = nlohmann::json({{"note", "repaired"}, {"keptIn", m_log.aside().folder()}}).dump();
    HINDCAST_ASSIGN(const format::Salvaged salvaged, format::salvageFrames(path, fresh, plan));
    HINDCAST_TRY(m_log.aside().replace(path, fresh));
    std::string done = counted(salvaged.frames, "whole frame") + " put together again";
    if (salvaged.lost > 0) done += ", without " + counted(salvaged.lost, "unreadable stretch", "es");
    if (digestsOnly > 0) done += "; " + counted(digestsOnly, "capture") + " kept with digests in place of lost tensors";
    m_log.add(path, done);
    return {};
}

Result<void> RunMender::mendRunInfo() {
    if (!m_damage.runInfo) return {};
    const fs::path path = m_folder / "run.json";
    format::RunInfo run;
    run.uuid = m_uuid.text();
    run.startedMicros = header(m_folder / "journal", format::JournalType::Journal).started;
    run.project = m_log.project().root().string();
    HINDCAST_ASSIGN(const fs::path fresh, freshBeside(path));
    HINDCAST_TRY(base::writeFileAtomically(fresh, base::bytesOf(format::writeRunInfo(run))));
    HINDCAST_TRY(m_log.aside().replace(path, fresh));
    m_log.add(path,
              "written anew without script and arguments, which nothing else holds: the values can be read again");
    return {};
}

Result<void> RunMender::mendSourcePack() {
    if (!m_damage.sourcePack) return {};
    const fs::path path = m_folder / "source.pack";
    HINDCAST_ASSIGN(const fs::path fresh, freshBeside(path));
    format::SalvagePlan plan;
    plan.header = header(path, format::JournalType::SourcePack);
    plan.alwaysSealed = true;
    HINDCAST_ASSIGN(const format::Salvaged salvaged, format::salvageFrames(path, fresh, plan));
    HINDCAST_TRY(m_log.aside().replace(path, fresh));
    m_log.add(path, counted(salvaged.frames, "source file") + " kept");
    return {};
}

}  // namespace

Result<void> mendRun(RepairLog& log, const fs::path& folder, bool isReplay, const RunDamage& damage) {
    const auto uuid = base::Uuid::parse(folder.filename().string());
    if (!uuid) return {};
    if (damage.runInfo && isReplay) {
        HINDCAST_TRY(log.aside().take(folder));
        log.add(folder, "put aside: nothing tells which version it replayed");
        return {};
    }
    RunMender mender(log, folder, *uuid, damage);
    HINDCAST_TRY(mender.mendRunInfo());
    HINDCAST_TRY(mender.mendSourcePack());
    // The journal first: once it no longer names the damaged chunks, they may go.
    HINDCAST_TRY(mender.mendJournal());
    for (const std::string& name : damage.segments) HINDCAST_TRY(mendSegment(log, folder / "segments" / name, *uuid));
    return {};
}

/// The file with what salvageSegment makes of it; the old one is kept.
static Result<void> replaceSegment(RepairLog& log, const fs::path& path, const base::Uuid& uuid,
                                   const format::SegmentDamage& damage) {
    HINDCAST_ASSIGN(const fs::path fresh, freshBeside(path));
    HINDCAST_TRY(format::salvageSegment(path, fresh, uuid, damage));
    return log.aside().replace(path, fresh);
}

Result<bool> mendSegmentHeaders(RepairLog& log, const fs::path& folder, const base::Uuid& uuid,
                                const std::set<std::string>& segments) {
    bool mended = false;
    for (const std::string& name : segments) {
        const fs::path path = folder / name;
        HINDCAST_ASSIGN(const format::SegmentDamage found, format::findSegmentDamage(path));
        std::error_code gone;
        const auto size = fs::file_size(path, gone);
        if (!found.header || gone || size < format::kSegmentHeaderBytes) continue;
        format::SegmentDamage headerOnly;
        headerOnly.header = true;
        headerOnly.end = size;
        HINDCAST_TRY(replaceSegment(log, path, uuid, headerOnly));
        log.add(path, "its header is written anew");
        mended = true;
    }
    return mended;
}

Result<void> mendSegment(RepairLog& log, const fs::path& path, const base::Uuid& uuid) {
    HINDCAST_ASSIGN(const format::SegmentDamage damage, format::findSegmentDamage(path));
    if (!damage.header && damage.gaps.empty() && damage.tail == 0) return {};
    HINDCAST_TRY(replaceSegment(log, path, uuid, damage));
    std::string done;
    if (!damage.gaps.empty())
        done = counted(damage.gaps.size(), "damaged stretch", "es") + " replaced by empty records";
    if (damage.tail > 0) done += (done.empty() ? "" : ", ") + std::string("cut behind the last whole record");
    log.add(path, done.empty() ? "its header is written anew" : done);
    return {};
}

}  // namespace hindcast::store
