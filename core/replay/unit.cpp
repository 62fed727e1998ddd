// SPDX-License-Identifier: Apache-2.0
#include "core/replay/unit.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace hindcast::replay {

using base::Error;
using base::ErrorCode;
using base::Result;
using nlohmann::json;

namespace {

constexpr std::array<std::pair<Mode, std::string_view>, 7> kModeNames{{{Mode::Prefix, "prefix"},
                                                                       {Mode::Pre, "pre"},
                                                                       {Mode::Shallow, "shallow"},
                                                                       {Mode::Deep, "deep"},
                                                                       {Mode::Mid, "mid"},
                                                                       {Mode::Suffix, "suffix"},
                                                                       {Mode::Beginning, "beginning"}}};

json probesJson(const Unit& unit) {
    json probes = json::array();
    for (const ProbeInUnit& probe : unit.probes) {
        probes.push_back({{"id", probe.id},
                          {"revision", probe.revision},
                          {"name", probe.name},
                          {"memo", probe.memo},
                          {"text", probe.text}});
    }
    return probes;
}

Unit unitOf(const json& document) {
    Unit unit;
    const json& replay = document.at("run").at("replay");
    unit.replay = base::Uuid::parse(document.at("replay").get<std::string>()).value_or(base::Uuid{});
    unit.version = base::Uuid::parse(replay.at("version").get<std::string>()).value_or(base::Uuid{});
    unit.mode = modeNamed(document.at("mode").get<std::string>()).value_or(Mode::Deep);
    unit.loop = document.at("loop");
    unit.occurrence = document.value("occurrence", std::int64_t{0});
    unit.estimatedSeconds = document.value("estimatedSeconds", 0.0);
    unit.resource = document.value("resource", std::string());
    unit.first = document.at("first");
    unit.last = document.at("last");
    unit.iterations = document.value("iterations", std::vector<std::int64_t>());
    if (const json latest = document.value("latest", json()); latest.is_number_integer())
        unit.latest = latest.get<std::int64_t>();
    if (const json steps = document.value("steps", json()); steps.is_object())
        unit.steps = StepRange{steps.at("loop"), steps.at("first"), steps.at("last")};
    unit.innerLoops = document.at("innerLoops").get<std::vector<std::string>>();
    for (const json& entry : document.at("injected")) {
        unit.injected.push_back({entry.at("file"), entry.at("first"), entry.at("last"), entry.at("probe")});
    }
    for (const json& probe : replay.at("probes")) {
        unit.probes.push_back(
            {probe.at("id"), probe.at("revision"), probe.at("name"), probe.at("memo"), probe.at("text")});
    }
    unit.script = document.at("script");
    unit.argv = document.at("argv").get<std::vector<std::string>>();
    unit.arguments = document.at("arguments").get<std::map<std::string, std::string>>();
    if (const json& tolerance = document.at("tolerance"); tolerance.is_number())
        unit.tolerance = tolerance.get<double>();
    return unit;
}

}  // namespace

std::string_view modeName(Mode mode) {
    for (const auto& [value, name] : kModeNames) {
        if (value == mode) return name;
    }
    return "deep";
}

std::optional<Mode> modeNamed(std::string_view name) {
    for (const auto& [value, text] : kModeNames) {
        if (text == name) return value;
    }
    return std::nullopt;
}

bool answers(Mode done, Mode asked) {
    if (done == asked || done == Mode::Beginning) return true;
    switch (asked) {
        case Mode::Pre:
            return done == Mode::Shallow || done == Mode::Deep;
        case Mode::Shallow:
        case Mode::Mid:
            return done == Mode::Deep;
        case Mode::Prefix:
        case Mode::Suffix:
        case Mode::Deep:
        case Mode::Beginning:
            return false;
    }
    return false;
}

Result<std::string> unitJson(const Unit& unit, const UnitPlaces& places, const std::string& runJson) {
    json run = json::parse(runJson, nullptr, false);
    if (!run.is_object())
        return Error(ErrorCode::InvalidArgument, "the run description of the replay is not a JSON object");
    json injected = json::array();
    for (const Injection& entry : unit.injected) {
        injected.push_back(
            {{"file", entry.file}, {"first", entry.first}, {"last", entry.last}, {"probe", entry.probe}});
    }
    json document = {{"format", 1},
                     {"replay", unit.replay.text()},
                     {"folder", places.folder},
                     {"run", std::move(run)},
                     {"versionFolder", places.versionFolder},
                     {"project", places.project},
                     {"script", unit.script},
                     {"argv", unit.argv},
                     {"arguments", unit.arguments},
                     {"injected", std::move(injected)},
                     {"mode", modeName(unit.mode)},
                     {"loop", unit.loop},
                     {"occurrence", unit.occurrence},
                     {"first", unit.first},
                     {"last", unit.last},
                     {"innerLoops", unit.innerLoops},
                     {"estimatedSeconds", unit.estimatedSeconds},
                     {"resource", unit.resource},
                     {"tolerance", unit.tolerance ? json(*unit.tolerance) : json(nullptr)}};
    if (!unit.iterations.empty()) document["iterations"] = unit.iterations;
    if (unit.latest) document["latest"] = *unit.latest;
    if (unit.steps) {
        document["steps"] = {{"loop", unit.steps->loop}, {"first", unit.steps->first}, {"last", unit.steps->last}};
    }
    return document.dump(1, ' ', false, json::error_handler_t::replace);
}

Result<Unit> parseUnitJson(const std::string& text) {
    const json document = json::parse(text, nullptr, false);
    if (!document.is_object()) return Error(ErrorCode::Parse, "the unit description is not a JSON object");
    try {
        return unitOf(document);
    } catch (const json::exception& problem) {
        return Error(ErrorCode::Parse, std::string("the unit description misses a field: ") + problem.what());
    }
}

Result<std::string> composeRunJson(const Unit& unit, const std::string& versionRunJson) {
    json run = json::parse(versionRunJson, nullptr, false);
    if (!run.is_object()) return Error(ErrorCode::Damaged, "run.json of the version is not a JSON object");
    run["format"] = 1;
    run["kind"] = "replay";
    run["uuid"] = unit.replay.text();
    run["job"] = nullptr;
    run["replay"] = {{"version", unit.version.text()},
                     {"mode", modeName(unit.mode)},
                     {"loop", unit.loop},
                     {"first", unit.first},
                     {"last", unit.last},
                     {"probes", probesJson(unit)}};
    return run.dump(1, ' ', false, json::error_handler_t::replace);
}

}  // namespace hindcast::replay
