// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/base/result.h"
#include "core/replay/remote/message.h"
#include "core/replay/remote/store_files.h"

namespace hindcast::replay {

/// A sender waits while more than this has not left: memory stays bounded on a slow line.
inline constexpr std::size_t kMostUnsentBytes = std::size_t{8} << 20;

/// "file": the next bytes of a stored file, up to 1 MiB; `total` is the size that the sender knows of.
base::Result<Message> fileMessage(const store::Project& project, const StoreFile& file, std::uint64_t from);

/// Takes a "file" message into the store: a file that came whole replaces the one there at once; else the bytes are put
/// at their place, which has to be the end of what is there. Refused when the path leads elsewhere.
base::Result<void> takeFileMessage(const store::Project& project, const Message& message);

}  // namespace hindcast::replay
