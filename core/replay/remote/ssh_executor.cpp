// SPDX-License-Identifier: Apache-2.0
#include "core/replay/remote/ssh_executor.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <optional>
#include <set>

#include "core/base/file.h"
#include "core/replay/pool/task_document.h"
#include "core/replay/remote/agent.h"
#include "core/replay/remote/file_transfer.h"
#include "core/replay/remote/tree_sender.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Result;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr std::array kPauses{seconds(1), seconds(2), seconds(4), seconds(8), seconds(15), seconds(30)};

}  // namespace

class SshExecutor::Impl {
public:
    Impl(const store::Project& project, const Resource& resource, RemotePlace place)
        : m_project(project),
          m_resource(resource),
          m_place(std::move(place)),
          m_probe("scratch/here-" + base::Uuid::make().text()) {}
    ~Impl();

    const Resource& resource() const { return m_resource; }
    Handle add(const Task& task);
    std::vector<Event> step();
    void cancel(Handle handle);
    std::string waitingFor(Handle handle) const;
    fs::path outputFile(Handle handle) const;

private:
    struct Unit {
        Task task;
        bool sent = false;
        bool cancelled = false;
        bool cancelSent = false;
    };

    void connect();
    void takeMessages(std::vector<Event>& events);
    void take(const Message& message, std::vector<Event>& events);
    bool isOurs(const std::string& path) const;
    void loseConnection(std::vector<Event>& events);
    void giveUp(const std::string& why, std::vector<Event>& events);
    void sendUnits(std::vector<Event>& events);
    Result<void> sendUnit(Handle handle, Unit& unit);
    void sendCancels(std::vector<Event>& events);
    void report(Handle handle, HostedEnding ending, std::vector<Event>& events);
    fs::path errorsFile() const { return m_project.store() / (m_probe + ".ssh"); }

    store::Project m_project;
    Resource m_resource;
    RemotePlace m_place;
    std::string m_probe;  ///< a file that the agent sees when it has this very store
    std::optional<SshLink> m_link;
    bool m_ready = false;   ///< the agent said hello
    bool m_shared = false;  ///< it has this very store
    bool m_wasReached = false;
    std::size_t m_failures = 0;
    std::string m_problem;
    Clock::time_point m_connectAt = Clock::now();
    Clock::time_point m_heard{};
    Clock::time_point m_said{};
    Handle m_next = 1;
    std::map<Handle, Unit> m_units;
    std::map<Handle, base::Uuid> m_replays;      ///< also of units that have ended
    std::map<std::string, std::string> m_trees;  ///< folder here → id at this connection's agent
};

SshExecutor::Impl::~Impl() {
    std::error_code ignored;
    fs::remove(m_project.store() / m_probe, ignored);
    fs::remove(errorsFile(), ignored);
}

Executor::Handle SshExecutor::Impl::add(const Task& task) {
    m_replays[m_next] = task.unit.replay;
    m_units[m_next].task = task;
    return m_next++;
}

std::vector<Event> SshExecutor::Impl::step() {
    std::vector<Event> events;
    sendCancels(events);
    if (m_units.empty() && !m_link) return events;
    if (!m_link && Clock::now() >= m_connectAt) connect();
    if (!m_link) return events;
    m_link->stream().pump(milliseconds(0));
    takeMessages(events);
    if (!m_link->isOpen() || Clock::now() > m_heard + kMostSilence) {
        loseConnection(events);
        return events;
    }
    if (m_ready) sendUnits(events);
    if (Clock::now() > m_said + kSayAliveEvery) {
        m_said = Clock::now();
        m_link->stream().send({agent_words::kAlive, {}, ""});
    }
    m_link->stream().pump(milliseconds(0));
    return events;
}

void SshExecutor::Impl::connect() {
    const auto written = base::writeFileAtomically(m_project.store() / m_probe, {});
    auto link = written ? SshLink::start(m_place, errorsFile()) : Result<SshLink>(written.error());
    if (!link) {
        m_problem = link.error().text();
        m_connectAt = Clock::now() + kPauses.back();
        return;
    }
    m_link.emplace(*std::move(link));
    m_heard = m_said = Clock::now();
    m_link->stream().send({agent_words::kHello, {{"probe", m_probe}}, ""});
}

void SshExecutor::Impl::takeMessages(std::vector<Event>& events) {
    while (const auto message = m_link->stream().take()) {
        m_heard = Clock::now();
        take(*message, events);
    }
}

void SshExecutor::Impl::take(const Message& message, std::vector<Event>& events) {
    if (message.kind == agent_words::kHello) {
        m_ready = m_wasReached = true;
        m_failures = 0;
        m_problem.clear();
        m_shared = message.field("sees") == "1";
    } else if (message.kind == agent_words::kFile) {
        // A result that cannot be kept here (a full disk) is at the other side still; the unit ends with the reason.
        if (!isOurs(message.field("path"))) return;
        if (const auto taken = takeFileMessage(m_project, message); !taken) m_problem = taken.error().text();
    } else if (message.kind == agent_words::kEnded) {
        auto ending = parseEndingJson(message.body);
        if (ending) report(static_cast<Handle>(message.number("handle")), *std::move(ending), events);
    }
}

/// Another machine writes here what the replays that it was asked for wrote there, and nothing else.
bool SshExecutor::Impl::isOurs(const std::string& path) const {
    return std::any_of(m_replays.begin(), m_replays.end(),
                       [&](const auto& entry) { return path.starts_with("replays/" + entry.second.text() + "/"); });
}

