// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

// run.json: FORMAT.md section 2. Written by the recorder's client before anything else, read by everyone.

namespace hindcast::format {

struct InterpreterInfo {
    std::string path;
    std::string version;
    std::string implementation;
    std::string prefix;
};
struct HostInfo {
    std::string name;
    std::string system;
    std::string machine;
    std::string cpu;
    std::int64_t cores = 0;
    std::int64_t memoryBytes = 0;
};
struct GitInfo {
    std::string head;
    std::string branch;
    bool dirty = false;
    std::string remote;
};
struct JobInfo {
    std::string id;
    std::int64_t rank = 0;
    std::int64_t worldSize = 1;
};
struct HashSeedInfo {
    std::optional<std::string> set;  ///< PYTHONHASHSEED, absent when it was not set
    std::int64_t fingerprint = 0;    ///< hash of the text "hindcast" in that process
};
struct ReplayProbe {
    std::string id;
    std::int64_t revision = 0;
    std::string name;
    std::string memo;  ///< XXH3-128 hex
    std::string text;  ///< the statement in the version's own names
};
struct ReplayInfo {
    std::string version;
    std::string mode;
    std::string loop;
    std::int64_t first = -1;
    std::int64_t last = -1;
    std::vector<ReplayProbe> probes;
};

/// Where a version comes from that another tool recorded.
struct ImportInfo {
    std::string kind;     ///< "tensorboard", "flordb", "mlflow", "wandb", "csv", "prometheus"
    std::string source;   ///< absolute path of what was read
    std::string run;      ///< what the source calls the run
    std::string key;      ///< XXH3-128 hex: the same for every import of the same run
    std::string content;  ///< XXH3-128 hex of what was taken in: differs when the source has grown
    std::int64_t values = 0;
};

struct RunInfo {
    std::int64_t format = 1;
    std::string kind = "version";  ///< or "replay"
    std::string uuid;
    std::int64_t startedMicros = 0;
    std::string project;
    std::string script;
    std::string folder;
    std::vector<std::string> argv;
    std::map<std::string, std::string> arguments;
    InterpreterInfo interpreter;
    std::map<std::string, std::string> environment;
    std::map<std::string, std::string> packages;
    HostInfo host;
    std::optional<GitInfo> git;
    std::optional<JobInfo> job;
    HashSeedInfo hashSeed;
    std::int64_t pid = 0;
    std::string bootId;
    std::optional<ReplayInfo> replay;
    std::optional<ImportInfo> imported;
};

/// NewerFormat for a larger format number, Damaged when it is not a JSON object or a field has another type than
/// FORMAT.md says. Absent optional fields keep their defaults; fields this program does not know are ignored.
base::Result<RunInfo> parseRunInfo(std::string_view json);
/// Indented JSON with every field of FORMAT.md.
std::string writeRunInfo(const RunInfo& run);

}  // namespace hindcast::format
