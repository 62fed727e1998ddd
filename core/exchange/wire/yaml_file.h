// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/base/result.h"

namespace hindcast::exchange {

/// A small YAML document as JSON: mappings, sequences and scalars. Plain scalars are what YAML 1.1 makes of them as far
/// as valueOfText tells; quoted ones are text. The one door to libyaml. Parse with the line when it is no YAML, when it
/// is nested deeper than 64 levels or repeats parts by reference (which a small file can blow up with).
base::Result<nlohmann::json> readYaml(const std::filesystem::path& path);

}  // namespace hindcast::exchange
