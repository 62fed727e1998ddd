// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace hindcast::cli {

/// The running executable.
std::filesystem::path programFile();

/// The folder that holds the Python package `hindcast`: beside the executable's folder in a build (`../python`), below
/// `../lib/hindcast/python` when installed.
std::filesystem::path pythonPackageFolder();

}  // namespace hindcast::cli
