// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace hindcast::format {

/// State of a version or replay, told from its folder alone by the table in FORMAT.md section 1.
enum class VersionState {
    Complete,    ///< sealed, END says "complete"
    Incomplete,  ///< sealed, END says "incomplete": the recorder switched itself off
    Recording,   ///< no seal, and the writer's lock is held or its newest frame is younger than 30 s
    Crashed,     ///< no seal and no writer: every whole frame is valid
};
/// "complete", "incomplete", "recording", "crashed".
std::string_view versionStateName(VersionState state);

struct VersionStatus {
    VersionState state = VersionState::Crashed;
    std::string reason;           ///< of END; why an incomplete version is incomplete
    std::string exception;        ///< of END: the exception that ended the script, empty when none did
    std::string exit;             ///< of END: how the script ended
    std::int64_t lastMicros = 0;  ///< stamp of the newest whole frame, or the start when there is none
    bool sealed = false;
};

/// On the boot that wrote it, the writer's lock decides between Recording and Crashed; elsewhere also the age of the
/// newest frame, because network file systems lose locks. Reads only the end of the journal. `nowMicros` is the wall
/// clock. A folder without a journal is Recording while run.json is younger than 30 s, then Crashed. Fails with
/// NotFound when there is no run.json, Damaged when the journal's header is.
base::Result<VersionStatus> readVersionStatus(const std::filesystem::path& folder, std::int64_t nowMicros);

}  // namespace hindcast::format
