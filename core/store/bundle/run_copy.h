// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/store/pack/pack_writer.h"
#include "core/store/project.h"

/// Internal to this folder.
namespace hindcast::store {

/// Copies a finished version's or replay's folder to `target`, which must not exist: its tensors go to the packs that
/// `packs` writes, its files are the same otherwise. Synced, but for the packs. Refused when it is being written.
base::Result<void> copyRun(const Project& from, const fs::path& folder, const fs::path& target, PackWriter& packs);

}  // namespace hindcast::store
