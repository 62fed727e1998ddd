// SPDX-License-Identifier: Apache-2.0
#include "core/format/run_info.h"

#include <nlohmann/json.hpp>

#include "core/base/clock.h"

namespace hindcast::format {

using base::Error;
using base::ErrorCode;
using base::Result;
using Json = nlohmann::ordered_json;

namespace {

/// Takes fields out of one object; a field that is absent or null leaves its target as it is, one of another type is an
/// error.
class Fields {
public:
    Fields(const Json& object, bool& valid) : m_object(object), m_valid(valid) {
        if (!object.is_object()) m_valid = false;
    }
    template <class T>
    Fields& take(const char* name, T& target) {
        const Json* field = find(name);
        if (field == nullptr) return *this;
        if (accepts(*field, target)) {
            target = field->get<T>();
        } else {
            m_valid = false;
        }
        return *this;
    }
    const Json* find(const char* name) const {
        if (!m_object.is_object()) return nullptr;
        const auto field = m_object.find(name);
        return field == m_object.end() || field->is_null() ? nullptr : &*field;
    }

private:
    static bool accepts(const Json& field, const std::string&) { return field.is_string(); }
    static bool accepts(const Json& field, std::int64_t) { return field.is_number_integer(); }
    static bool accepts(const Json& field, bool) { return field.is_boolean(); }
    static bool accepts(const Json& field, const std::vector<std::string>&) {
        return field.is_array() &&
               std::all_of(field.begin(), field.end(), [](const Json& item) { return item.is_string(); });
    }
    static bool accepts(const Json& field, const std::map<std::string, std::string>&) {
        return field.is_object() &&
               std::all_of(field.begin(), field.end(), [](const Json& item) { return item.is_string(); });
    }

