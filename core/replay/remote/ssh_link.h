// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/base/process.h"
#include "core/base/result.h"
#include "core/replay/remote/message_stream.h"

namespace hindcast::replay {

/// Another machine and the project there.
struct RemotePlace {
    std::string host;     ///< as ssh knows it
    std::string path;     ///< absolute, of the project
    std::string program;  ///< hindcast there; "": the one that was named last, else the one in its PATH
    int workers = 1;      ///< units at once
};

/// A running `ssh HOST hindcast agent`: the system's ssh with the user's configuration, which never asks for anything.
/// HINDCAST_SSH names another command, as "ssh -F FILE". The connection ends with this object and, like every child
/// process, with the thread that made it. One thread.
class SshLink {
public:
    /// Starts ssh; whether it gets through shows later. `errors` is a file that takes what ssh prints.
    static base::Result<SshLink> start(const RemotePlace& place, const std::filesystem::path& errors);

    MessageStream& stream() { return *m_stream; }
    /// Whether messages can still come.
    bool isOpen() const { return m_stream->isOpen(); }
    /// After it closed: one sentence that says why and what to do.
    std::string whyClosed();

private:
    SshLink(RemotePlace place, std::filesystem::path errors, base::Process process,
            std::unique_ptr<MessageStream> stream)
        : m_place(std::move(place)),
          m_errors(std::move(errors)),
          m_process(std::move(process)),
          m_stream(std::move(stream)) {}

    RemotePlace m_place;
    std::filesystem::path m_errors;
    base::Process m_process;
    std::unique_ptr<MessageStream> m_stream;  ///< closed before the process is ended: the agent then ends by itself
};

/// What a remote shell is told to run.
std::string agentCommand(const RemotePlace& place);

}  // namespace hindcast::replay
