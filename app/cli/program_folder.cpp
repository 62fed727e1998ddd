// SPDX-License-Identifier: Apache-2.0
#include "app/cli/program_folder.h"

namespace hindcast::cli {

namespace fs = std::filesystem;

fs::path programFile() {
    std::error_code ignored;
    return fs::read_symlink("/proc/self/exe", ignored);
}

fs::path pythonPackageFolder() {
    const fs::path beside = programFile().parent_path().parent_path();
    std::error_code ignored;
    const fs::path installed = beside / "lib/hindcast/python";
    return fs::is_directory(installed / "hindcast", ignored) ? installed : beside / "python";
}

}  // namespace hindcast::cli
