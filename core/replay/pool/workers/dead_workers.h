// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace hindcast::replay {

/// Clears up behind programs that died while replays ran: ends processes that escaped them, removes their scratch
/// folders and the empty folders of replays that had not begun. What replays have written stays. `store` is .hindcast.
/// What belongs to a living program is locked and is left alone. Returns how many scratch folders there were.
int clearDeadWorkers(const std::filesystem::path& store);

}  // namespace hindcast::replay
