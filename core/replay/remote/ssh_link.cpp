// SPDX-License-Identifier: Apache-2.0
#include "core/replay/remote/ssh_link.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>

#include "core/base/file.h"
#include "core/replay/last_line.h"
#include "core/replay/pool/shell_words.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Error;
using base::Result;

namespace {

constexpr int kSshFailed = 255;
constexpr int kNoProgram = 127;

/// The user's variable holds a command with options, as GIT_SSH_COMMAND does; standard error goes to a file.
constexpr const char* kStart = "errors=$1; shift; exec ${HINDCAST_SSH:-ssh} \"$@\" 2>\"$errors\"";

}  // namespace

std::string agentCommand(const RemotePlace& place) {
    return "exec " + shellWord(place.program.empty() ? "hindcast" : place.program) + " agent --project " +
           shellWord(place.path) + " --workers " + std::to_string(place.workers);
}

Result<SshLink> SshLink::start(const RemotePlace& place, const fs::path& errors) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return Error::fromErrno(errno, "cannot make a connection to ssh");
    auto stream = std::make_unique<MessageStream>(ends[0], ends[0], true);
    base::ProcessSpec spec;
    spec.command = {"/bin/sh",
                    "-c",
                    kStart,
                    "hindcast",
                    errors.string(),
                    "-T",
                    "-o",
                    "BatchMode=yes",
                    "-o",
                    "ConnectTimeout=15",
                    "-o",
                    "ServerAliveInterval=5",
                    "-o",
                    "ServerAliveCountMax=3",
                    "--",
                    place.host,
                    agentCommand(place)};
    spec.input = ends[1];
    spec.output = ends[1];
    auto process = base::Process::start(spec);
    ::close(ends[1]);
    if (!process) return process.error();
    return SshLink(place, errors, *std::move(process), std::move(stream));
}

std::string SshLink::whyClosed() {
    // The stream closes a moment before ssh has left.
    const auto exit = m_process.waitFor(std::chrono::seconds(2));
    const std::string said = lastLine(base::readTextFile(m_errors).value_or(""));
    const std::string host = m_place.host;
    if (exit && exit->status == kNoProgram && !m_stream->isGreeted()) {
        return host + " has no program " + (m_place.program.empty() ? "hindcast in its PATH" : m_place.program) +
               "; install Hindcast there, or say where it is (--program)";
    }
    if (exit && exit->status == kSshFailed)
        return "ssh " + host + ": " + (said.empty() ? "the connection was lost" : said);
    if (!m_stream->isGreeted() && !said.empty()) return host + ": " + said;
    return "the connection to " + host + " was lost" + (said.empty() ? "" : ": " + said);
}

}  // namespace hindcast::replay
