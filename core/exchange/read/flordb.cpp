// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/read/flordb.h"

#include <algorithm>
#include <chrono>

#include "core/base/file.h"
#include "core/base/lines.h"
#include "core/base/process.h"
#include "core/exchange/read/flordb_database.h"
#include "core/exchange/read/flordb_run.h"
#include "core/exchange/wire/texts.h"

namespace hindcast::exchange {

using base::Error;
using base::ErrorCode;
using base::Result;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view kSubject = "FLOR::Auto-commit::";

/// Records of version 3, one array; or of version 4, one a line. A last line that breaks off is left.
Result<void> addRecords(const std::string& text, const std::string& where, FlordbRuns& runs) {
    const auto addOne = [&runs](const json& object) -> Result<void> {
        HINDCAST_ASSIGN(auto record, flordbRecord(object));
        if (record) runs.add(*std::move(record));
        return {};
    };
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first != std::string::npos && text[first] == '[') {
        const json records = parseJson(text);
        if (!records.is_array()) return Error(ErrorCode::Parse, where + " is no JSON: was it cut off?");
        for (const json& record : records) HINDCAST_TRY(addOne(record));
        return {};
    }
    std::size_t number = 0;
    for (const std::string_view line : base::linesOf(text)) {
        ++number;
        if (line.find_first_not_of(" \t\r\n") == std::string_view::npos) continue;
        const json record = parseJson(line);
        if (record.is_discarded() && !line.ends_with('\n')) continue;
        if (record.is_discarded())
            return Error(ErrorCode::Parse, where + ", line " + std::to_string(number) + " is no JSON");
        HINDCAST_TRY(addOne(record));
    }
    return {};
}

Result<void> addFile(const fs::path& path, FlordbRuns& runs) {
    HINDCAST_ASSIGN(const std::string text, base::readTextFile(path));
    return addRecords(text, path.string(), runs);
}

std::vector<fs::path> jsonLinesIn(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code code;
    for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code))
        if (it->path().extension() == ".jsonl") files.push_back(it->path());
    std::sort(files.begin(), files.end());
    return files;
}

/// Runs git in the project without its hooks or its user's settings; only commands that read.
Result<std::string> git(const fs::path& project, std::vector<std::string> arguments) {
    base::ProcessSpec spec;
    spec.command = {"git", "-C", project.string(), "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"};
    spec.command.insert(spec.command.end(), arguments.begin(), arguments.end());
    HINDCAST_ASSIGN(base::CommandOutput output, base::runCommand(spec, "", std::chrono::minutes(2)));
    if (output.status != 0) return Error(ErrorCode::NotFound, "git: " + output.err);
    return std::move(output.out);
}

struct AutoCommit {
    FlordbRuns::Commit commit;
    std::string time;
};

/// "hash, unit separator, message, record separator" each.
std::vector<AutoCommit> autoCommits(std::string_view log) {
    std::vector<AutoCommit> commits;
    while (!log.empty()) {
        const std::string_view entry = log.substr(0, log.find('\x1e'));
        log.remove_prefix(std::min(log.size(), entry.size() + 1));
        const std::size_t unit = entry.find('\x1f');
        const std::size_t begin = entry.find_first_not_of("\r\n");
        if (unit == std::string_view::npos || begin >= unit) continue;
        AutoCommit found;
        found.commit.hash = std::string(entry.substr(begin, unit - begin));
        bool subject = true;
        for (std::string_view line : base::linesOf(entry.substr(unit + 1))) {
            while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
            const std::size_t equals = line.find('=');
            if (subject && line.starts_with(kSubject)) found.time = std::string(line.substr(kSubject.size()));
            // Version 4 writes the arguments below the subject.
            if (!subject && equals != std::string_view::npos)
                found.commit.arguments.emplace_back(line.substr(0, equals), line.substr(equals + 1));
            subject = false;
        }
        if (!found.time.empty()) commits.push_back(std::move(found));
    }
    return commits;
}

/// Every run in the git history, on whatever branch.
Result<void> addHistory(const fs::path& project, FlordbRuns& runs) {
    std::error_code ignored;
    if (!fs::exists(project / ".git", ignored)) return {};
    HINDCAST_ASSIGN(const std::string log, git(project, {"log", "--all", "--reverse", "--format=%H%x1f%B%x1e",
                                                         "--fixed-strings", "--grep=" + std::string(kSubject)}));
    for (const AutoCommit& found : autoCommits(log)) {
        for (const std::string& file : {std::string(".flor.json"), ".flor/runs/" + found.time + ".jsonl"}) {
            const auto text = git(project, {"cat-file", "blob", found.commit.hash + ":" + file});
            if (!text) continue;
            HINDCAST_TRY(addRecords(*text, found.commit.hash.substr(0, 10) + ":" + file, runs));
            runs.describe(found.commit);
            break;
        }
    }
    return {};
}

Result<void> addProject(const fs::path& project, FlordbRuns& runs) {
    HINDCAST_TRY(addHistory(project, runs));
    std::error_code ignored;
    const bool hasHistory = !runs.empty();
    // The file in the work tree is the one of the newest commit, or what a run left that could not commit.
    if (!hasHistory && fs::exists(project / ".flor.json", ignored)) HINDCAST_TRY(addFile(project / ".flor.json", runs));
    for (const fs::path& file : jsonLinesIn(project / ".flor" / "runs")) {
        if (runs.has(file.stem().string())) continue;
        HINDCAST_TRY(addFile(file, runs));
    }
    return {};
}

}  // namespace

bool isFlordb(const fs::path& path) {
    std::error_code ignored;
    const std::string name = path.filename().string();
    if (fs::is_directory(path, ignored))
        return fs::exists(path / ".flor.json", ignored) || fs::is_directory(path / ".flor" / "runs", ignored) ||
               (name == "runs" && path.parent_path().filename() == ".flor");
    return name == ".flor.json" || isFlordbDatabase(path);
}

Result<void> readFlordb(const fs::path& path, const RunSink& sink) {
    std::error_code ignored;
    FlordbRuns runs(path.string());
    if (fs::is_directory(path, ignored)) {
        const std::vector<fs::path> files = jsonLinesIn(path);
        const bool isProject = fs::exists(path / ".flor.json", ignored) || fs::exists(path / ".flor", ignored) ||
                               fs::exists(path / ".git", ignored);
        if (isProject) HINDCAST_TRY(addProject(path, runs));
        if (!isProject)
            for (const fs::path& file : files) HINDCAST_TRY(addFile(file, runs));
    } else if (isFlordbDatabase(path)) {
        HINDCAST_TRY(readFlordbDatabase(path, runs));
    } else {
        HINDCAST_TRY(addFile(path, runs));
    }
    if (runs.empty())
        return Error(ErrorCode::NotFound, "no run of FlorDB in " + path.string() +
                                              ": name a project with .flor.json in its git history, a .jsonl file or "
                                              "FlorDB's database");
    return runs.give(sink);
}

}  // namespace hindcast::exchange
