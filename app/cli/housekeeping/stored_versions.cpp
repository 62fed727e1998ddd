// SPDX-License-Identifier: Apache-2.0
#include "app/cli/housekeeping/stored_versions.h"

#include <charconv>

#include "app/cli/values/rows.h"
#include "core/store/annotations/annotations.h"
#include "core/store/catalog/catalog.h"

namespace hindcast::cli {

using base::Error;
using base::ErrorCode;
using base::Result;

Result<StoredVersions> openStoredVersions(const std::string& path, const std::string& list) {
    HINDCAST_ASSIGN(store::Project project, openIndexedProject(path));
    HINDCAST_ASSIGN(const store::Catalog catalog, store::Catalog::open(project));
    HINDCAST_ASSIGN(const store::Annotations annotations, store::Annotations::open(project));
    HINDCAST_ASSIGN(const auto rows, catalog.versions());
    std::vector<base::Uuid> all;
    for (const store::VersionRow& row : rows) all.push_back(row.uuid);
    store::VersionNames names(std::move(all), annotations.view());
    auto chosen = names.list(list);
    // What the user names wrongly is wrong usage.
    if (!chosen && chosen.error().code() == ErrorCode::NotFound)
        return Error(ErrorCode::InvalidArgument, chosen.error().text());
    if (!chosen) return std::move(chosen).error();
    return StoredVersions{std::move(project), std::move(names), *std::move(chosen)};
}

std::string labelsText(const StoredVersions& versions, const std::vector<base::Uuid>& which) {
    std::string text;
    for (const base::Uuid& version : which) text += (text.empty() ? "" : ", ") + versions.label(version);
    return text;
}

Result<std::int64_t> parseAge(const std::string& text) {
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [unit, failed] = std::from_chars(text.data(), end, number);
    std::int64_t seconds = 0;
    if (end - unit == 1) {
        if (*unit == 'h') seconds = 3600;
        if (*unit == 'd') seconds = 86400;
        if (*unit == 'w') seconds = 7 * 86400;
        if (*unit == 'y') seconds = 365 * 86400;
    }
    constexpr std::int64_t kMost = 100'000;
    if (failed != std::errc() || seconds == 0 || number < 0 || number > kMost)
        return Error(ErrorCode::InvalidArgument, "'" + text + "' is no age: write it as 12h, 30d, 8w or 1y");
    return number * seconds;
}

Error needsYes(const std::string& verb) {
    return Error(ErrorCode::InvalidArgument,
                 "nothing was changed: `hindcast " + verb +
                     "` cannot be undone, so it has to be told --yes (or --dry-run to look only)");
}

}  // namespace hindcast::cli
