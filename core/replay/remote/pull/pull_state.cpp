// SPDX-License-Identifier: Apache-2.0
#include "core/replay/remote/pull/pull_state.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/file.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Result;
using nlohmann::json;

namespace {

constexpr const char* kSchema = "hindcast.pulled/1";

fs::path fileOf(const store::Project& project) {
    return project.store() / "pulled.json";
}

/// The list of places; a file that is no such list counts as none.
json placesIn(const store::Project& project) {
    const auto text = base::readTextFile(fileOf(project));
    json document = text ? json::parse(*text, nullptr, false) : json();
    const bool known = document.is_object() && document.value("schema", "") == kSchema;
    return known && document.value("places", json()).is_array() ? document["places"] : json::array();
}

bool isOf(const json& entry, const RemotePlace& place) {
    return entry.is_object() && entry.value("host", "") == place.host && entry.value("path", "") == place.path;
}

}  // namespace

Result<PullState> readPullState(const store::Project& project, const RemotePlace& place) {
    PullState state{place, {}};
    try {
        for (const json& entry : placesIn(project)) {
            if (!isOf(entry, place)) continue;
            for (const auto& [path, file] : entry.at("files").items())
                state.files[path] = {file.at(0), file.at(1), file.at(2)};
        }
    } catch (const json::exception&) {
        state.files.clear();
    }
    return state;
}

Result<void> writePullState(const store::Project& project, const PullState& state) {
    json places = json::array();
    for (json& entry : placesIn(project)) {
        if (!isOf(entry, state.place)) places.push_back(std::move(entry));
    }
    json files = json::object();
    for (const auto& [path, file] : state.files) files[path] = {file.identity, file.bytes, file.here};
    places.push_back({{"host", state.place.host},
                      {"path", state.place.path},
                      {"program", state.place.program},
                      {"files", std::move(files)}});
    const std::string text = json{{"schema", kSchema}, {"places", std::move(places)}}.dump() + "\n";
    return base::writeFileAtomically(fileOf(project), base::bytesOf(text));
}

std::optional<RemotePlace> pulledFrom(const store::Project& project, const std::string& host) {
    std::optional<RemotePlace> found;
    try {
        for (const json& entry : placesIn(project)) {
            if (entry.is_object() && entry.value("host", "") == host)
                found = RemotePlace{host, entry.value("path", ""), entry.value("program", ""), 1};
        }
    } catch (const json::exception&) {
        return std::nullopt;
    }
    return found;
}

RemotePlace placeOf(const store::Project& project, const Resource& resource) {
    RemotePlace place{resource.host, resource.path, resource.program, std::max(1, resource.workers)};
    const auto pulled = pulledFrom(project, resource.host);
    if (place.path.empty()) place.path = pulled ? pulled->path : project.root().string();
    if (place.program.empty() && pulled) place.program = pulled->program;
    return place;
}

}  // namespace hindcast::replay
