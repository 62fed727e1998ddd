// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/replay/source_texts.h"

namespace hindcast::replay {

/// Packages that running `script` certainly imports before its own code does anything, in the order in which it does:
/// imports at the left margin of the script and of the project's modules that these reach. Only names in `installed`
/// (packages that the run had loaded) and none that a file or folder of the project could stand for. Empty where one of
/// these files touches what an import may depend on (the process environment, sys.modules): there nothing may come
/// early. `files` are the version's Python files by path relative to the project.
std::vector<std::string> earlyImports(const SourceTexts& files, const std::string& script,
                                      const std::vector<std::string>& installed);

}  // namespace hindcast::replay
