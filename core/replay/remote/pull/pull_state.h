// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/replay/remote/ssh_link.h"
#include "core/replay/resources/resource.h"
#include "core/store/project.h"

namespace hindcast::replay {

/// A stored file as it was pulled: which file it was there, and which it became here.
struct PulledFile {
    std::uint64_t identity = 0;  ///< there
    std::uint64_t bytes = 0;     ///< there, when it was last asked for
    std::uint64_t here = 0;      ///< identity of the file here; another one was changed by a command here since

    bool operator==(const PulledFile&) const = default;
};

/// What `hindcast pull` remembers of one place, in .hindcast/pulled.json (FORMAT.md section 1). Losing it costs time
/// only: what is there is then compared by being copied again.
struct PullState {
    RemotePlace place;
    std::map<std::string, PulledFile> files;  ///< by path below .hindcast
};

/// The state of this place, empty where nothing was pulled from it.
base::Result<PullState> readPullState(const store::Project& project, const RemotePlace& place);
base::Result<void> writePullState(const store::Project& project, const PullState& state);

/// Where the project was pulled from on this host, the last time.
std::optional<RemotePlace> pulledFrom(const store::Project& project, const std::string& host);

/// Where an ssh resource has the project: as it says, else where it was pulled from, else where it is here.
RemotePlace placeOf(const store::Project& project, const Resource& resource);

}  // namespace hindcast::replay
