// SPDX-License-Identifier: Apache-2.0
#include "core/replay/resources/resource_file.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/file.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::Result;
using nlohmann::json;

namespace {

constexpr const char* kSchema = "hindcast.resources/1";

fs::path fileOf(const store::Project& project) {
    return project.store() / "resources.json";
}

/// Every field but name and kind, once: `visit(key, member)`.
template <class R, class Visit>
void eachField(R& resource, Visit&& visit) {
    visit("workers", resource.workers);
    visit("pricePerHour", resource.pricePerHour);
    visit("speed", resource.speed);
    visit("device", resource.device);
    visit("program", resource.program);
    visit("host", resource.host);
    visit("path", resource.path);
    visit("partition", resource.partition);
    visit("cpus", resource.cpus);
    visit("memoryMiB", resource.memoryMiB);
    visit("gpus", resource.gpus);
    visit("minutes", resource.minutes);
    visit("options", resource.options);
}

Error inFile(const std::string& what) {
    return {ErrorCode::InvalidArgument, ".hindcast/resources.json: " + what};
}

Result<Resource> resourceOf(const json& entry) {
    if (!entry.is_object()) return inFile("every resource is a JSON object");
    Resource resource;
    std::set<std::string> known{"name", "kind"};
    std::string wrong;
    const auto read = [&](const char* key, auto& member) {
        known.insert(key);
        const auto found = entry.find(key);
        if (found == entry.end()) return;
        try {
            found->get_to(member);
        } catch (const json::exception&) {
            wrong = key;
        }
    };
    read("name", resource.name);
    std::string kind;
    read("kind", kind);
    eachField(resource, read);
    const std::string of = "resource '" + resource.name + "': ";
    if (!wrong.empty()) return inFile(of + "the field '" + wrong + "' has a value of the wrong type");
    for (const auto& [key, value] : entry.items()) {
        if (!known.contains(key)) return inFile(of + "there is no field '" + key + "'");
    }
    const auto named = resourceKindNamed(kind);
    if (!named) return inFile(of + "its kind is local, ssh or slurm, not '" + kind + "'");
    resource.kind = *named;
    if (const auto checked = checkResource(resource); !checked) return inFile(checked.error().text());
    return resource;
}

json jsonOf(const Resource& resource) {
    json entry = {{"name", resource.name}, {"kind", resourceKindName(resource.kind)}};
    const Resource standard;
    json plain;
    eachField(standard, [&](const char* key, const auto& member) { plain[key] = member; });
    eachField(resource, [&](const char* key, const auto& member) {
        if (plain[key] != json(member)) entry[key] = member;
    });
    return entry;
}

}  // namespace

Result<std::vector<Resource>> readResources(const store::Project& project) {
    std::vector<Resource> resources{Resource{}};
    std::error_code ignored;
    if (!fs::exists(fileOf(project), ignored)) return resources;
    HINDCAST_ASSIGN(const std::string text, base::readTextFile(fileOf(project)));
    const json document = json::parse(text, nullptr, false);
    if (!document.is_object() || document.value("schema", json()) != json(kSchema) ||
        !document.value("resources", json()).is_array())
        return inFile(std::string("it is not a JSON object with the schema ") + kSchema + " and a list of resources");
    for (const json& entry : document["resources"]) {
        HINDCAST_ASSIGN(Resource resource, resourceOf(entry));
        const auto same = std::find_if(resources.begin(), resources.end(),
                                       [&](const Resource& other) { return other.name == resource.name; });
        if (same != resources.end() && resource.kind != ResourceKind::Local)
            return inFile("two resources are called '" + resource.name + "'");
        if (same != resources.end())
            *same = std::move(resource);
        else
            resources.push_back(std::move(resource));
    }
    return resources;
}

Result<void> writeResources(const store::Project& project, const std::vector<Resource>& resources) {
    json entries = json::array();
    for (const Resource& resource : resources) {
        HINDCAST_TRY(checkResource(resource));
        if (resource != Resource{}) entries.push_back(jsonOf(resource));
    }
    const std::string text = json{{"schema", kSchema}, {"resources", std::move(entries)}}.dump(2) + "\n";
    return base::writeFileAtomically(fileOf(project), base::bytesOf(text));
}

Result<Resource> findResource(const store::Project& project, const std::string& name) {
    HINDCAST_ASSIGN(const std::vector<Resource> resources, readResources(project));
    std::string names;
    for (const Resource& resource : resources) {
        if (resource.name == name) return resource;
        names += (names.empty() ? "" : ", ") + resource.name;
    }
    if (const auto named = resourceFromWords(name)) {
        Resource nameless = *named;
        nameless.name = resourceKindName(named->kind);
        HINDCAST_TRY(checkResource(nameless));
        return *named;
    }
    return Error(ErrorCode::InvalidArgument, "there is no resource '" + name + "'; this project has " + names +
                                                 ", and ssh:HOST or slurm:PARTITION can be named on the spot");
}

}  // namespace hindcast::replay
