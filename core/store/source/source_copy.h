// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/store/project.h"

namespace hindcast::store {

/// Copies the snapshots of these versions, as they are, into another store's code.git, made when it is absent. Versions
/// without a snapshot are left out, as are snapshots that are there already.
base::Result<void> copySnapshots(const Project& from, const Project& to, const std::vector<base::Uuid>& versions);

}  // namespace hindcast::store
