// SPDX-License-Identifier: Apache-2.0
#include "core/replay/plan/decide.h"

#include <nlohmann/json.hpp>

#include "core/base/process.h"
#include "core/replay/last_line.h"

namespace hindcast::replay {

using base::Error;
using base::ErrorCode;
using base::Result;
using nlohmann::json;

namespace {

std::string questionText(const std::vector<DecisionQuestion>& questions) {
    json versions = json::array();
    for (const DecisionQuestion& question : questions) {
        json injected = json::array();
        for (const Injection& entry : question.injected) {
            injected.push_back(
                {{"file", entry.file}, {"first", entry.first}, {"last", entry.last}, {"probe", entry.probe}});
        }
        versions.push_back({{"uuid", question.version.text()},
                            {"versionFolder", question.versionFolder.string()},
                            {"files", question.files},
                            {"script", question.script},
                            {"injected", std::move(injected)}});
    }
    return json{{"versions", std::move(versions)}}.dump(-1, ' ', false, json::error_handler_t::replace);
}

ProbeDecision probeOf(const json& answer) {
    ProbeDecision probe;
    probe.probe = answer.value("probe", 0);
    probe.mode = modeNamed(answer.value("mode", std::string("deep"))).value_or(Mode::Deep);
    probe.reason = answer.value("reason", std::string());
    probe.reasonKey = answer.value("reasonKey", std::string());
    for (const json& argument : answer.value("reasonArgs", json::array())) {
        probe.reasonArgs.push_back(argument.is_string() ? argument.get<std::string>() : argument.dump());
    }
    const json loop = answer.value("loop", json());
    if (loop.is_string()) probe.loop = loop.get<std::string>();
    const json occurrence = answer.value("occurrence", json());
    if (occurrence.is_number_integer()) probe.occurrence = occurrence.get<std::int64_t>();
    probe.innerLoops = answer.value("innerLoops", std::vector<std::string>{});
    for (const std::string& name : answer.value("also", std::vector<std::string>{})) {
        if (const auto mode = modeNamed(name)) probe.also.push_back(*mode);
    }
    probe.level = answer.value("level", std::vector<std::string>{});
    return probe;
}

Decision decisionOf(const json& answer, const base::Uuid& version) {
    Decision decision;
    decision.version = version;
    const json error = answer.value("error", json());
    if (!answer.value("ok", false))
        decision.error = error.is_string() ? error.get<std::string>() : "the mode could not be decided";
    for (const json& probe : answer.value("probes", json::array())) decision.probes.push_back(probeOf(probe));
    return decision;
}

}  // namespace

Result<std::vector<Decision>> decideModes(const std::filesystem::path& interpreter,
                                          const std::filesystem::path& package,
                                          const std::vector<DecisionQuestion>& questions) {
    std::vector<Decision> decisions;
    if (questions.empty()) return decisions;
    base::ProcessSpec spec;
    spec.command = {interpreter.string(), "-m", "hindcast.decide"};
    spec.folder = "/";
    spec.environment = std::map<std::string, std::string>{{"PYTHONPATH", package.string()},
                                                          {"PYTHONDONTWRITEBYTECODE", "1"},
                                                          {"PATH", "/usr/bin:/bin"},
                                                          {"LC_ALL", "C.UTF-8"}};
    HINDCAST_ASSIGN(const base::CommandOutput output,
                    base::runCommand(spec, questionText(questions), std::chrono::seconds(60)));
    const json answer = json::parse(output.out, nullptr, false);
    if (output.status != 0 || !answer.is_object() || !answer.contains("versions")) {
        return Error(ErrorCode::Environment,
                     interpreter.string() + " could not decide how to replay: " + lastLine(output.err));
    }
    std::map<std::string, json> byVersion;
    for (const json& entry : answer["versions"]) byVersion[entry.value("uuid", std::string())] = entry;
    try {
        for (const DecisionQuestion& question : questions) {
            decisions.push_back(decisionOf(byVersion[question.version.text()], question.version));
        }
    } catch (const json::exception& problem) {
        return Error(ErrorCode::Internal,
                     std::string("the mode decision has a field of the wrong type: ") + problem.what());
    }
    return decisions;
}

}  // namespace hindcast::replay
