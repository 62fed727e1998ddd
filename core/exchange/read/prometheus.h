// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "core/base/result.h"
#include "core/exchange/imported_run.h"
#include "core/exchange/read/deployments.h"

namespace hindcast::exchange {

/// Prometheus' text exposition, also several scrapes one behind the other, and OpenMetrics (told by its `# EOF`, with
/// times in seconds). A sample is a value named as it is written, with its labels; one without a time was taken when
/// the file was last changed. Lines that are no samples are counted as left out. InvalidArgument without deployments: a
/// sample belongs to the version that was deployed then.
base::Result<void> readPrometheus(const std::filesystem::path& path, const std::vector<Deployment>& deployments,
                                  const RunSink& sink);

}  // namespace hindcast::exchange
