// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <set>

#include "core/base/result.h"
#include "core/format/tensors/segment.h"
#include "core/store/project.h"

/// Internal to core/store: what the captures of one version refer to.
namespace hindcast::store {

/// Every CAPTURE frame of a version's journal, in order. Damaged when frames go on behind unreadable bytes, or a
/// capture does not decode: then not all is known, and nothing may be thrown away for it.
base::Result<void> forEachCapture(const fs::path& folder,
                                  const std::function<base::Result<void>(const format::CaptureRecord&)>& visit);

/// Every chunk that a capture names and every base it needs, each place once, with its head. A chunk that cannot be
/// read is NotFound or Damaged.
base::Result<void> forEachStoredChunk(const fs::path& folder, format::ChunkReader& reader,
                                      const std::function<void(format::ChunkPlace, const format::ChunkHeader&)>& visit);

/// Adds a place and the bases below it to what was seen; `visit` gets those that are new.
base::Result<void> visitChain(format::ChunkReader& reader, format::ChunkPlace place, std::set<format::ChunkPlace>& seen,
                              const std::function<void(format::ChunkPlace, const format::ChunkHeader&)>& visit);

/// Removes a file and returns its size; one that is gone already is 0.
base::Result<std::int64_t> removeFile(const fs::path& path);

}  // namespace hindcast::store
