// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace hindcast::base {

/// A Python on this machine.
struct Interpreter {
    std::filesystem::path path;
    std::string version;               ///< "3.11.2"
    std::vector<std::string> missing;  ///< of the modules that were asked for, those it cannot find
};

/// Interpreters in the order a user would expect: `preferred` (may be empty), HINDCAST_PYTHON, the active virtual or
/// conda environment, python3 and python in PATH, the system's. Each once; those older than 3.9 are left out. The
/// modules are looked up, not imported, so that the answer takes a fraction of a second even for torch.
std::vector<Interpreter> findInterpreters(const std::filesystem::path& preferred,
                                          const std::vector<std::string>& modules);

/// The first interpreter that has all modules; fails with Environment and a sentence that names what is missing where.
Result<Interpreter> chooseInterpreter(const std::filesystem::path& preferred, const std::vector<std::string>& modules);

/// Top-level modules that a script imports unconditionally at its left margin, without those that lie beside it.
std::vector<std::string> importedModules(const std::string& scriptText, const std::filesystem::path& scriptFolder);

}  // namespace hindcast::base
