// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/replay/resources/resource.h"
#include "core/store/project.h"

namespace hindcast::replay {

/// The resources of a project: `local`, which is always there and comes first, and what .hindcast/resources.json
/// describes (FORMAT.md section 1). InvalidArgument names the entry and the field that cannot be.
base::Result<std::vector<Resource>> readResources(const store::Project& project);

/// Replaces the file. Checks every resource first.
base::Result<void> writeResources(const store::Project& project, const std::vector<Resource>& resources);

/// The resource of that name; else one named on the spot (resourceFromWords). InvalidArgument with the names there are.
base::Result<Resource> findResource(const store::Project& project, const std::string& name);

}  // namespace hindcast::replay
