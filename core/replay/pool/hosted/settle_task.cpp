// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/hosted/settle_task.h"

#include <unistd.h>

#include <cstdlib>

#include "core/replay/interpreter.h"
#include "core/replay/pool/host_name.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

/// A queue that hands out devices names them in the job's environment; what the recorded run saw is not ours to take.
constexpr const char* kDevices[] = {"CUDA_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES"};

}  // namespace

Result<void> settleTask(Task& task, const store::Project& project) {
    const fs::path version = project.versionFolder(task.unit.version);
    std::error_code ignored;
    if (!fs::exists(version / "run.json", ignored)) {
        return Error(ErrorCode::Environment, "the store " + project.store().string() + " on " + hostName() +
                                                 " does not have version " + task.unit.version.text() +
                                                 "; replay where it was recorded");
    }
    if (::access(task.interpreter.c_str(), X_OK) != 0) {
        return Error(ErrorCode::Environment, "the Python that recorded this version, " + task.interpreter.string() +
                                                 ", is not there on " + hostName());
    }
    HINDCAST_ASSIGN(const fs::path package, pythonPackageFolder());
    HINDCAST_ASSIGN(const RecordedProcess process, readRecordedProcess(version));
    task.environment = workerEnvironment(process, package);
    if (std::getenv("SLURM_JOB_ID") == nullptr) return {};
    for (const char* name : kDevices) {
        if (const char* given = std::getenv(name)) task.environment[name] = given;
    }
    return {};
}

}  // namespace hindcast::replay