    const Json& m_object;
    bool& m_valid;
};

void readReplay(const Json& object, ReplayInfo& replay, bool& valid) {
    Fields fields(object, valid);
    fields.take("version", replay.version).take("mode", replay.mode).take("loop", replay.loop);
    fields.take("first", replay.first).take("last", replay.last);
    const Json* probes = fields.find("probes");
    if (probes == nullptr) return;
    if (!probes->is_array()) {
        valid = false;
        return;
    }
    for (const Json& item : *probes) {
        ReplayProbe& probe = replay.probes.emplace_back();
        Fields(item, valid)
            .take("id", probe.id)
            .take("revision", probe.revision)
            .take("name", probe.name)
            .take("memo", probe.memo)
            .take("text", probe.text);
    }
}

void readOrigin(const Fields& fields, RunInfo& run, bool& valid) {
    if (const Json* git = fields.find("git")) {
        GitInfo& info = run.git.emplace();
        Fields(*git, valid)
            .take("head", info.head)
            .take("branch", info.branch)
            .take("dirty", info.dirty)
            .take("remote", info.remote);
    }
    if (const Json* job = fields.find("job")) {
        JobInfo& info = run.job.emplace();
        Fields(*job, valid).take("id", info.id).take("rank", info.rank).take("worldSize", info.worldSize);
    }
    if (const Json* seed = fields.find("hashSeed")) {
        Fields seedFields(*seed, valid);
        if (seedFields.find("set") != nullptr) seedFields.take("set", run.hashSeed.set.emplace());
        seedFields.take("fingerprint", run.hashSeed.fingerprint);
    }
    if (const Json* replay = fields.find("replay")) readReplay(*replay, run.replay.emplace(), valid);
    if (const Json* imported = fields.find("imported")) {
        ImportInfo& info = run.imported.emplace();
        Fields(*imported, valid)
            .take("kind", info.kind)
            .take("source", info.source)
            .take("run", info.run)
            .take("key", info.key)
            .take("content", info.content)
            .take("values", info.values);
    }
}

void readMachine(const Fields& fields, RunInfo& run, bool& valid) {
    if (const Json* interpreter = fields.find("interpreter")) {
        Fields(*interpreter, valid)
            .take("path", run.interpreter.path)
            .take("version", run.interpreter.version)
            .take("implementation", run.interpreter.implementation)
            .take("prefix", run.interpreter.prefix);
    }
    if (const Json* host = fields.find("host")) {
        Fields(*host, valid)
            .take("name", run.host.name)
            .take("system", run.host.system)
            .take("machine", run.host.machine)
            .take("cpu", run.host.cpu)
            .take("cores", run.host.cores)
            .take("memoryBytes", run.host.memoryBytes);
    }
}

Json replayJson(const ReplayInfo& replay) {
    Json probes = Json::array();
    for (const ReplayProbe& probe : replay.probes) {
        probes.push_back({{"id", probe.id},
                          {"revision", probe.revision},
                          {"name", probe.name},
                          {"memo", probe.memo},
                          {"text", probe.text}});
    }
    return {{"version", replay.version}, {"mode", replay.mode}, {"loop", replay.loop},
            {"first", replay.first},     {"last", replay.last}, {"probes", std::move(probes)}};
}

Json originJson(const RunInfo& run) {
    Json out = Json::object();
    out["git"] = nullptr;
    if (run.git) {
        out["git"] = {{"head", run.git->head},
                      {"branch", run.git->branch},
                      {"dirty", run.git->dirty},
                      {"remote", run.git->remote}};
    }
    out["job"] = nullptr;
    if (run.job) out["job"] = {{"id", run.job->id}, {"rank", run.job->rank}, {"worldSize", run.job->worldSize}};
    out["hashSeed"] = {{"set", nullptr}, {"fingerprint", run.hashSeed.fingerprint}};
    if (run.hashSeed.set) out["hashSeed"]["set"] = *run.hashSeed.set;
    return out;
}

}  // namespace

Result<RunInfo> parseRunInfo(std::string_view json) {
    const Json document = Json::parse(json, nullptr, false);
    if (!document.is_object()) return Error(ErrorCode::Damaged, "run.json is not a JSON object");
    RunInfo run;
    bool valid = true;
    Fields fields(document, valid);
    fields.take("format", run.format);
    if (run.format > 1)
        return Error(ErrorCode::NewerFormat,
                     "run.json was written by a newer program (format " + std::to_string(run.format) + ")");
    fields.take("kind", run.kind).take("uuid", run.uuid).take("startedMicros", run.startedMicros);
    fields.take("project", run.project).take("script", run.script).take("folder", run.folder);
    fields.take("argv", run.argv).take("arguments", run.arguments);
    fields.take("environment", run.environment).take("packages", run.packages);
    fields.take("pid", run.pid).take("bootId", run.bootId);
    readMachine(fields, run, valid);
    readOrigin(fields, run, valid);
    if (!valid) return Error(ErrorCode::Damaged, "run.json has a field of another type than FORMAT.md says");
    return run;
}

std::string writeRunInfo(const RunInfo& run) {
    Json out = {{"format", run.format},
                {"kind", run.kind},
                {"uuid", run.uuid},
                {"started", base::isoTime(run.startedMicros)},
                {"startedMicros", run.startedMicros},
                {"project", run.project},
                {"script", run.script},
                {"folder", run.folder},
                {"argv", run.argv},
                {"arguments", run.arguments}};
    out["interpreter"] = {{"path", run.interpreter.path},
                          {"version", run.interpreter.version},
                          {"implementation", run.interpreter.implementation},
                          {"prefix", run.interpreter.prefix}};
    out["environment"] = run.environment;
    out["packages"] = run.packages;
    out["host"] = {{"name", run.host.name}, {"system", run.host.system}, {"machine", run.host.machine},
                   {"cpu", run.host.cpu},   {"cores", run.host.cores},   {"memoryBytes", run.host.memoryBytes}};
    out.update(originJson(run));
    out["pid"] = run.pid;
    out["bootId"] = run.bootId;
    if (run.replay) out["replay"] = replayJson(*run.replay);
    if (run.imported) {
        const ImportInfo& info = *run.imported;
        out["imported"] = {{"kind", info.kind}, {"source", info.source},   {"run", info.run},
                           {"key", info.key},   {"content", info.content}, {"values", info.values}};
    }
    return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace hindcast::format
