// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace hindcast::replay {

/// The folder that holds the `hindcast` Python package of this program (beside the executable, `../python`, or where it
/// is installed; HINDCAST_PYTHONPATH names another). Fails with Environment when there is none.
base::Result<std::filesystem::path> pythonPackageFolder();

/// What a version's run.json says about the process it ran in.
struct RecordedProcess {
    std::string runJson;  ///< the whole text
    std::filesystem::path interpreter;
    std::string interpreterVersion;  ///< "3.11.2"
    std::filesystem::path project;
    std::filesystem::path folder;
    std::string script;
    std::vector<std::string> argv;
    std::map<std::string, std::string> arguments;  ///< forced by --kwargs / --arg
    std::map<std::string, std::string> environment;
    std::vector<std::string> packages;  ///< names of packages that were loaded
    std::string startedBy;              ///< name of the process, where another one of the script started it; "" = none
    std::string hashSeed;               ///< PYTHONHASHSEED as it was; "" = not set
    int cores = 1;
    int threads = 1;  ///< compute threads the run used, as far as it is known
    std::string gpu;  ///< name of the GPU it used; "" = none
    std::int64_t startedMicros = 0;
};

/// Reads a version's folder. Damaged when run.json is not one.
base::Result<RecordedProcess> readRecordedProcess(const std::filesystem::path& versionFolder);

/// Takes in what the run said about itself at its end (NOTE "environment"): packages imported later, compute threads.
void addEnvironmentNote(RecordedProcess& process, const std::string& noteJson);

/// Checks that the recorded interpreter is there, starts, has the version recorded and finds the packages that the run
/// had loaded. Fails with Environment and a sentence that names what is missing. Costs one start of Python (about 50
/// ms).
base::Result<void> checkInterpreter(const RecordedProcess& process);

/// The worker's whole environment: a few variables of this process (PATH, HOME, locale), the recorded ones over them,
/// hash seed and thread counts as recorded, experiment trackers muted.
std::map<std::string, std::string> workerEnvironment(const RecordedProcess& process,
                                                     const std::filesystem::path& package);

/// Sends what libraries cache while they run below `caches`, a folder as the worker sees it.
void redirectCaches(std::map<std::string, std::string>& environment, const std::string& caches);

}  // namespace hindcast::replay
