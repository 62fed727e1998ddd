// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"
#include "core/replay/remote/message_stream.h"

namespace hindcast::replay {

/// Queues a version's spliced source, file by file, for an agent that will know it by `id`.
base::Result<void> sendTree(const std::filesystem::path& tree, const std::string& id, MessageStream& stream);

}  // namespace hindcast::replay
