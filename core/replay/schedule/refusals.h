// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace hindcast::replay {

/// What a unit that failed wanted and was refused, as the end of a sentence that says how to allow it: a write outside
/// its scratch folder, with the path, or the network. "" when its output tells of neither.
std::string refusalIn(const std::string& output);

}  // namespace hindcast::replay
