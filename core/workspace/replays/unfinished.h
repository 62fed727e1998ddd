// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/base/result.h"
#include "core/store/project.h"
#include "core/workspace/workspace.h"

namespace hindcast::workspace {

/// What was asked of a replay, kept in `requests/<uuid>.json` of the store from its start to its end. The program that
/// runs the replay holds a lock on the file: one that nobody holds is of a replay whose program died. What its workers
/// had finished is in the store; planning the request again leaves out just that.
class OpenRequest {
public:
    /// Writes the request and which of the plan's rows and iterations it is about. The one that this goes on with is
    /// removed.
    static base::Result<OpenRequest> write(const store::Project& project, const Plan& plan);

    /// The replay is over, or its user does not want it any more.
    void close();

private:
    explicit OpenRequest(base::File file) : m_file(std::move(file)) {}

    base::File m_file;
};

/// Requests that nobody works on, oldest first. Files that cannot be read as one are left out.
base::Result<std::vector<UnfinishedReplay>> readUnfinished(const store::Project& project);

/// Removes it, if nobody works on it. NotFound when there is none.
base::Result<void> forgetUnfinished(const store::Project& project, const std::string& id);

}  // namespace hindcast::workspace
