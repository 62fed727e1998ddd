// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/write/mlflow_store.h"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/file.h"
#include "core/format/digest.h"

namespace hindcast::exchange {

using base::Result;
namespace fs = std::filesystem;

namespace {

constexpr const char* kExperiment = "hindcast";
constexpr const char* kExperimentId = "480014510311600437";

/// A name that MLflow takes: letters, digits, "_-. :/", and no part that leaves the folder.
std::string allowedName(const std::string& name) {
    std::string out;
    for (const char c : name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        out += plain || std::string_view("_-. :/").find(c) != std::string_view::npos ? c : '_';
    }
    std::string path;
    for (const fs::path& part : fs::path(out)) {
        const std::string text = part.string();
        if (text.empty() || text == "/") continue;
        path += (path.empty() ? "" : "/") + (text == "." || text == ".." ? std::string(text.size(), '_') : text);
    }
    return path.empty() ? "_" : path;
}

/// Names of files for names: each once, and none the folder of another.
class FileNames {
public:
    std::string nameOf(const std::string& name) {
        std::string file = allowedName(name);
        while (isTaken(file)) file += "_";
        m_taken.insert(file);
        return file;
    }

private:
    bool isTaken(const std::string& file) const {
        if (m_taken.contains(file)) return true;
        const auto below = m_taken.lower_bound(file + "/");
        if (below != m_taken.end() && below->starts_with(file + "/")) return true;
        for (std::size_t slash = file.find('/'); slash != std::string::npos; slash = file.find('/', slash + 1))
            if (m_taken.contains(file.substr(0, slash))) return true;
        return false;
    }

    std::set<std::string> m_taken;
};

/// As Python's float() reads it back to the same bits.
std::string numberText(double value) {
    if (std::isnan(value)) return "nan";
    char text[32];
    const auto [end, failed] = std::to_chars(text, text + sizeof text, value);
    return failed == std::errc() ? std::string(text, end) : "nan";
}

/// A YAML scalar: JSON's quoting is YAML's.
std::string quoted(const std::string& text) {
    return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

Result<void> writeText(const fs::path& path, const std::string& text) {
    HINDCAST_TRY(base::makeFolder(path.parent_path()));
    return base::writeFileAtomically(path, base::bytesOf(text));
}

std::string metricText(const ExportedSeries& series) {
    std::string text;
    for (std::size_t at = 0; at < series.values.size(); ++at)
        text += std::to_string(series.micros[at] / 1000) + " " + numberText(series.values[at]) + " " +
                std::to_string(series.steps[at]) + "\n";
    return text;
}

std::string metaText(const ExportedRun& run, const std::string& id, const std::string& name, const fs::path& folder) {
    const std::int64_t ended = run.version.endedMicros > 0 ? run.version.endedMicros : run.version.startedMicros;
    return "artifact_uri: " + quoted("file://" + (folder / "artifacts").string()) +
           "\nend_time: " + std::to_string(ended / 1000) + "\nentry_point_name: ''\nexperiment_id: '" + kExperimentId +
           "'\nlifecycle_stage: active\nrun_id: " + quoted(id) + "\nrun_name: " + quoted(name) +
           "\nrun_uuid: " + quoted(id) + "\nsource_name: " + quoted(run.version.script) +
           "\nsource_type: 4\nsource_version: " + quoted(run.version.gitHead) +
           "\nstart_time: " + std::to_string(run.version.startedMicros / 1000) + "\nstatus: 3\ntags: []\nuser_id: ''\n";
}

Result<void> writeRun(const ExportedRun& run, const fs::path& experiment) {
    const std::string id = format::digest128(base::bytesOf(run.version.uuid.text() + run.label)).hex();
    const fs::path folder = experiment / id;
    const std::string name = run.source == "replayed" ? run.label + " (replayed by Hindcast)" : run.label;
    HINDCAST_TRY(base::removeTree(folder));
    for (const char* part : {"metrics", "params", "tags", "artifacts"}) HINDCAST_TRY(base::makeFolder(folder / part));
    FileNames parameters;
    for (const store::ArgumentRow& argument : run.arguments)
        HINDCAST_TRY(writeText(folder / "params" / parameters.nameOf(argument.name), argument.text));
    FileNames metrics;
    for (const ExportedSeries& series : run.series)
        HINDCAST_TRY(writeText(folder / "metrics" / metrics.nameOf(series.name), metricText(series)));
    const std::pair<const char*, std::string> tags[] = {{"mlflow.runName", name},
                                                        {"mlflow.source.name", run.version.script},
                                                        {"mlflow.source.git.commit", run.version.gitHead},
                                                        {"hindcast.source", run.source},
                                                        {"hindcast.fidelity", run.fidelity},
                                                        {"hindcast.version", run.version.uuid.text()}};
    for (const auto& [key, text] : tags)
        if (!text.empty()) HINDCAST_TRY(writeText(folder / "tags" / key, text));
    // Last: a folder without it is no run.
    return writeText(folder / "meta.yaml", metaText(run, id, name, folder));
}

}  // namespace

Result<void> writeMlflow(const ExportedRuns& runs, const fs::path& folder) {
    const fs::path experiment = fs::absolute(folder) / kExperimentId;
    HINDCAST_TRY(writeText(experiment / "meta.yaml", "artifact_location: " + quoted("file://" + experiment.string()) +
                                                         "\nexperiment_id: '" + kExperimentId +
                                                         "'\nlifecycle_stage: active\nname: " + kExperiment + "\n"));
    for (const ExportedRun& run : runs.runs) HINDCAST_TRY(writeRun(run, experiment));
    return {};
}

}  // namespace hindcast::exchange
