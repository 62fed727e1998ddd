// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/read/tensorboard.h"

#include <algorithm>
#include <map>

#include "core/exchange/read/event_summary.h"
#include "core/exchange/wire/record_files.h"
#include "core/exchange/wire/texts.h"

namespace hindcast::exchange {

using base::Error;
using base::ErrorCode;
using base::Result;
namespace fs = std::filesystem;

namespace {

/// Event files by the folder they are in.
Result<std::map<fs::path, std::vector<fs::path>>> eventFiles(const fs::path& path) {
    std::map<fs::path, std::vector<fs::path>> folders;
    std::error_code code;
    if (fs::is_regular_file(path, code)) {
        folders[path.parent_path()].push_back(path);
        return folders;
    }
    const auto options = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator it(path, options, code), end; !code && it != end; it.increment(code)) {
        std::error_code ignored;
        if (isEventFile(it->path()) && it->is_regular_file(ignored))
            folders[it->path().parent_path()].push_back(it->path());
    }
    if (code) return Error::fromErrno(code.value(), "cannot list " + path.string());
    // The name begins with when the file was begun.
    for (auto& [folder, files] : folders) std::sort(files.begin(), files.end());
    return folders;
}

Result<void> readFile(const fs::path& path, EventSink& sink, ImportedRun& run) {
    HINDCAST_ASSIGN(TfRecordReader records, TfRecordReader::open(path));
    for (;;) {
        HINDCAST_ASSIGN(const auto record, records.next());
        if (!record) break;
        HINDCAST_TRY(sink.take(*record));
    }
    if (records.problem().empty()) return {};
    const std::string problem = path.filename().string() + ": " + records.problem();
    run.remarks.push_back(problem);
    if (records.isCutOff()) run.incomplete = problem;
    return {};
}

Result<ImportedRun> readRun(const fs::path& root, const fs::path& folder, const std::vector<fs::path>& files,
                            const std::string& loop) {
    ImportedRun run;
    run.kind = "tensorboard";
    run.source = folder.string();
    run.run = folder == root ? folder.filename().string() : folder.lexically_relative(root).string();
    run.identity = folder.string();
    run.note = run.run;
    EventSink sink(run, loop);
    for (const fs::path& file : files) HINDCAST_TRY(readFile(file, sink, run));
    return run;
}

}  // namespace

bool isEventFile(const fs::path& path) {
    const std::string name = path.filename().string();
    return name.find("tfevents") != std::string::npos && !name.ends_with(".profile-empty");
}

Result<void> readTensorboard(const fs::path& path, const std::string& loop, const RunSink& sink) {
    HINDCAST_ASSIGN(const auto folders, eventFiles(path));
    if (folders.empty())
        return Error(ErrorCode::NotFound, "no TensorBoard event file (…tfevents…) in " + path.string());
    for (const auto& [folder, files] : folders) {
        const fs::path root = folders.size() == 1 ? folder : path;
        HINDCAST_ASSIGN(ImportedRun run, readRun(root, folder, files, loop));
        HINDCAST_TRY(sink(std::move(run)));
    }
    return {};
}

}  // namespace hindcast::exchange
