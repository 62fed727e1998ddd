// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/replay/pool/executor.h"

namespace hindcast::replay {

/// A task as one JSON object, for a worker's host that is not this process: a cluster node, another machine. The
/// environment is left out: the host makes it from the version's run.json and its own.
base::Result<std::string> taskJson(const Task& task);

/// Reads what taskJson wrote. Fails with Parse.
base::Result<Task> parseTaskJson(const std::string& text);

/// How a hosted unit ended, as one JSON object: what the host tells whoever sent the task. `problem` is why it could
/// not even be started, or what it went past; "" otherwise.
struct HostedEnding {
    Ending ending = Ending::Done;
    int status = 0;
    std::string problem;
    std::string refused = {};  ///< see Event
};
std::string endingJson(const HostedEnding& ending);
base::Result<HostedEnding> parseEndingJson(const std::string& text);

}  // namespace hindcast::replay
