// SPDX-License-Identifier: Apache-2.0
#include "core/replay/interpreter.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/base/file.h"
#include "core/base/process.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::Result;
using nlohmann::json;

namespace {

/// Variables of this process that any program needs and that do not change what a script computes.
constexpr std::array kInherited{"PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH"};

/// Caches go to the unit's folder; trackers in old code must neither talk to a server nor wait for one.
constexpr std::array<std::pair<const char*, const char*>, 12> kMuted{{{"WANDB_MODE", "disabled"},
                                                                      {"WANDB_SILENT", "true"},
                                                                      {"COMET_MODE", "disabled"},
                                                                      {"NEPTUNE_MODE", "debug"},
                                                                      {"CLEARML_OFFLINE_MODE", "1"},
                                                                      {"DISABLE_MLFLOW_INTEGRATION", "TRUE"},
                                                                      {"HF_HUB_OFFLINE", "1"},
                                                                      {"HF_DATASETS_OFFLINE", "1"},
                                                                      {"TRANSFORMERS_OFFLINE", "1"},
                                                                      {"MPLBACKEND", "Agg"},
                                                                      {"PYTHONDONTWRITEBYTECODE", "1"},
                                                                      {"PYTHONUNBUFFERED", "1"}}};
constexpr std::array<std::pair<const char*, const char*>, 7> kCaches{{{"MPLCONFIGDIR", "matplotlib"},
                                                                      {"NUMBA_CACHE_DIR", "numba"},
                                                                      {"TRITON_CACHE_DIR", "triton"},
                                                                      {"TORCHINDUCTOR_CACHE_DIR", "inductor"},
                                                                      {"TORCH_EXTENSIONS_DIR", "torch_extensions"},
                                                                      {"CUDA_CACHE_PATH", "cuda"},
                                                                      {"WANDB_DIR", "wandb"}}};

std::string textOr(const json& object, const char* key, const std::string& otherwise) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : otherwise;
}

std::map<std::string, std::string> texts(const json& object) {
    std::map<std::string, std::string> out;
    if (!object.is_object()) return out;
    for (const auto& [key, value] : object.items())
        out[key] = value.is_string() ? value.get<std::string>() : value.dump();
    return out;
}

int positive(const std::string& text) {
    const int value = std::atoi(text.c_str());
    return value > 0 ? value : 0;
}

/// The largest thread count that the run's environment asked for; the run's cores when it asked for none, because that
/// is what the libraries then take.
int recordedThreads(const RecordedProcess& process) {
    int threads = 0;
    for (const char* name : {"OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"}) {
        const auto found = process.environment.find(name);
        if (found != process.environment.end()) threads = std::max(threads, positive(found->second));
    }
    return threads > 0 ? threads : process.cores;
}

/// Imports nothing: looks the packages up as an import would and prints the version and what is missing.
constexpr const char* kLookUp = R"(
import importlib.util, json, sys
missing = []
for name in sys.argv[1:]:
    try:
        found = importlib.util.find_spec(name) is not None
    except Exception:
        found = False
    if not found:
        missing.append(name)
print(json.dumps({'version': '.'.join(map(str, sys.version_info[:3])), 'missing': missing})))";

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
    return out;
}

}  // namespace

Result<fs::path> pythonPackageFolder() {
    std::vector<fs::path> candidates;
    if (const char* named = std::getenv("HINDCAST_PYTHONPATH")) candidates.emplace_back(named);
    std::error_code problem;
    const fs::path program = fs::read_symlink("/proc/self/exe", problem).parent_path();
    if (!problem) {
        candidates.push_back(program.parent_path() / "python");
        candidates.push_back(program.parent_path().parent_path() / "python");
        candidates.push_back(program.parent_path() / "lib" / "hindcast" / "python");
    }
    for (const fs::path& candidate : candidates) {
        if (fs::exists(candidate / "hindcast" / "replay" / "worker.py", problem))
            return fs::weakly_canonical(candidate, problem);
    }
    return Error(ErrorCode::Environment,
                 "the Python package hindcast was not found beside this program; set HINDCAST_PYTHONPATH to the folder "
                 "that holds it");
}

