// SPDX-License-Identifier: Apache-2.0
#include "core/base/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

extern char** environ;

namespace hindcast::base {

namespace fs = std::filesystem;

namespace {

/// pidfd_open, in our own words: a system's headers may be older than the kernel that runs.
constexpr long kOpenProcess = 434;

/// Owner of a descriptor of this file's pipes.
struct Descriptor {
    int value = -1;

    Descriptor() = default;
    explicit Descriptor(int v) : value(v) {}
    Descriptor(Descriptor&& other) noexcept : value(std::exchange(other.value, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(value, other.value);
        return *this;
    }
    ~Descriptor() { reset(); }
    void reset() {
        if (value >= 0) ::close(value);
        value = -1;
    }
};

struct Pipe {
    Descriptor read;
    Descriptor write;
};

Result<Pipe> makePipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return Error::fromErrno(errno, "cannot make a pipe");
    Pipe made;
    made.read = Descriptor(ends[0]);
    made.write = Descriptor(ends[1]);
    return made;
}

/// Everything the child needs, built before fork: after it only async-signal-safe calls are allowed.
struct Prepared {
    std::string program;
    std::vector<char*> arguments;
    std::vector<std::string> environmentText;
    std::vector<char*> environment;
    int input = -1;
    int output = -1;
    int error = -1;
};

[[noreturn]] void becomeChild(const Prepared& child, const ProcessSpec& spec, int reportDescriptor, pid_t parent) {
    if (spec.ownSession)
        setsid();
    else
        setpgid(0, 0);
    // A worker must not outlive the program that supervises it, even one that is killed.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    dup2(child.input, STDIN_FILENO);
    dup2(child.output, STDOUT_FILENO);
    dup2(child.error, STDERR_FILENO);
    signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    int number = 0;
    if (!spec.folder.empty() && chdir(spec.folder.c_str()) != 0) number = errno;
    if (number == 0 && spec.giveUpRights) number = spec.giveUpRights();
    if (number == 0) {
        execve(child.program.c_str(), child.arguments.data(), child.environment.data());
        number = errno;
    }
    [[maybe_unused]] const ssize_t wrote = ::write(reportDescriptor, &number, sizeof number);
    _exit(127);
}

Result<Prepared> prepare(const ProcessSpec& spec) {
    if (spec.command.empty()) return Error(ErrorCode::InvalidArgument, "no program to start was named");
    Prepared child;
    const auto found = findProgram(spec.command.front());
    if (!found) return Error(ErrorCode::NotFound, "the program " + spec.command.front() + " is not there");
    child.program = found->string();
    for (const std::string& argument : spec.command) child.arguments.push_back(const_cast<char*>(argument.c_str()));
    child.arguments.push_back(nullptr);
    if (spec.environment) {
        for (const auto& [name, value] : *spec.environment) child.environmentText.push_back(name + "=" + value);
    } else {
        for (char** entry = environ; *entry; ++entry) child.environmentText.emplace_back(*entry);
    }
    for (std::string& entry : child.environmentText) child.environment.push_back(entry.data());
    child.environment.push_back(nullptr);
    return child;
}

Result<pid_t> spawn(const Prepared& child, const ProcessSpec& spec) {
    HINDCAST_ASSIGN(Pipe report, makePipe());
    const pid_t parent = getpid();
    const pid_t id = fork();
    if (id < 0) return Error::fromErrno(errno, "cannot start " + spec.command.front());
    if (id == 0) becomeChild(child, spec, report.write.value, parent);
    // Whichever comes first; a session can only be made by who leads no group yet.
    if (!spec.ownSession) setpgid(id, id);
    report.write.reset();
    int number = 0;
    ssize_t got;
    do {
        got = ::read(report.read.value, &number, sizeof number);
    } while (got < 0 && errno == EINTR);
    if (got == static_cast<ssize_t>(sizeof number)) {
        waitpid(id, nullptr, 0);
        return Error::fromErrno(number, "cannot start " + spec.command.front());
    }
    return id;
}

Process::Exit exitOf(int status) {
    if (WIFSIGNALED(status)) return {128 + WTERMSIG(status), true};
    return {WEXITSTATUS(status), false};
}

/// Reads what is there; false at end of file.
bool drain(int descriptor, std::string& into) {
    std::array<char, 65536> buffer;
    const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
    if (got < 0) return errno == EINTR || errno == EAGAIN;
    into.append(buffer.data(), static_cast<std::size_t>(got));
    return got > 0;
}

constexpr std::size_t kErrorTailBytes = 64 * 1024;

/// Feeds input and collects both outputs until both are closed; false when `deadline` passed first.
bool exchange(Pipe& in, Pipe& out, Pipe& err, const std::string& input, CommandOutput& output,
              std::chrono::steady_clock::time_point deadline) {
    std::size_t sent = 0;
    if (input.empty()) in.write.reset();
    while (out.read.value >= 0 || err.read.value >= 0) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) return false;
        std::array<pollfd, 3> waits{
            {{out.read.value, POLLIN, 0}, {err.read.value, POLLIN, 0}, {in.write.value, POLLOUT, 0}}};
        ::poll(waits.data(), waits.size(), static_cast<int>(std::min<std::int64_t>(left.count(), 1000)));
        if (waits[0].revents && !drain(out.read.value, output.out)) out.read.reset();
        if (waits[1].revents && !drain(err.read.value, output.err)) err.read.reset();
        if (output.err.size() > 2 * kErrorTailBytes) output.err.erase(0, output.err.size() - kErrorTailBytes);
        if (waits[2].revents) {
            const ssize_t wrote = ::write(in.write.value, input.data() + sent, input.size() - sent);
            if (wrote > 0) sent += static_cast<std::size_t>(wrote);
            const bool refused = wrote < 0 && errno != EINTR && errno != EAGAIN;
            if (refused || sent == input.size()) in.write.reset();
        }
    }
    return true;
}

}  // namespace

