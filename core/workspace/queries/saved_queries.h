// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace hindcast::workspace {

/// A query that the user gave a name.
struct SavedQuery {
    std::string name;
    std::string sql;
};

/// Saved queries are annotations of the store: they outlive the index and are there for everybody who opens the
/// project. `project` is a path in it. Names are any text of one line without blanks at its ends; a name that is taken
/// gets the new text.
base::Result<std::vector<SavedQuery>> readSavedQueries(const std::filesystem::path& project);  ///< by name
base::Result<void> saveQuery(const std::filesystem::path& project, const SavedQuery& query);
/// InvalidArgument suggests close names.
base::Result<void> removeSavedQuery(const std::filesystem::path& project, const std::string& name);
base::Result<SavedQuery> savedQuery(const std::filesystem::path& project, const std::string& name);

}  // namespace hindcast::workspace
