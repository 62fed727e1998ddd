// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <tuple>

#include "core/store/annotations/annotations.h"

/// Internal to this folder: how annotation records become one view (FORMAT.md section 7).
namespace hindcast::store {

/// Records of all writers in the order in which they count: by `at`, then writer, then place in its file.
using AnnotationRecords = std::map<std::tuple<std::int64_t, std::string, std::uint64_t>, nlohmann::json>;

/// Records that make no sense are left out: they may be a newer program's.
AnnotationView mergeAnnotations(const AnnotationRecords& records);

nlohmann::json recordOf(const Probe& probe);
nlohmann::json recordOf(const PlacementDecision& decision);

}  // namespace hindcast::store
