// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>

#include "core/replay/pool/executor.h"

namespace hindcast::replay {

/// How permissions are written in the project's annotations: "network", "write /absolute/path" and this one: that
/// replays may run where nothing encloses them.
inline constexpr const char* kWithoutSandbox = "replay-without-sandbox";

/// What is allowed by these. Texts that are none of ours are left out.
Permissions permissionsIn(const std::set<std::string>& allowed);

}  // namespace hindcast::replay
