// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace hindcast::base {

/// How to start a child process.
struct ProcessSpec {
    std::vector<std::string> command;                               ///< program (searched in PATH) and arguments
    std::filesystem::path folder;                                   ///< working folder; empty = the caller's
    std::optional<std::map<std::string, std::string>> environment;  ///< the whole environment; absent = inherit
    std::filesystem::path outputFile;  ///< stdout and stderr appended here; empty = /dev/null
    int input = -1;                    ///< descriptor that becomes stdin; -1: /dev/null. The caller closes its own
    int output = -1;                   ///< descriptor that becomes stdout and stderr instead of a file
    /// A session of its own, which has no terminal, instead of a process group in this one.
    bool ownSession = false;
    /// Called in the child last of all before the program begins, where only async-signal-safe calls are allowed: gives
    /// up rights. An errno that it returns ends the child, and starting it fails with that.
    std::function<int()> giveUpRights = nullptr;
};

/// A running child in its own process group. The destructor ends the whole group and reaps the child. The kernel also
/// kills the child when the *thread* that started it ends, so start from a thread that outlives the child. Use from one
/// thread.
class Process {
public:
    static Result<Process> start(const ProcessSpec& spec);

    Process(Process&& other) noexcept;
    Process& operator=(Process&& other) noexcept;
    ~Process();

    struct Exit {
        int status = 0;  ///< exit status; 128 + n when a signal ended it
        bool signalled = false;
    };
    /// The exit if it has ended, absent while it runs. Never blocks.
    std::optional<Exit> poll();
    /// The exit as soon as it has ended, absent when it still runs after `patience`.
    std::optional<Exit> waitFor(std::chrono::milliseconds patience);
    /// Sends a signal to the whole group.
    void signalGroup(int signal);
    /// SIGTERM to the group, SIGKILL after `grace`, then reaps.
    Exit stop(std::chrono::milliseconds grace);
    pid_t id() const { return m_id; }

private:
    explicit Process(pid_t id) : m_id(id) {}

    pid_t m_id = -1;
    std::optional<Exit> m_exit;
};

/// What a short-lived command printed.
struct CommandOutput {
    int status = 0;
    std::string out;  ///< standard output
    std::string err;  ///< standard error, the last 64 KiB
};

/// Runs a command to its end, `input` on its standard input. Ends its group and fails with Cancelled after `timeout`.
/// Fails with NotFound when the program cannot be started.
Result<CommandOutput> runCommand(const ProcessSpec& spec, const std::string& input, std::chrono::milliseconds timeout);

/// The path of a program in PATH, absent when there is none.
std::optional<std::filesystem::path> findProgram(const std::string& name);

}  // namespace hindcast::base
