// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/read/mlflow.h"

#include <algorithm>
#include <array>

#include "core/base/file.h"
#include "core/base/lines.h"
#include "core/exchange/wire/texts.h"
#include "core/exchange/wire/yaml_file.h"

namespace hindcast::exchange {

using base::Error;
using base::ErrorCode;
using base::Result;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

bool isRun(const fs::path& folder) {
    std::error_code ignored;
    return fs::is_regular_file(folder / "meta.yaml", ignored) &&
           (fs::is_directory(folder / "metrics", ignored) || fs::is_directory(folder / "params", ignored));
}

std::vector<fs::path> foldersIn(const fs::path& folder) {
    std::vector<fs::path> folders;
    std::error_code code;
    for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
        std::error_code ignored;
        if (it->is_directory(ignored)) folders.push_back(it->path());
    }
    std::sort(folders.begin(), folders.end());
    return folders;
}

/// Runs at, one or two levels below `path`.
std::vector<fs::path> runsBelow(const fs::path& path) {
    if (isRun(path)) return {path};
    std::vector<fs::path> runs;
    for (const fs::path& inner : foldersIn(path)) {
        if (isRun(inner)) {
            runs.push_back(inner);
            continue;
        }
        for (const fs::path& deeper : foldersIn(inner))
            if (isRun(deeper)) runs.push_back(deeper);
    }
    return runs;
}

/// Files below a folder with their relative names: a key with slashes is a path.
std::vector<std::pair<std::string, fs::path>> keysIn(const fs::path& folder) {
    std::vector<std::pair<std::string, fs::path>> keys;
    std::error_code code;
    for (fs::recursive_directory_iterator it(folder, code), end; !code && it != end; it.increment(code)) {
        std::error_code ignored;
        if (it->is_regular_file(ignored)) keys.emplace_back(it->path().lexically_relative(folder).string(), it->path());
    }
    std::sort(keys.begin(), keys.end());
    return keys;
}

/// "time value step", blanks between; older stores have no step.
Result<bool> readLine(std::string_view line, const std::string& name, std::int64_t number, ImportedRun& run) {
    std::array<std::string_view, 3> parts{};
    for (std::string_view& part : parts) {
        const std::size_t space = line.find(' ');
        part = line.substr(0, space);
        line.remove_prefix(space == std::string_view::npos ? line.size() : space + 1);
    }
    const auto time = integerOf(parts[0]);
    const auto value = numberOf(parts[1]);
    const auto step = parts[2].empty() ? std::optional(number) : integerOf(parts[2]);
    if (!time || !value || !step) return false;
    constexpr std::int64_t kMostMillis = 253'402'300'800'000;
    const std::int64_t micros = *time > 0 && *time < kMostMillis ? *time * 1000 : 0;
    HINDCAST_ASSIGN(const PassId pass, run.pass(kOutside, "step", *step, micros));
    run.log(pass, name, *value, micros);
    return true;
}

Result<void> readMetrics(const fs::path& folder, ImportedRun& run) {
    for (const auto& [name, path] : keysIn(folder / "metrics")) {
        HINDCAST_ASSIGN(const std::string text, base::readTextFile(path));
        std::int64_t number = 0;
        for (std::string_view line : base::linesOf(text)) {
            const bool whole = line.ends_with('\n');
            while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
            if (line.empty()) continue;
            HINDCAST_ASSIGN(const bool read, readLine(line, name, number++, run));
            if (!read) run.leaveOut(whole ? "unreadable lines of metrics" : "metric lines that break off");
        }
    }
    return {};
}

std::map<std::string, std::string> textsIn(const fs::path& folder) {
    std::map<std::string, std::string> texts;
    constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 24;
    for (const auto& [key, path] : keysIn(folder))
        if (auto text = base::readTextFile(path, kMostBytes)) texts[key] = *std::move(text);
    return texts;
}

std::string textOf(const json& document, const char* key) {
    const auto found = document.find(key);
    if (found == document.end()) return {};
    return found->is_string() ? found->get<std::string>() : found->is_null() ? "" : found->dump();
}

std::int64_t millisOf(const json& document, const char* key) {
    const auto found = document.find(key);
    constexpr std::int64_t kMost = 253'402'300'800'000;
    const std::int64_t millis = found != document.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
    return millis > 0 && millis < kMost ? millis * 1000 : 0;
}

/// RunStatus: a number in files, a word in some older ones.
void takeStatus(const json& meta, ImportedRun& run) {
    const std::string status = textOf(meta, "status");
    if (status == "1" || status == "2" || status == "RUNNING" || status == "SCHEDULED")
        run.incomplete = "the run was not over when it was imported";
    if (status == "4" || status == "FAILED") run.exception = "MLflow marks the run as failed";
    if (status == "5" || status == "KILLED") run.exception = "MLflow marks the run as killed";
}

Result<ImportedRun> readRun(const fs::path& folder, const json& meta) {
    ImportedRun run;
    run.kind = "mlflow";
    run.source = folder.string();
    const std::string id = textOf(meta, "run_id").empty() ? textOf(meta, "run_uuid") : textOf(meta, "run_id");
    run.run = id.empty() ? folder.filename().string() : id;
    run.identity = run.run;
    const auto tags = textsIn(folder / "tags");
    const auto tag = [&tags](const char* key) { return tags.contains(key) ? tags.at(key) : std::string(); };
    run.note = textOf(meta, "run_name").empty() ? tag("mlflow.runName") : textOf(meta, "run_name");
    if (!tag("mlflow.note.content").empty()) run.note += (run.note.empty() ? "" : ": ") + tag("mlflow.note.content");
    run.script = tag("mlflow.source.name");
    run.gitHead = tag("mlflow.source.git.commit");
    run.gitRemote = tag("mlflow.source.git.repoURL");
    for (const auto& [name, text] : textsIn(folder / "params")) run.addArgument(name, valueOfText(text));
    HINDCAST_TRY(readMetrics(folder, run));
    if (const std::int64_t started = millisOf(meta, "start_time"); started > 0) run.startedMicros = started;
    if (const std::int64_t ended = millisOf(meta, "end_time"); ended > 0) run.endedMicros = ended;
    takeStatus(meta, run);
    return run;
}

}  // namespace

bool isMlflowStore(const fs::path& path) {
    return !runsBelow(path).empty();
}

Result<void> readMlflow(const fs::path& path, const RunSink& sink) {
    const std::vector<fs::path> runs = runsBelow(path);
    if (runs.empty())
        return Error(ErrorCode::NotFound, "no run of an MLflow file store (EXPERIMENT/RUN/meta.yaml) in " +
                                              path.string() + ": name the folder mlruns");
    for (const fs::path& folder : runs) {
        HINDCAST_ASSIGN(const json meta, readYaml(folder / "meta.yaml"));
        if (!meta.is_object()) return Error(ErrorCode::Parse, (folder / "meta.yaml").string() + " says nothing");
        if (textOf(meta, "lifecycle_stage") == "deleted") continue;
        HINDCAST_ASSIGN(ImportedRun run, readRun(folder, meta));
        HINDCAST_TRY(sink(std::move(run)));
    }
    return {};
}

}  // namespace hindcast::exchange
