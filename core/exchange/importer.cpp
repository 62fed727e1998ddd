// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/importer.h"

#include <array>
#include <utility>

#include "core/exchange/read/flordb.h"
#include "core/exchange/read/mlflow.h"
#include "core/exchange/read/prometheus.h"
#include "core/exchange/read/tensorboard.h"
#include "core/exchange/read/wandb.h"
#include "core/exchange/wire/texts.h"

namespace hindcast::exchange {

using base::Error;
using base::ErrorCode;
using base::Result;
namespace fs = std::filesystem;

namespace {

constexpr std::array<std::pair<SourceKind, std::string_view>, 6> kNames{{
    {SourceKind::Tensorboard, "tensorboard"},
    {SourceKind::Flordb, "flordb"},
    {SourceKind::Mlflow, "mlflow"},
    {SourceKind::Wandb, "wandb"},
    {SourceKind::Csv, "csv"},
    {SourceKind::Prometheus, "prometheus"},
}};

bool holdsEventFiles(const fs::path& folder) {
    std::error_code code;
    const auto options = fs::directory_options::skip_permission_denied;
    for (fs::recursive_directory_iterator it(folder, options, code), end; !code && it != end; it.increment(code))
        if (isEventFile(it->path())) return true;
    return false;
}

Result<void> readPath(const fs::path& path, SourceKind kind, const ImportRequest& request, const RunSink& sink) {
    switch (kind) {
        case SourceKind::Tensorboard:
            return readTensorboard(path, request.loop, sink);
        case SourceKind::Flordb:
            return readFlordb(path, sink);
        case SourceKind::Mlflow:
            return readMlflow(path, sink);
        case SourceKind::Wandb:
            return readWandb(path, sink);
        case SourceKind::Csv:
            return readCsv(path, request.columns, request.deployments, sink);
        case SourceKind::Prometheus:
            return readPrometheus(path, request.deployments, sink);
    }
    return Error(ErrorCode::Internal, "an unknown kind of source");
}

/// Takes what holds something, and says of the rest why it does not.
Result<void> takeOrTell(ImportedRun&& run, Intake& intake, ImportReport& report) {
    if (run.valueCount() > 0 || !run.arguments().empty()) return intake.take(std::move(run));
    std::string text = wellFormed(run.run) + " holds no value";
    for (const std::string& remark : run.allRemarks()) text += "; " + remark;
    report.empty.push_back(std::move(text));
    return {};
}

}  // namespace

std::string_view sourceName(SourceKind kind) {
    for (const auto& [known, name] : kNames)
        if (known == kind) return name;
    return "";
}

std::optional<SourceKind> sourceNamed(std::string_view name) {
    for (const auto& [kind, known] : kNames)
        if (known == name) return kind;
    return std::nullopt;
}

std::optional<SourceKind> recognise(const fs::path& path) {
    std::error_code ignored;
    const std::string extension = path.extension().string();
    if (fs::is_regular_file(path, ignored)) {
        if (isEventFile(path)) return SourceKind::Tensorboard;
        if (extension == ".csv" || extension == ".tsv") return SourceKind::Csv;
        if (extension == ".prom") return SourceKind::Prometheus;
        if (extension == ".wandb") return SourceKind::Wandb;
        if (isFlordb(path)) return SourceKind::Flordb;
        return std::nullopt;
    }
    if (isMlflowStore(path)) return SourceKind::Mlflow;
    if (isWandb(path)) return SourceKind::Wandb;
    if (isFlordb(path)) return SourceKind::Flordb;
    if (holdsEventFiles(path)) return SourceKind::Tensorboard;
    return std::nullopt;
}

Result<ImportReport> importRuns(const store::Project& project, const ImportRequest& request) {
    HINDCAST_ASSIGN(Intake intake, Intake::open(project));
    ImportReport report;
    const RunSink sink = [&](ImportedRun&& run) { return takeOrTell(std::move(run), intake, report); };
    Result<void> outcome;
    for (const fs::path& given : request.paths) {
        std::error_code code;
        const fs::path path = fs::canonical(given, code);
        if (code) outcome = Error::fromErrno(code.value(), "cannot read " + given.string());
        const auto kind = request.kind || code ? request.kind : recognise(path);
        if (outcome && !kind)
            outcome = Error(ErrorCode::InvalidArgument, "it is not clear what " + given.string() +
                                                            " holds: say which tool wrote it, as in hindcast import "
                                                            "tensorboard " +
                                                            given.string());
        if (outcome) outcome = readPath(path, *kind, request, sink);
        if (!outcome) break;
    }
    // What came in before an error is whole: it is indexed and stays.
    HINDCAST_ASSIGN(report.runs, intake.finish());
    if (!outcome) return std::move(outcome).error();
    return report;
}

}  // namespace hindcast::exchange
