// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "core/base/file.h"

/// Internal to this folder: plain POSIX tar files (ustar), so that `tar xf` opens a bundle where no Hindcast is.
namespace hindcast::store {

/// Writes every regular file below `folder`, sorted, under the name `prefix`/relative path; `first` comes first. Files
/// of 8 GiB and more have their size in base 256, as GNU tar writes it. Synced.
base::Result<void> writeTar(const std::filesystem::path& folder, const std::string& prefix, const std::string& first,
                            const std::filesystem::path& tar);

/// Unpacks regular files whose name begins with `prefix`/ below `folder`. Damaged when the archive is cut off, fails a
/// checksum, holds anything but files and folders, or has a name that would leave `folder`.
base::Result<void> readTar(const std::filesystem::path& tar, const std::string& prefix,
                           const std::filesystem::path& folder);

/// Whether the file is a tar archive whose first entry has this name.
bool isTarWith(const std::filesystem::path& file, const std::string& firstName);

}  // namespace hindcast::store
