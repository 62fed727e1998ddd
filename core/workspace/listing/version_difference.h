// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/store/project.h"
#include "core/workspace/views.h"

namespace hindcast::workspace {

/// One thing that two versions do not have in common. Absent: that version does not have it.
struct FactDifference {
    std::string name;
    std::optional<std::string> before;
    std::optional<std::string> after;
};

struct FileDifference {
    std::string path;
    bool before = true;  ///< the version before has the file
    bool after = true;
    std::string patch;  ///< as `diff -u` writes it
    std::size_t added = 0;
    std::size_t removed = 0;
};

/// The last value of a name in both versions, also where they are equal: what the change led to.
struct ValueDifference {
    std::string name;
    std::optional<double> before;
    std::optional<double> after;
};

/// What tells two versions apart.
struct VersionDifference {
    std::vector<FactDifference> arguments;
    std::vector<FactDifference> environment;  ///< script, command line, Python, packages, machine, recorded variables
    std::vector<FileDifference> files;        ///< of the source, by path
    std::string sourceMissing;                ///< a sentence when one of them has no source, "" otherwise
    std::vector<ValueDifference> values;      ///< numbers, by name

    bool same() const { return arguments.empty() && environment.empty() && files.empty(); }
};

/// Compares arguments, environment, source and last values. Only reads the store. Cost: that of the files that differ.
base::Result<VersionDifference> differenceOf(const store::Project& project, const VersionView& before,
                                             const VersionView& after);

}  // namespace hindcast::workspace
