// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <vector>

#include "core/propagate/match/side.h"

namespace hindcast::propagate {

/// Which file of the newer side is which of the old one: by path, and files without a partner by the statements they
/// share (a renamed or moved file). Index pairs.
std::vector<std::pair<int, int>> pairFiles(const Side& newer, const Side& older);

}  // namespace hindcast::propagate
