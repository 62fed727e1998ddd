// SPDX-License-Identifier: Apache-2.0
#include "core/replay/remote/agent.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <filesystem>
#include <map>
#include <optional>

#include "core/base/file.h"
#include "core/replay/pool/hosted/settle_task.h"
#include "core/replay/pool/later_data.h"
#include "core/replay/pool/local_pool.h"
#include "core/replay/pool/task_document.h"
#include "core/replay/remote/file_transfer.h"
#include "core/replay/remote/message_stream.h"
#include "core/replay/remote/result_sender.h"
#include "core/store/scratch.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::Result;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds kLook{30};

class Agent {
public:
    Agent(const store::Project& project, store::ScratchFolder folder, int workers, int in, int out)
        : m_project(project),
          m_folder(std::move(folder)),
          m_stream(in, out, false),
          m_pool(poolOptions(project, workers)) {}

    Result<void> run(const std::function<bool()>& isStopped);

private:
    struct Running {
        std::string handle;  ///< the other side's
        ResultSender results;
        bool shared = false;
        std::optional<HostedEnding> ending;
    };

    static LocalPoolOptions poolOptions(const store::Project& project, int workers) {
        LocalPoolOptions options;
        options.store = project.store();
        options.slots = workers;
        options.sandbox = probeSandbox(project.scratch());
        return options;
    }

    void answer(const Message& message);
    void takeTree(const Message& message);
    void start(const Message& message);
    Result<Executor::Handle> submit(const Message& message, Task& task);
    void sayEnded(const std::string& handle, const HostedEnding& ending);
    void followUnits();
    void sendFetched();
    void sendAlive();
    fs::path treeFolder(const std::string& id) const { return m_folder.path() / ("tree-" + id); }

    const store::Project& m_project;
    store::ScratchFolder m_folder;
    MessageStream m_stream;
    LocalPool m_pool;
    std::map<Executor::Handle, Running> m_running;
    std::map<std::string, std::string> m_treeProblems;
    struct Fetch {
        std::string path;
        std::string identity;
        std::uint64_t from = 0;
        std::optional<StoreFile> file{};  ///< as it was when its turn came
    };
    std::deque<Fetch> m_fetches;
    Clock::time_point m_heard = Clock::now();
    Clock::time_point m_said = Clock::now();
};

Result<void> Agent::run(const std::function<bool()>& isStopped) {
    m_stream.sendRaw(kAgentGreeting);
    while (!isStopped()) {
        m_stream.pump(m_fetches.empty() ? kLook : std::chrono::milliseconds(0));
        while (const auto message = m_stream.take()) {
            m_heard = Clock::now();
            answer(*message);
        }
        if (!m_stream.isOpen() || Clock::now() > m_heard + kMostSilence) break;
        followUnits();
        sendFetched();
        sendAlive();
    }
    return {};
}

void Agent::answer(const Message& message) {
    if (message.kind == agent_words::kHello) {
        std::error_code ignored;
        const bool sees = fs::exists(m_project.store() / message.field("probe"), ignored);
        m_stream.send({agent_words::kHello, {{"project", m_project.root().string()}, {"sees", sees ? "1" : "0"}}, ""});
    } else if (message.kind == agent_words::kTree) {
        takeTree(message);
    } else if (message.kind == agent_words::kStart) {
        start(message);
    } else if (message.kind == agent_words::kCancel) {
        for (const auto& [handle, running] : m_running) {
            if (running.handle == message.field("handle")) m_pool.cancel(handle);
        }
    } else if (message.kind == agent_words::kList) {
        const std::string& folder = message.field("folder");
        m_stream.send({agent_words::kListing,
                       {{"folder", folder}},
                       isCopiedPath(folder) ? listingText(storeFiles(m_project, folder)) : ""});
    } else if (message.kind == agent_words::kFetch) {
        m_fetches.push_back(
            {message.field("path"), message.field("identity"), static_cast<std::uint64_t>(message.number("from"))});
    }
}

/// One file of a version's spliced source. What goes wrong is said when a unit wants the tree.
void Agent::takeTree(const Message& message) {
    const fs::path relative(message.field("path"));
    const std::string& id = message.field("id");
    const bool leavesIt = relative.is_absolute() || std::find(relative.begin(), relative.end(), "..") != relative.end();
    const fs::path target = treeFolder(id) / relative;
    Result<void> taken =
        leavesIt ? Error(ErrorCode::Refused, "a source file is for elsewhere") : base::makeFolder(target.parent_path());
    std::error_code problem;
    if (taken && message.field("mode") == "link")
        fs::create_symlink(message.body, target, problem);
    else if (taken)
        taken = base::writeFileAtomically(target, base::bytesOf(message.body));
    if (taken && message.field("mode") == "executable")
        fs::permissions(target, fs::perms::owner_exec, fs::perm_options::add, problem);
    if (problem) taken = Error::fromErrno(problem.value(), "cannot lay out the version's source");
    if (!taken) m_treeProblems[id] = taken.error().text();
}

