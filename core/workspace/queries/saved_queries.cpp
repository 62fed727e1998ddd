// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/queries/saved_queries.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/query/sql_text.h"
#include "core/store/annotations/annotations.h"

namespace hindcast::workspace {

using base::Error;
using base::ErrorCode;
using base::Result;
using nlohmann::json;

namespace {

/// Beside the rules, as everything is that the user named and can change.
constexpr std::string_view kPrefix = "query:";

struct Shelf {
    store::Project project;
    store::Annotations annotations;

    static Result<Shelf> open(const std::filesystem::path& path) {
        HINDCAST_ASSIGN(store::Project project, store::Project::find(path));
        HINDCAST_ASSIGN(store::Annotations annotations, store::Annotations::open(project));
        return Shelf{std::move(project), std::move(annotations)};
    }

    std::vector<SavedQuery> queries() const {
        std::vector<SavedQuery> found;
        for (const auto& [id, text] : annotations.view().rules) {
            if (!id.starts_with(kPrefix)) continue;
            const json body = json::parse(text, nullptr, false);
            if (!body.is_object() || !body.contains("sql") || !body["sql"].is_string()) continue;  // a newer program's
            found.push_back({id.substr(kPrefix.size()), body["sql"].get<std::string>()});
        }
        return found;
    }
};

Error unknown(const std::string& name, const std::vector<SavedQuery>& queries) {
    std::vector<std::string> names;
    for (const SavedQuery& query : queries) names.push_back(query.name);
    std::string text = "there is no saved query '" + name + "'" + query::suggestion(name, names);
    if (!text.ends_with('?')) text += "; hindcast sql --list-saved shows them";
    return {ErrorCode::InvalidArgument, text};
}

Result<void> checkName(const std::string& name) {
    const bool isBlank =
        name.empty() || name.find_first_of("\r\n\t") != std::string::npos || name.front() == ' ' || name.back() == ' ';
    if (!isBlank) return {};
    return Error(ErrorCode::InvalidArgument, "a query's name is one line that neither begins nor ends with a blank");
}

}  // namespace

Result<std::vector<SavedQuery>> readSavedQueries(const std::filesystem::path& project) {
    HINDCAST_ASSIGN(const Shelf shelf, Shelf::open(project));
    return shelf.queries();
}

Result<void> saveQuery(const std::filesystem::path& project, const SavedQuery& query) {
    HINDCAST_TRY(checkName(query.name));
    HINDCAST_ASSIGN(Shelf shelf, Shelf::open(project));
    const json body{{"sql", query.sql}};
    return shelf.annotations.setRule(std::string(kPrefix) + query.name,
                                     body.dump(-1, ' ', false, json::error_handler_t::replace));
}

Result<void> removeSavedQuery(const std::filesystem::path& project, const std::string& name) {
    HINDCAST_ASSIGN(Shelf shelf, Shelf::open(project));
    const std::string id = std::string(kPrefix) + name;
    if (!shelf.annotations.view().rules.contains(id)) return unknown(name, shelf.queries());
    return shelf.annotations.setRule(id, std::nullopt);
}

Result<SavedQuery> savedQuery(const std::filesystem::path& project, const std::string& name) {
    HINDCAST_ASSIGN(const std::vector<SavedQuery> queries, readSavedQueries(project));
    const auto found =
        std::find_if(queries.begin(), queries.end(), [&](const SavedQuery& query) { return query.name == name; });
    if (found == queries.end()) return unknown(name, queries);
    return *found;
}

}  // namespace hindcast::workspace
