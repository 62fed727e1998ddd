// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/workspace/store_handles.h"
#include "core/workspace/views.h"

namespace hindcast::workspace {

/// The numbers of one name in one version, with their place on the epoch and the step axis. Values that are no numbers
/// are left out. Cost: the scan, and one look at the version's loops.
base::Result<Series> readSeries(const StoreHandles& store, const base::Uuid& version, const std::string& name,
                                bool withDiverged);

Fidelity fidelityOf(store::Fidelity fidelity);

}  // namespace hindcast::workspace
