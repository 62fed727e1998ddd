// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/read/wandb.h"

#include <algorithm>

#include "core/base/file.h"
#include "core/exchange/read/wandb_records.h"
#include "core/exchange/wire/record_files.h"
#include "core/exchange/wire/texts.h"
#include "core/exchange/wire/yaml_file.h"

namespace hindcast::exchange {

using base::Error;
using base::ErrorCode;
using base::Result;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

bool isRunFolder(const fs::path& path) {
    const std::string name = path.filename().string();
    std::error_code ignored;
    return (name.starts_with("run-") || name.starts_with("offline-run-")) && fs::is_directory(path, ignored);
}

std::vector<fs::path> runFolders(const fs::path& path) {
    if (path.extension() == ".wandb" && isRunFolder(path.parent_path())) return {path.parent_path()};
    if (isRunFolder(path)) return {path};
    std::vector<fs::path> folders;
    for (const fs::path& at : {path, path / "wandb"}) {
        std::error_code code;
        for (fs::directory_iterator it(at, code), end; !code && it != end; it.increment(code))
            // latest-run and its like are links to one of the others.
            if (!it->is_symlink(code) && isRunFolder(it->path())) folders.push_back(it->path());
    }
    std::sort(folders.begin(), folders.end());
    return folders;
}

std::optional<fs::path> logIn(const fs::path& folder) {
    std::error_code code;
    for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code))
        if (it->path().extension() == ".wandb") return it->path();
    return std::nullopt;
}

Result<void> readLog(const fs::path& path, WandbRecords& records, ImportedRun& run) {
    HINDCAST_ASSIGN(WandbLogReader log, WandbLogReader::open(path));
    for (;;) {
        HINDCAST_ASSIGN(const auto record, log.next());
        if (!record) break;
        HINDCAST_TRY(records.take(*record));
    }
    if (log.problem().empty()) return {};
    run.remarks.push_back(path.filename().string() + ": " + log.problem());
    if (log.isCutOff()) run.incomplete = run.remarks.back();
    return {};
}

/// config.yaml: each name has {desc, value}.
Result<void> readConfig(const fs::path& path, WandbRecords& records) {
    std::error_code ignored;
    if (!fs::exists(path, ignored)) return {};
    HINDCAST_ASSIGN(const json document, readYaml(path));
    if (!document.is_object()) return {};
    for (const auto& [name, entry] : document.items())
        if (entry.is_object() && entry.contains("value")) records.configure(name, entry["value"]);
    return {};
}

json jsonIn(const fs::path& path) {
    const auto text = base::readTextFile(path);
    json document = text ? parseJson(*text) : json();
    return document.is_object() ? document : json::object();
}

Result<ImportedRun> readRun(const fs::path& folder) {
    ImportedRun run;
    run.kind = "wandb";
    run.source = folder.string();
    run.run = folder.filename().string();
    const bool offline = run.run.starts_with("offline-");
    run.identity = offline ? run.run.substr(std::string_view("offline-").size()) : run.run;
    WandbRecords records(run);
    const fs::path files = folder / "files";
    HINDCAST_TRY(readConfig(files / "config.yaml", records));
    const json summary = jsonIn(files / "wandb-summary.json");
    for (const auto& [name, value] : summary.items()) records.summarize(name, value);
    const std::optional<fs::path> log = logIn(folder);
    if (log)
        HINDCAST_TRY(readLog(*log, records, run));
    else
        run.remarks.push_back("there is no .wandb file, so only configuration and summary were read");
    const json metadata = jsonIn(files / "wandb-metadata.json");
    const json program = metadata.value("codePath", metadata.value("program", json()));
    if (program.is_string()) run.script = program.get<std::string>();
    if (const json started = metadata.value("startedAt", json()); run.startedMicros == 0 && started.is_string())
        run.startedMicros = timeOf(started.get<std::string>()).value_or(0);
    records.finish(log.has_value());
    if (run.note.empty()) run.note = run.run;
    return run;
}

}  // namespace

bool isWandb(const fs::path& path) {
    for (const fs::path& folder : runFolders(path)) {
        std::error_code ignored;
        if (logIn(folder) || fs::exists(folder / "files" / "wandb-summary.json", ignored) ||
            fs::exists(folder / "files" / "config.yaml", ignored))
            return true;
    }
    return false;
}

Result<void> readWandb(const fs::path& path, const RunSink& sink) {
    const std::vector<fs::path> folders = runFolders(path);
    if (folders.empty())
        return Error(ErrorCode::NotFound, "no run of Weights & Biases (offline-run-…, run-…) in " + path.string() +
                                              ": name the folder wandb");
    for (const fs::path& folder : folders) {
        HINDCAST_ASSIGN(ImportedRun run, readRun(folder));
        HINDCAST_TRY(sink(std::move(run)));
    }
    return {};
}

}  // namespace hindcast::exchange