void SshExecutor::Impl::loseConnection(std::vector<Event>& events) {
    const std::string why = m_link->whyClosed();
    m_link.reset();
    m_ready = false;
    m_trees.clear();
    std::vector<Handle> lost;
    for (const auto& [handle, unit] : m_units) {
        if (unit.sent) lost.push_back(handle);
    }
    for (const Handle handle : lost) report(handle, {Ending::Lost, 1, why}, events);
    m_problem = why;
    if (!m_wasReached || m_failures == kPauses.size()) return giveUp(why, events);
    m_connectAt = Clock::now() + kPauses[m_failures++];
}

/// The place does not answer: every unit that waits for it ends, and what is submitted later tries anew.
void SshExecutor::Impl::giveUp(const std::string& why, std::vector<Event>& events) {
    m_failures = 0;
    m_connectAt = Clock::now();
    std::vector<Handle> waiting;
    for (const auto& [handle, unit] : m_units) waiting.push_back(handle);
    for (const Handle handle : waiting) report(handle, {Ending::Environment, 1, why}, events);
}

void SshExecutor::Impl::sendUnits(std::vector<Event>& events) {
    std::vector<std::pair<Handle, std::string>> refused;
    for (auto& [handle, unit] : m_units) {
        if (unit.sent || unit.cancelled) continue;
        if (const auto sent = sendUnit(handle, unit); !sent) refused.emplace_back(handle, sent.error().text());
    }
    for (const auto& [handle, why] : refused) report(handle, {Ending::Failed, 1, why}, events);
}

Result<void> SshExecutor::Impl::sendUnit(Handle handle, Unit& unit) {
    const std::string folder = unit.task.tree.string();
    if (!m_trees.contains(folder)) {
        const std::string id = base::Uuid::make().text();
        HINDCAST_TRY(sendTree(unit.task.tree, id, m_link->stream()));
        m_trees[folder] = id;
    }
    HINDCAST_ASSIGN(std::string document, taskJson(unit.task));
    m_link->stream().send(
        {agent_words::kStart,
         {{"handle", std::to_string(handle)}, {"tree", m_trees[folder]}, {"shared", m_shared ? "1" : "0"}},
         std::move(document)});
    unit.sent = true;
    return {};
}

void SshExecutor::Impl::sendCancels(std::vector<Event>& events) {
    std::vector<Handle> unsent;
    for (auto& [handle, unit] : m_units) {
        if (!unit.cancelled || unit.cancelSent) continue;
        if (!unit.sent) {
            unsent.push_back(handle);
        } else if (m_link) {
            m_link->stream().send({agent_words::kCancel, {{"handle", std::to_string(handle)}}, ""});
            unit.cancelSent = true;
        }
    }
    for (const Handle handle : unsent) report(handle, {}, events);
}

void SshExecutor::Impl::report(Handle handle, HostedEnding ending, std::vector<Event>& events) {
    const auto found = m_units.find(handle);
    if (found == m_units.end()) return;
    if (found->second.cancelled) ending.ending = Ending::Cancelled;
    if (!ending.problem.empty() && ending.ending != Ending::Cancelled) {
        const fs::path output = m_project.scratch() / "output" / (m_replays[handle].text() + ".txt");
        // Without it the unit is reported with its status alone.
        static_cast<void>(base::makeFolder(output.parent_path()).has_value());
        static_cast<void>(base::writeFileAtomically(output, base::bytesOf(ending.problem + "\n")).has_value());
    }
    events.push_back({handle, ending.ending, ending.status, ending.problem, ending.refused});
    m_units.erase(found);
}

void SshExecutor::Impl::cancel(Handle handle) {
    if (const auto found = m_units.find(handle); found != m_units.end()) found->second.cancelled = true;
}

std::string SshExecutor::Impl::waitingFor(Handle handle) const {
    const auto found = m_units.find(handle);
    if (found == m_units.end() || found->second.sent) return "";
    return m_problem.empty() ? "connecting to " + m_place.host : "waiting for " + m_place.host + ": " + m_problem;
}

fs::path SshExecutor::Impl::outputFile(Handle handle) const {
    const auto replay = m_replays.find(handle);
    if (replay == m_replays.end()) return {};
    std::error_code ignored;
    const fs::path kept = m_project.replayFolder(replay->second) / "output.txt";
    return fs::exists(kept, ignored) ? kept : m_project.scratch() / "output" / (replay->second.text() + ".txt");
}

SshExecutor::SshExecutor(const store::Project& project, const Resource& resource, RemotePlace place)
    : m_impl(std::make_unique<Impl>(project, resource, std::move(place))) {}
SshExecutor::~SshExecutor() = default;

Capacity SshExecutor::capacity() const {
    Capacity capacity;
    capacity.slots = std::max(1, m_impl->resource().workers);
    capacity.speedFactor = m_impl->resource().speed;
    capacity.pricePerHour = m_impl->resource().pricePerHour;
    return capacity;
}

Result<Executor::Handle> SshExecutor::submit(const Task& task) {
    return m_impl->add(task);
}
std::vector<Event> SshExecutor::poll() {
    return m_impl->step();
}
void SshExecutor::cancel(Handle handle) {
    m_impl->cancel(handle);
}
std::string SshExecutor::waitingFor(Handle handle) const {
    return m_impl->waitingFor(handle);
}
fs::path SshExecutor::outputFile(Handle handle) const {
    return m_impl->outputFile(handle);
}

}  // namespace hindcast::replay
