// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/task_document.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace hindcast::replay {

using base::Error;
using base::ErrorCode;
using base::Result;
using nlohmann::json;

namespace {

constexpr std::array<std::pair<Ending, const char*>, 8> kEndingNames{{{Ending::Done, "done"},
                                                                      {Ending::Escalate, "escalate"},
                                                                      {Ending::Failed, "failed"},
                                                                      {Ending::Environment, "environment"},
                                                                      {Ending::Killed, "killed"},
                                                                      {Ending::OverLimit, "over-limit"},
                                                                      {Ending::Cancelled, "cancelled"},
                                                                      {Ending::Lost, "lost"}}};

std::string written(const json& document) {
    return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

Task taskOf(const json& document) {
    Task task;
    task.versionRunJson = document.at("versionRun").get<std::string>();
    task.tree = document.at("tree").get<std::string>();
    task.project = document.at("project").get<std::string>();
    task.presentProject = document.at("presentProject").get<std::string>();
    task.hiddenFiles = document.at("hiddenFiles").get<std::vector<std::string>>();
    task.hidesLaterData = document.at("hidesLaterData");
    task.folder = document.at("folder").get<std::string>();
    task.startedMicros = document.at("startedMicros");
    task.threads = document.at("threads");
    task.interpreter = document.at("interpreter").get<std::string>();
    task.recordedCores = document.at("recordedCores");
    task.imports = document.at("imports").get<std::vector<std::string>>();
    task.allowed.network = document.at("network");
    task.allowed.unsandboxed = document.value("unsandboxed", false);
    for (const json& path : document.at("writable")) task.allowed.writable.emplace_back(path.get<std::string>());
    task.limits = {document.at("mostSeconds"), document.at("mostBytes")};
    return task;
}

}  // namespace

Result<std::string> taskJson(const Task& task) {
    HINDCAST_ASSIGN(const std::string run, composeRunJson(task.unit, task.versionRunJson));
    HINDCAST_ASSIGN(const std::string unit, unitJson(task.unit, {}, run));
    std::vector<std::string> writable;
    for (const std::filesystem::path& path : task.allowed.writable) writable.push_back(path.string());
    return written({{"format", 1},
                    {"unit", json::parse(unit)},
                    {"versionRun", task.versionRunJson},
                    {"tree", task.tree.string()},
                    {"project", task.project.string()},
                    {"presentProject", task.presentProject.string()},
                    {"hiddenFiles", task.hiddenFiles},
                    {"hidesLaterData", task.hidesLaterData},
                    {"folder", task.folder.string()},
                    {"startedMicros", task.startedMicros},
                    {"threads", task.threads},
                    {"interpreter", task.interpreter.string()},
                    {"recordedCores", task.recordedCores},
                    {"imports", task.imports},
                    {"network", task.allowed.network},
                    {"unsandboxed", task.allowed.unsandboxed},
                    {"writable", writable},
                    {"mostSeconds", task.limits.seconds},
                    {"mostBytes", task.limits.memoryBytes}});
}

Result<Task> parseTaskJson(const std::string& text) {
    const json document = json::parse(text, nullptr, false);
    if (!document.is_object()) return Error(ErrorCode::Parse, "the task is not a JSON object");
    try {
        Task task = taskOf(document);
        HINDCAST_ASSIGN(task.unit, parseUnitJson(document.at("unit").dump()));
        return task;
    } catch (const json::exception& problem) {
        return Error(ErrorCode::Parse, std::string("the task misses a field: ") + problem.what());
    }
}

std::string endingJson(const HostedEnding& ending) {
    const auto named = std::find_if(kEndingNames.begin(), kEndingNames.end(),
                                    [&](const auto& entry) { return entry.first == ending.ending; });
    return written({{"ending", named->second},
                    {"status", ending.status},
                    {"problem", ending.problem},
                    {"refused", ending.refused}});
}

Result<HostedEnding> parseEndingJson(const std::string& text) {
    const json document = json::parse(text, nullptr, false);
    try {
        HostedEnding ending;
        const auto name = document.at("ending").get<std::string>();
        const auto named = std::find_if(kEndingNames.begin(), kEndingNames.end(),
                                        [&](const auto& entry) { return name == entry.second; });
        if (named == kEndingNames.end()) return Error(ErrorCode::Parse, "a unit ended in an unknown way: " + name);
        ending.ending = named->first;
        ending.status = document.at("status");
        ending.problem = document.at("problem").get<std::string>();
        ending.refused = document.value("refused", std::string());
        return ending;
    } catch (const json::exception& problem) {
        return Error(ErrorCode::Parse, std::string("how a unit ended cannot be read: ") + problem.what());
    }
}

}  // namespace hindcast::replay
