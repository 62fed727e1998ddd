// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/replay/remote/ssh_link.h"
#include "core/store/project.h"

namespace hindcast::replay {

struct PullOptions {
    RemotePlace place;
    std::string captures;  ///< versions, as "v1,v3-v5,production", or "all"; "": none
    std::function<void(std::int64_t files, std::int64_t bytes)> onProgress;  ///< what is here so far; may be empty
    std::function<bool()> isStopped;                                         ///< may be empty
};

struct PullReport {
    std::vector<base::Uuid> newVersions;
    std::vector<base::Uuid> grownVersions;  ///< were here already and have more now
    std::int64_t replays = 0;               ///< new ones
    std::int64_t files = 0;                 ///< copied or continued
    std::int64_t bytes = 0;
};

/// Brings values, code, marks and replays of a project on another machine into this one, also of versions that record
/// just now, and the captures of the versions that are asked for. Only what is new or longer is sent. May be
/// interrupted at any time and run again: what arrived stays, nothing half-copied is taken for whole. Never removes
/// anything here, nor changes anything there. Holds the lease. Fails with ssh's words when the host is not reached,
/// with Conflict when a capture file here is not the one there.
base::Result<PullReport> pull(const store::Project& project, const PullOptions& options);

}  // namespace hindcast::replay
