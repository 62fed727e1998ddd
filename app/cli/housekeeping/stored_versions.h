// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/store/project.h"
#include "core/store/version_names.h"

namespace hindcast::cli {

/// A project with its versions by name, for verbs about the store itself.
struct StoredVersions {
    store::Project project;
    store::VersionNames names;
    std::vector<base::Uuid> chosen;  ///< in the order asked for
    std::string label(const base::Uuid& version) const { return names.label(version); }
};

/// The project of `path`, indexed, and the versions that `list` names ("" = all, oldest first).
base::Result<StoredVersions> openStoredVersions(const std::string& path, const std::string& list);

/// "v3, v5, v7".
std::string labelsText(const StoredVersions& versions, const std::vector<base::Uuid>& which);

/// Seconds of "30d", "12h", "2w" or "1y"; InvalidArgument for anything else.
base::Result<std::int64_t> parseAge(const std::string& text);

/// For a verb that cannot be undone and was not told --yes: says that nothing was done (wrong usage).
base::Error needsYes(const std::string& verb);

}  // namespace hindcast::cli