void Agent::start(const Message& message) {
    auto task = parseTaskJson(message.body);
    const Result<Executor::Handle> handle = task ? submit(message, *task) : Result<Executor::Handle>(task.error());
    if (!handle) {
        const bool lacks = handle.error().code() == ErrorCode::Environment;
        return sayEnded(message.field("handle"),
                        {lacks ? Ending::Environment : Ending::Failed, 1, handle.error().text()});
    }
    m_running.emplace(*handle, Running{message.field("handle"), ResultSender(m_project, task->unit.replay),
                                       message.field("shared") == "1", std::nullopt});
}

Result<Executor::Handle> Agent::submit(const Message& message, Task& task) {
    const std::string& tree = message.field("tree");
    if (const auto problem = m_treeProblems.find(tree); problem != m_treeProblems.end())
        return Error(ErrorCode::Io, problem->second);
    task.tree = treeFolder(tree);
    task.presentProject = m_project.root();
    if (task.hidesLaterData && message.field("shared") != "1") {
        // The sender looked at the data of its own project; the one here is what the unit will see.
        const std::vector<std::string> later = laterData(m_project.root(), task.tree, task.startedMicros);
        task.hiddenFiles.insert(task.hiddenFiles.end(), later.begin(), later.end());
        std::sort(task.hiddenFiles.begin(), task.hiddenFiles.end());
    }
    HINDCAST_TRY(settleTask(task, m_project));
    return m_pool.submit(task);
}

void Agent::sayEnded(const std::string& handle, const HostedEnding& ending) {
    m_stream.send({agent_words::kEnded, {{"handle", handle}}, endingJson(ending)});
}

/// Everything that a replay wrote leaves before the word that it ended.
void Agent::followUnits() {
    for (const Event& event : m_pool.poll()) {
        const auto found = m_running.find(event.handle);
        if (found != m_running.end())
            found->second.ending = HostedEnding{event.ending, event.status, event.reason, event.refused};
    }
    for (auto at = m_running.begin(); at != m_running.end();) {
        Running& running = at->second;
        const bool all = running.shared || running.results.send(m_stream);
        if (!running.ending || !all) {
            ++at;
            continue;
        }
        sayEnded(running.handle, *running.ending);
        at = m_running.erase(at);
    }
}

/// The pieces of the files that were asked for, in order, as far as the stream is not full.
void Agent::sendFetched() {
    while (!m_fetches.empty() && m_stream.unsent() < kMostUnsentBytes) {
        Fetch& fetch = m_fetches.front();
        if (!fetch.file) {
            fetch.file = isCopiedPath(fetch.path) ? storeFile(m_project, fetch.path) : std::nullopt;
            const bool isAnother = fetch.file && std::to_string(fetch.file->identity) != fetch.identity;
            if (fetch.file && (isAnother || fetch.from > fetch.file->bytes)) fetch.from = 0;
        }
        const auto piece = fetch.file ? fileMessage(m_project, *fetch.file, fetch.from)
                                      : Result<Message>(Error(ErrorCode::NotFound, fetch.path));
        if (!piece) {
            m_stream.send({agent_words::kGone, {{"path", fetch.path}}, ""});
            m_fetches.pop_front();
            continue;
        }
        m_stream.send(*piece);
        fetch.from += piece->body.size();
        if (fetch.from >= fetch.file->bytes) m_fetches.pop_front();
    }
}

void Agent::sendAlive() {
    if (Clock::now() < m_said + kSayAliveEvery) return;
    m_said = Clock::now();
    m_stream.send({agent_words::kAlive, {}, ""});
}

}  // namespace

Result<void> serveAgent(const store::Project& project, int workers, int in, int out,
                        const std::function<bool()>& isStopped) {
    HINDCAST_TRY(base::makeFolder(project.scratch()));
    HINDCAST_ASSIGN(store::ScratchFolder folder, store::ScratchFolder::make(project.scratch(), "agent-"));
    return Agent(project, std::move(folder), workers, in, out).run(isStopped);
}

}  // namespace hindcast::replay
