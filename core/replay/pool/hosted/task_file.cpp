// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/hosted/task_file.h"

#include <chrono>
#include <thread>

#include "core/base/file.h"
#include "core/replay/pool/hosted/settle_task.h"
#include "core/replay/pool/local_pool.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Result;

namespace {

constexpr std::chrono::milliseconds kLook{20};

Result<HostedEnding> runHere(Task& task, const store::Project& project, const std::function<bool()>& isStopped) {
    HINDCAST_TRY(settleTask(task, project));
    HINDCAST_TRY(base::makeFolder(project.scratch()));
    LocalPoolOptions options;
    options.store = project.store();
    options.sandbox = probeSandbox(project.scratch());
    LocalPool pool(std::move(options));
    HINDCAST_ASSIGN(const Executor::Handle handle, pool.submit(task));
    bool stopping = false;
    for (;;) {
        for (const Event& event : pool.poll())
            return HostedEnding{event.ending, event.status, event.reason, event.refused};
        if (!stopping && isStopped()) {
            stopping = true;
            pool.cancel(handle);
        }
        std::this_thread::sleep_for(kLook);
    }
}

HostedEnding runTask(Task& task, const std::function<bool()>& isStopped) {
    const auto project = store::Project::open(task.presentProject);
    if (!project) return {Ending::Environment, 0, project.error().text()};
    std::error_code ignored;
    if (fs::exists(project->replayFolder(task.unit.replay) / "run.json", ignored))
        return {Ending::Lost, 0, "the queue started the unit a second time"};
    const auto ended = runHere(task, *project, isStopped);
    if (ended) return *ended;
    const bool lacks = ended.error().code() == base::ErrorCode::Environment;
    return {lacks ? Ending::Environment : Ending::Failed, 1, ended.error().text()};
}

}  // namespace

Result<HostedEnding> runTaskFile(const fs::path& file, const std::function<bool()>& isStopped) {
    HINDCAST_ASSIGN(const std::string text, base::readTextFile(file));
    HINDCAST_ASSIGN(Task task, parseTaskJson(text));
    const HostedEnding ended = runTask(task, isStopped);
    fs::path beside = file;
    beside.replace_extension(kEndedSuffix);
    HINDCAST_TRY(base::writeFileAtomically(beside, base::bytesOf(endingJson(ended))));
    return ended;
}

}  // namespace hindcast::replay
