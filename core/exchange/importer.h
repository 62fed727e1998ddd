// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/exchange/intake.h"
#include "core/exchange/read/csv.h"
#include "core/exchange/read/deployments.h"
#include "core/store/project.h"

namespace hindcast::exchange {

/// Where runs can come from.
enum class SourceKind { Tensorboard, Flordb, Mlflow, Wandb, Csv, Prometheus };
/// "tensorboard", "flordb", "mlflow", "wandb", "csv", "prometheus".
std::string_view sourceName(SourceKind kind);
std::optional<SourceKind> sourceNamed(std::string_view name);

/// The kind that a path has by what it holds; absent when that is none, or not clear.
std::optional<SourceKind> recognise(const std::filesystem::path& path);

struct ImportRequest {
    std::optional<SourceKind> kind;  ///< absent: recognised, each path by itself
    std::vector<std::filesystem::path> paths;
    std::string loop = "step";            ///< TensorBoard: what its steps are called
    CsvColumns columns;                   ///< CSV
    std::vector<Deployment> deployments;  ///< CSV and Prometheus: measurements of production
};

struct ImportReport {
    std::vector<TakenRun> runs;
    std::vector<std::string> empty;  ///< one sentence each: runs that hold nothing to take
};

/// Reads all runs of the paths and takes them into the project, one after the other: what was taken when a later one
/// fails stays. Nothing outside the store is changed. NotFound for a path that is not there, InvalidArgument for one
/// whose kind is not clear, Damaged or Parse for a source that cannot be read.
base::Result<ImportReport> importRuns(const store::Project& project, const ImportRequest& request);

}  // namespace hindcast::exchange
