// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <stop_token>
#include <vector>

#include "core/base/result.h"
#include "core/propagate/propagate.h"
#include "core/workspace/source_projects.h"
#include "core/workspace/store_handles.h"
#include "core/workspace/views.h"

namespace hindcast::workspace {

/// Which versions have a statement of the newest source, newest first. Followed from version to version, so that a
/// statement that changed step by step is still found. A version with the sources of the one before it costs nothing,
/// another one a comparison of its files (about 20 ms at 1,500 lines). InvalidArgument where no statement stands on the
/// line.
base::Result<std::vector<LineInVersion>> readLineHistory(StoreHandles& store, SourceProjects& projects,
                                                         const propagate::Probe& line,
                                                         const std::function<void(const LineInVersion&)>& onEach,
                                                         const std::stop_token& stop);

}  // namespace hindcast::workspace
