// SPDX-License-Identifier: Apache-2.0
#include "core/replay/plan/decide.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <string_view>
#include <unordered_map>

#include "core/base/file.h"
#include "core/base/process.h"
#include "core/format/digest.h"
#include "core/replay/last_line.h"

namespace hindcast::replay {

using base::Error;
using base::ErrorCode;
using base::Result;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostAnswers = 20'000;
/// A start of Python on a machine under load, and a version of a large project whose every file is another.
constexpr std::chrono::seconds kPatience{60}, kPatienceForEach{10};

/// Each text once, however many versions have it.
std::string requestText(const std::vector<const DecisionQuestion*>& questions) {
    json texts = json::array();
    std::unordered_map<std::string_view, std::size_t> known;
    json versions = json::array();
    for (const DecisionQuestion* question : questions) {
        json files = json::object();
        for (const auto& [path, text] : question->files) {
            const auto [place, isNew] = known.emplace(*text, texts.size());
            if (isNew) texts.push_back(*text);
            files[path] = place->second;
        }
        json injected = json::array();
        for (const Injection& entry : question->injected) {
            injected.push_back(
                {{"file", entry.file}, {"first", entry.first}, {"last", entry.last}, {"probe", entry.probe}});
        }
        versions.push_back({{"uuid", question->version.text()},
                            {"versionFolder", question->versionFolder.string()},
                            {"files", std::move(files)},
                            {"script", question->script},
                            {"injected", std::move(injected)}});
    }
    return json{{"texts", std::move(texts)}, {"versions", std::move(versions)}}.dump(-1, ' ', false,
                                                                                     json::error_handler_t::replace);
}

/// Names, sizes and times of what a folder holds directly.
std::string stateOf(const fs::path& folder) {
    std::vector<std::string> entries;
    std::error_code problem;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, problem)) {
        const auto time = entry.last_write_time(problem).time_since_epoch().count();
        const auto size = entry.is_regular_file(problem) ? entry.file_size(problem) : 0;
        entries.push_back(entry.path().filename().string() + " " + std::to_string(size) + " " + std::to_string(time));
    }
    std::sort(entries.begin(), entries.end());
    std::string state;
    for (const std::string& entry : entries) state += entry + "\n";
    return state;
}

std::string keyOf(const DecisionQuestion& question, const std::string& packageState) {
    format::DigestStream stream;
    const auto add = [&stream](const std::string& text) {
        stream.update(base::bytesOf(std::to_string(text.size()) + ":"));
        stream.update(base::bytesOf(text));
    };
    add(packageState);
    add(question.version.text());
    add(stateOf(question.versionFolder));
    add(question.script);
    for (const auto& [path, text] : question.files) {
        add(path);
        add(*text);
    }
    for (const Injection& entry : question.injected) {
        add(entry.file);
        add(std::to_string(entry.first) + " " + std::to_string(entry.last) + " " + std::to_string(entry.probe));
    }
    return stream.digest().hex();
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

Result<std::map<std::string, json>> ask(const fs::path& interpreter, const fs::path& package,
                                        const std::vector<const DecisionQuestion*>& questions) {
    base::ProcessSpec spec;
    spec.command = {interpreter.string(), "-m", "hindcast.decide"};
    spec.folder = "/";
    spec.environment = std::map<std::string, std::string>{{"PYTHONPATH", package.string()},
                                                          {"PYTHONDONTWRITEBYTECODE", "1"},
                                                          {"PATH", "/usr/bin:/bin"},
                                                          {"LC_ALL", "C.UTF-8"}};
    const auto patience = kPatience + kPatienceForEach * static_cast<int>(questions.size());
    HINDCAST_ASSIGN(const base::CommandOutput output, base::runCommand(spec, requestText(questions), patience));
    const json answer = json::parse(output.out, nullptr, false);
    if (output.status != 0 || !answer.is_object() || !answer.contains("versions")) {
        return Error(ErrorCode::Environment,
                     interpreter.string() + " could not decide how to replay: " + lastLine(output.err));
    }
    std::map<std::string, json> byVersion;
    for (const json& entry : answer["versions"]) byVersion[entry.value("uuid", std::string())] = entry;
    return byVersion;
}

}  // namespace

ModeDecider::ModeDecider(fs::path package, fs::path memory)
    : m_package(std::move(package)), m_memory(std::move(memory)) {}

void ModeDecider::load() {
    m_loaded = true;
    m_packageState = HINDCAST_VERSION "\n";
    for (const char* part : {"decide", "replay", "state"}) m_packageState += stateOf(m_package / "hindcast" / part);
    const auto text = base::readTextFile(m_memory);
    const json entries = text ? json::parse(*text, nullptr, false) : json();
    if (!entries.is_object()) return;
    for (const auto& [key, answer] : entries.items()) {
        if (answer.is_string()) m_answers[key] = answer.get<std::string>();
    }
}

/// A failure only costs time later.
void ModeDecider::save() const {
    const std::string text = json(m_answers).dump(-1, ' ', false, json::error_handler_t::replace);
    (void)base::writeFileAtomically(m_memory, base::bytesOf(text));
}

Result<std::vector<Decision>> ModeDecider::decide(const fs::path& interpreter,
                                                  const std::vector<DecisionQuestion>& questions) {
    if (!m_loaded) load();
    std::vector<std::string> keys;
    std::vector<const DecisionQuestion*> open;
    for (const DecisionQuestion& question : questions) {
        keys.push_back(keyOf(question, m_packageState));
        if (!m_answers.contains(keys.back())) open.push_back(&question);
    }
    std::map<std::string, json> byVersion;
    if (!open.empty()) {
        HINDCAST_ASSIGN(byVersion, ask(interpreter, m_package, open));
        if (m_answers.size() + open.size() > kMostAnswers) m_answers.clear();
    }
    std::vector<Decision> decisions;
    try {
        for (std::size_t at = 0; at < questions.size(); ++at) {
            const auto known = m_answers.find(keys[at]);
            const json answer = known == m_answers.end() ? byVersion[questions[at].version.text()]
                                                         : json::parse(known->second, nullptr, false);
            decisions.push_back(decisionOf(answer, questions[at].version));
            if (known == m_answers.end() && decisions.back().error.empty())
                m_answers[keys[at]] = answer.dump(-1, ' ', false, json::error_handler_t::replace);
        }
    } catch (const json::exception& problem) {
        return Error(ErrorCode::Internal,
                     std::string("the mode decision has a field of the wrong type: ") + problem.what());
    }
    if (!open.empty()) save();
    return decisions;
}

}  // namespace hindcast::replay
