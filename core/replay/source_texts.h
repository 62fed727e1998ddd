// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>

namespace hindcast::replay {

/// Sources of a version by their path relative to the project. A text that several versions have is there once.
using SourceTexts = std::map<std::string, std::shared_ptr<const std::string>>;

}  // namespace hindcast::replay