Result<Process> Process::start(const ProcessSpec& spec) {
    HINDCAST_ASSIGN(Prepared child, prepare(spec));
    const Descriptor input(spec.input >= 0 ? -1 : ::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const std::string outputPath = spec.outputFile.empty() ? "/dev/null" : spec.outputFile.string();
    const Descriptor output(
        spec.output >= 0 ? -1 : ::open(outputPath.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (spec.output < 0 && output.value < 0) return Error::fromErrno(errno, "cannot open " + outputPath);
    child.input = spec.input >= 0 ? spec.input : input.value;
    child.output = spec.output >= 0 ? spec.output : output.value;
    child.error = child.output;
    HINDCAST_ASSIGN(const pid_t id, spawn(child, spec));
    return Process(id);
}

Process::Process(Process&& other) noexcept : m_id(std::exchange(other.m_id, -1)), m_exit(other.m_exit) {}

Process& Process::operator=(Process&& other) noexcept {
    std::swap(m_id, other.m_id);
    std::swap(m_exit, other.m_exit);
    return *this;
}

Process::~Process() {
    if (m_id > 0) stop(std::chrono::milliseconds(0));
}

std::optional<Process::Exit> Process::poll() {
    if (m_exit) return m_exit;
    int status = 0;
    if (waitpid(m_id, &status, WNOHANG) == m_id) m_exit = exitOf(status);
    return m_exit;
}

std::optional<Process::Exit> Process::waitFor(std::chrono::milliseconds patience) {
    constexpr std::chrono::milliseconds kLook{10};  // where the kernel (before Linux 5.3) has nothing to wait on
    const auto deadline = std::chrono::steady_clock::now() + patience;
    const Descriptor ended(static_cast<int>(::syscall(kOpenProcess, m_id, 0)));
    while (!poll()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) break;
        pollfd wait{ended.value, POLLIN, 0};
        const auto span = ended.value >= 0 ? left : std::min(left, kLook);
        ::poll(&wait, 1, static_cast<int>(std::min<std::int64_t>(span.count(), 60'000)));
    }
    return m_exit;
}

void Process::signalGroup(int signal) {
    if (m_id > 0) ::kill(-m_id, signal);
}

Process::Exit Process::stop(std::chrono::milliseconds grace) {
    if (!poll() && grace.count() > 0) {
        signalGroup(SIGTERM);
        waitFor(grace);
    }
    // Also after the child's own exit: what it left behind in its group ends with it.
    signalGroup(SIGKILL);
    if (!m_exit) {
        int status = 0;
        while (waitpid(m_id, &status, 0) < 0 && errno == EINTR) {
        }
        m_exit = exitOf(status);
    }
    m_id = -1;
    return *m_exit;
}

Result<CommandOutput> runCommand(const ProcessSpec& spec, const std::string& input, std::chrono::milliseconds timeout) {
    HINDCAST_ASSIGN(Prepared child, prepare(spec));
    HINDCAST_ASSIGN(Pipe in, makePipe());
    HINDCAST_ASSIGN(Pipe out, makePipe());
    HINDCAST_ASSIGN(Pipe err, makePipe());
    child.input = in.read.value;
    child.output = out.write.value;
    child.error = err.write.value;
    HINDCAST_ASSIGN(const pid_t id, spawn(child, spec));
    in.read.reset();
    out.write.reset();
    err.write.reset();
    fcntl(in.write.value, F_SETFL, O_NONBLOCK);

    CommandOutput output;
    const bool finished = exchange(in, out, err, input, output, std::chrono::steady_clock::now() + timeout);
    if (!finished) ::kill(-id, SIGKILL);
    int status = 0;
    while (waitpid(id, &status, 0) < 0 && errno == EINTR) {
    }
    if (!finished) return Error(ErrorCode::Cancelled, spec.command.front() + " did not answer in time and was ended");
    output.status = exitOf(status).status;
    return output;
}

std::optional<fs::path> findProgram(const std::string& name) {
    if (name.find('/') != std::string::npos) {
        if (::access(name.c_str(), X_OK) == 0) return fs::path(name);
        return std::nullopt;
    }
    const char* path = std::getenv("PATH");
    std::string rest = path ? path : "/usr/local/bin:/usr/bin:/bin";
    while (!rest.empty()) {
        const std::size_t colon = rest.find(':');
        const std::string folder = rest.substr(0, colon);
        rest = colon == std::string::npos ? "" : rest.substr(colon + 1);
        const fs::path candidate = fs::path(folder.empty() ? "." : folder) / name;
        if (::access(candidate.c_str(), X_OK) == 0 && !fs::is_directory(candidate)) return candidate;
    }
    return std::nullopt;
}

}  // namespace hindcast::base
