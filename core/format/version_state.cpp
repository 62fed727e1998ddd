// SPDX-License-Identifier: Apache-2.0
#include "core/format/version_state.h"

#include <sys/stat.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/format/journal/journal_reader.h"

namespace hindcast::format {

using base::Error;
using base::ErrorCode;
using base::Result;

/// Older than this, a frame no longer speaks for a living writer (network file systems lose locks).
static constexpr std::int64_t kFreshMicros = 30'000'000;

std::string_view versionStateName(VersionState state) {
    switch (state) {
        case VersionState::Complete:
            return "complete";
        case VersionState::Incomplete:
            return "incomplete";
        case VersionState::Recording:
            return "recording";
        case VersionState::Crashed:
            return "crashed";
    }
    return "crashed";
}

static std::string textField(const nlohmann::json& object, const char* name) {
    const auto field = object.find(name);
    return field != object.end() && field->is_string() ? field->get<std::string>() : std::string();
}

static void readEnd(base::BytesView payload, VersionStatus& status) {
    const auto end = nlohmann::json::parse(base::textOf(payload), nullptr, false);
    if (!end.is_object()) return;
    status.reason = textField(end, "reason");
    status.exception = textField(end, "exception");
    status.exit = textField(end, "exit");
    if (textField(end, "status") == "complete") status.state = VersionState::Complete;
}

static bool isFresh(std::int64_t micros, std::int64_t nowMicros) {
    return micros > nowMicros - kFreshMicros;
}

/// Micros since 1970 when the file was last changed; absent when there is no such file.
static std::optional<std::int64_t> changedMicros(const std::filesystem::path& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return std::nullopt;
    return std::int64_t{info.st_mtim.tv_sec} * 1'000'000 + info.st_mtim.tv_nsec / 1000;
}

/// Whether the writer ran on this machine since its last start: then the lock, which dies with it, says all.
static bool isOfThisBoot(const std::filesystem::path& folder) {
    const auto text = base::readTextFile(folder / "run.json");
    const auto boot = base::readTextFile("/proc/sys/kernel/random/boot_id");
    if (!text || !boot) return false;
    const auto run = nlohmann::json::parse(*text, nullptr, false);
    return run.is_object() && !boot->empty() && textField(run, "bootId") == boot->substr(0, boot->find('\n'));
}

Result<VersionStatus> readVersionStatus(const std::filesystem::path& folder, std::int64_t nowMicros) {
    VersionStatus status;
    const std::filesystem::path journal = folder / "journal";
    const auto journalChanged = changedMicros(journal);
    const auto runChanged = changedMicros(folder / "run.json");
    if (!runChanged) return Error(ErrorCode::NotFound, folder.string() + " holds no run.json");
    if (!journalChanged) {
        status.lastMicros = *runChanged;
        status.state = isFresh(*runChanged, nowMicros) ? VersionState::Recording : VersionState::Crashed;
        return status;
    }
    // Before the tail: a writer that seals and unlocks in between is then seen sealed, not crashed.
    const bool locked = base::isLockedByAnother(journal);
    std::error_code gone;
    if (std::filesystem::file_size(journal, gone) < kFileHeaderBytes && !gone) {
        // The header is being written, or its writer did not get further. The lock is taken just after the file is
        // made.
        status.lastMicros = std::max(*journalChanged, *runChanged);
        const bool alive = locked || isFresh(status.lastMicros, nowMicros);
        status.state = alive ? VersionState::Recording : VersionState::Crashed;
        return status;
    }
    auto reader = JournalReader::open(journal, JournalType::Journal);
    if (!reader) return std::move(reader).error();
    HINDCAST_ASSIGN(const JournalReader::Tail tail, reader->readTail());
    status.lastMicros = tail.last ? tail.last->stamp : reader->header().started;
    if (tail.sealed && tail.last && tail.last->kind == FrameKind::End) {
        status.sealed = true;
        status.state = VersionState::Incomplete;
        readEnd(tail.last->payload, status);
        return status;
    }
    const bool alive = locked || (isFresh(status.lastMicros, nowMicros) && !isOfThisBoot(folder));
    status.state = alive ? VersionState::Recording : VersionState::Crashed;
    return status;
}

}  // namespace hindcast::format
