// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "core/replay/pool/executor.h"
#include "core/replay/remote/ssh_link.h"
#include "core/replay/resources/resource.h"
#include "core/store/project.h"

namespace hindcast::replay {

/// Runs units on another machine, where the data, the interpreters and the captures are: an agent there encloses and
/// runs them over the project's copy on that machine, and what their replays write comes back while it is written
/// (nothing has to where both see one store). When the connection is lost the agent ends its workers, their units end
/// as Lost, and the next ones wait until it is up again, which is tried for about a minute; a host that was never
/// reached is given up at once, with ssh's words. Use from one thread, which must outlive it. The destructor closes the
/// connection.
class SshExecutor : public Executor {
public:
    SshExecutor(const store::Project& project, const Resource& resource, RemotePlace place);
    ~SshExecutor() override;

    Capacity capacity() const override;
    base::Result<Handle> submit(const Task& task) override;
    std::vector<Event> poll() override;
    void cancel(Handle handle) override;
    std::string waitingFor(Handle handle) const override;
    std::filesystem::path outputFile(Handle handle) const override;

private:
    class Impl;

    std::unique_ptr<Impl> m_impl;
};

}  // namespace hindcast::replay
