// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/workspace/store_handles.h"
#include "core/workspace/workspace.h"

namespace hindcast::workspace {

/// Standing orders of the user: what to replay by itself when a version is new. Kept as rules of the store's
/// annotations, so that every program on the project knows them.
std::vector<ReplayOrder> readOrders(const StoreHandles& store);
base::Result<void> writeOrder(StoreHandles& store, const ReplayOrder& order);
base::Result<void> removeOrder(StoreHandles& store, const std::string& id);

/// Takes out of a plan what its budget does not reach, and says so in its notices: rows from the last on, which are the
/// oldest, then passes of the row that fits in part, evenly. `seconds` is wall time; 0: no budget.
void keepWithin(Plan& plan, double seconds);

}  // namespace hindcast::workspace