Result<RecordedProcess> readRecordedProcess(const fs::path& versionFolder) {
    RecordedProcess process;
    HINDCAST_ASSIGN(process.runJson, base::readTextFile(versionFolder / "run.json"));
    const json run = json::parse(process.runJson, nullptr, false);
    if (!run.is_object())
        return Error(ErrorCode::Damaged, (versionFolder / "run.json").string() + " is not a run description");
    try {
        const json interpreter = run.value("interpreter", json::object());
        process.interpreter = textOr(interpreter, "path", "");
        process.interpreterVersion = textOr(interpreter, "version", "");
        process.project = textOr(run, "project", "");
        process.folder = textOr(run, "folder", process.project.string());
        process.script = textOr(run, "script", "");
        process.argv = run.value("argv", std::vector<std::string>{});
        process.arguments = texts(run.value("arguments", json::object()));
        process.environment = texts(run.value("environment", json::object()));
        for (const auto& [name, version] : texts(run.value("packages", json::object())))
            process.packages.push_back(name);
        if (const json parent = run.value("parent", json()); parent.is_object())
            process.startedBy = textOr(parent, "process", "a child process");
        process.hashSeed = textOr(run.value("hashSeed", json::object()), "set", "");
        process.cores = std::max(1, run.value("host", json::object()).value("cores", 1));
        process.startedMicros = run.value("startedMicros", std::int64_t{0});
    } catch (const json::exception& problem) {
        return Error(ErrorCode::Damaged,
                     (versionFolder / "run.json").string() + " has a field of the wrong type: " + problem.what());
    }
    process.threads = recordedThreads(process);
    return process;
}

void addEnvironmentNote(RecordedProcess& process, const std::string& noteJson) {
    const json note = json::parse(noteJson, nullptr, false);
    if (!note.is_object()) return;
    const auto packages = note.find("packages");
    if (packages != note.end()) {
        for (const auto& [name, version] : texts(*packages)) process.packages.push_back(name);
    }
    std::sort(process.packages.begin(), process.packages.end());
    process.packages.erase(std::unique(process.packages.begin(), process.packages.end()), process.packages.end());
    const auto flags = note.find("flags");
    if (flags == note.end() || !flags->is_object()) return;
    process.gpu = textOr(*flags, "gpu", "");
    const auto threads = flags->find("threads");
    if (threads != flags->end() && threads->is_number_integer()) process.threads = std::max(1, threads->get<int>());
}

Result<void> checkInterpreter(const RecordedProcess& process) {
    const std::string path = process.interpreter.string();
    if (path.empty() || ::access(path.c_str(), X_OK) != 0) {
        return Error(ErrorCode::Environment,
                     "the Python that recorded this version, " + (path.empty() ? "(unknown)" : path) +
                         ", is not there any more; install it again or make a link to one like it");
    }
    base::ProcessSpec spec;
    spec.command = {path, "-c", kLookUp};
    for (const std::string& name : process.packages) spec.command.push_back(name);
    HINDCAST_ASSIGN(const base::CommandOutput output, base::runCommand(spec, "", std::chrono::seconds(30)));
    const json answer = json::parse(output.out, nullptr, false);
    if (output.status != 0 || !answer.is_object()) {
        return Error(ErrorCode::Environment,
                     "the Python that recorded this version, " + path + ", does not start: " + output.err);
    }
    const std::string version = textOr(answer, "version", "");
    const std::string recorded = process.interpreterVersion.substr(0, process.interpreterVersion.rfind('.'));
    if (!recorded.empty() && !version.starts_with(recorded)) {
        return Error(ErrorCode::Environment, path + " is Python " + version + " now; this version was recorded with " +
                                                 process.interpreterVersion);
    }
    const auto missing = answer.value("missing", std::vector<std::string>{});
    if (missing.empty()) return {};
    return Error(ErrorCode::Environment, path + " no longer has " + joined(missing) +
                                             ", which this version used; install " +
                                             (missing.size() == 1 ? "it" : "them") + " there again");
}

void redirectCaches(std::map<std::string, std::string>& environment, const std::string& caches) {
    for (const auto& [name, folder] : kCaches) environment[name] = caches + "/" + folder;
    environment["MLFLOW_TRACKING_URI"] = "file:" + caches + "/mlflow";
}

std::map<std::string, std::string> workerEnvironment(const RecordedProcess& process, const fs::path& package) {
    std::map<std::string, std::string> environment;
    for (const char* name : kInherited) {
        if (const char* value = std::getenv(name)) environment[name] = value;
    }
    for (const auto& [name, value] : process.environment) environment[name] = value;
    for (const auto& [name, value] : kMuted) environment[name] = value;
    if (!process.hashSeed.empty()) environment["PYTHONHASHSEED"] = process.hashSeed;
    const auto recorded = process.environment.find("PYTHONPATH");
    environment["PYTHONPATH"] =
        package.string() +
        (recorded == process.environment.end() || recorded->second.empty() ? "" : ":" + recorded->second);
    return environment;
}

}  // namespace hindcast::replay
