// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/replays/unfinished.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/base/uuid.h"
#include "core/workspace/replays/planning.h"

namespace hindcast::workspace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::File;
using base::Result;
using nlohmann::json;

namespace {

fs::path folderOf(const store::Project& project) {
    return project.store() / "requests";
}

/// Ascending numbers as [first, last] pairs: a plan may hold a million iterations.
json rangesOf(const std::vector<std::int64_t>& iterations) {
    json ranges = json::array();
    for (const std::int64_t index : iterations) {
        if (!ranges.empty() && ranges.back()[1] == index - 1)
            ranges.back()[1] = index;
        else
            ranges.push_back({index, index});
    }
    return ranges;
}

json documentOf(const Plan& plan) {
    const PlanRequest& request = plan.details->request;
    json document{{"schema", "hindcast.request/1"},
                  {"startedMicros", base::wallClockMicros()},
                  {"names", request.names},
                  {"where", request.where},
                  {"workers", request.workers},
                  {"resource", request.resource},
                  {"secondsPerUnit", request.secondsPerUnit},
                  {"memoryPerUnit", request.memoryPerUnit},
                  {"rows", json::array()}};
    if (!request.innerLoop.empty())
        document["inner"] = {request.innerLoop, request.innerPasses.first, request.innerPasses.second};
    if (request.iterations) document["iterations"] = {request.iterations->first, request.iterations->second};
    if (request.forceMode) document["force"] = *request.forceMode == ReplayMode::Deep ? "deep" : "beginning";
    for (const PlanRow& row : plan.rows) {
        if (row.willRun)
            document["rows"].push_back({{"version", row.version.text()}, {"iterations", rangesOf(row.iterations)}});
    }
    return document;
}

UnfinishedReplay replayOf(const json& document) {
    UnfinishedReplay replay;
    replay.startedMicros = document.at("startedMicros").get<std::int64_t>();
    replay.request.names = document.at("names").get<std::vector<std::string>>();
    replay.request.where = document.at("where").get<std::string>();
    replay.request.workers = document.at("workers").get<int>();
    replay.request.resource = document.at("resource").get<std::string>();
    replay.request.secondsPerUnit = document.at("secondsPerUnit").get<double>();
    replay.request.memoryPerUnit = document.at("memoryPerUnit").get<std::uint64_t>();
    if (const auto found = document.find("inner"); found != document.end()) {
        replay.request.innerLoop = found->at(0);
        replay.request.innerPasses = {found->at(1), found->at(2)};
    }
    if (const auto found = document.find("iterations"); found != document.end())
        replay.request.iterations = found->get<std::pair<std::int64_t, std::int64_t>>();
    if (const auto found = document.find("force"); found != document.end())
        replay.request.forceMode = *found == "deep" ? ReplayMode::Deep : ReplayMode::Beginning;
    for (const json& row : document.at("rows")) {
        const auto version = base::Uuid::parse(row.at("version").get<std::string>());
        if (!version) continue;
        replay.request.versions.push_back(*version);
        replay.ranges[*version] = row.at("iterations").get<std::vector<std::pair<std::int64_t, std::int64_t>>>();
    }
    return replay;
}

}  // namespace

Result<OpenRequest> OpenRequest::write(const store::Project& project, const Plan& plan) {
    HINDCAST_TRY(base::makeFolder(folderOf(project)));
    const fs::path path = folderOf(project) / (base::Uuid::make().text() + ".json");
    HINDCAST_ASSIGN(File file, File::open(path, File::Mode::CreateNew));
    HINDCAST_ASSIGN(const bool locked, file.tryLock());
    if (!locked) return Error(ErrorCode::Busy, path.string() + " is locked by another process");
    HINDCAST_TRY(file.write(base::bytesOf(documentOf(plan).dump(1))));
    HINDCAST_TRY(file.sync());
    OpenRequest open(std::move(file));
    // Only now: between the two a crash leaves both, and the plan of the second leaves out what the first finishes.
    if (!plan.details->resumes.empty()) {
        const Result<void> forgotten = forgetUnfinished(project, plan.details->resumes);
        if (!forgotten && forgotten.error().code() != ErrorCode::NotFound) return forgotten.error();
    }
    return open;
}

void OpenRequest::close() {
    std::error_code ignored;
    fs::remove(m_file.path(), ignored);
}

Result<std::vector<UnfinishedReplay>> readUnfinished(const store::Project& project) {
    HINDCAST_ASSIGN(const std::vector<std::string> names, base::listFolder(folderOf(project)));
    std::vector<UnfinishedReplay> found;
    for (const std::string& name : names) {
        const fs::path path = folderOf(project) / name;
        if (path.extension() != ".json" || base::isLockedByAnother(path)) continue;
        const auto text = base::readTextFile(path);
        const json document = json::parse(text.value_or(""), nullptr, false);
        if (!document.is_object()) continue;
        try {
            found.push_back(replayOf(document));
            found.back().id = path.stem().string();
        } catch (const json::exception&) {
            continue;
        }
    }
    std::sort(found.begin(), found.end(),
              [](const UnfinishedReplay& a, const UnfinishedReplay& b) { return a.startedMicros < b.startedMicros; });
    return found;
}

Result<void> forgetUnfinished(const store::Project& project, const std::string& id) {
    const fs::path path = folderOf(project) / (id + ".json");
    std::error_code problem;
    if (!base::Uuid::parse(id) || !fs::exists(path, problem))
        return Error(ErrorCode::NotFound, "there is no unfinished replay " + id);
    if (base::isLockedByAnother(path)) return Error(ErrorCode::Busy, "another program is running this replay");
    fs::remove(path, problem);
    if (problem) return Error::fromErrno(problem.value(), "cannot remove " + path.string());
    return {};
}

}  // namespace hindcast::workspace
