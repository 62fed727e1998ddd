// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/slurm/slurm_executor.h"

#include <algorithm>
#include <future>
#include <map>
#include <thread>

#include "core/base/file.h"
#include "core/replay/pool/hosted/task_file.h"
#include "core/replay/pool/slurm/slurm_units.h"
#include "core/store/scratch.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Result;
using std::chrono::milliseconds;

namespace {

/// What is submitted within this time goes into one array.
constexpr milliseconds kGather{150};
constexpr milliseconds kLookEvery{100};      ///< for the words of ended tasks
constexpr milliseconds kAskEvery{1000};      ///< Slurm; more often would burden the controller
constexpr milliseconds kAskSoon{200};        ///< while a cancel is under way
constexpr milliseconds kWordMayTake{10000};  ///< on a shared file system, after Slurm says that a task is over
constexpr milliseconds kUnknownFor{20000};   ///< a task that Slurm does not list may only be about to be listed
constexpr std::size_t kLargestArray = 1000;  ///< MaxArraySize is 1001 where nobody set it

template <class T>
bool isReady(const std::future<T>& future) {
    return future.valid() && future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

fs::path withSuffix(fs::path path, const char* suffix) {
    return path += suffix;
}

/// This program as nodes with the same file system see it.
fs::path ownProgram() {
    std::error_code ignored;
    return fs::read_symlink("/proc/self/exe", ignored);
}

}  // namespace

class SlurmExecutor::Impl {
public:
    Impl(const store::Project& project, Resource resource, store::ScratchFolder folder)
        : m_project(project),
          m_resource(std::move(resource)),
          m_folder(std::move(folder)),
          m_name("hindcast-" + base::Uuid::make().text().substr(24)) {}

    int slots() const { return m_resource.workers > 0 ? m_resource.workers : kSlurmWorkers; }
    const Resource& resource() const { return m_resource; }
    Result<Handle> add(const Task& task);
    std::vector<Event> step();
    void cancel(Handle handle);
    std::string waitingFor(Handle handle) const;
    fs::path outputFile(Handle handle) const;
    bool idle() const { return m_units.empty(); }

private:
    struct Array {
        std::vector<Handle> handles;
        std::future<Result<std::string>> submitting;
    };

    SlurmUnit* unit(Handle handle);
    void report(std::vector<Event>& events, SlurmUnit& unit, HostedEnding ending);
    void dropUnsubmitted(std::vector<Event>& events);
    void submitGathered();
    Result<void> beginArray(const std::vector<SlurmUnit*>& units);
    void takeSubmitted(std::vector<Event>& events);
    void takeWords(std::vector<Event>& events);
    void askQueue();
    void takeQueue();
    void judgeSilent(std::vector<Event>& events);
    void sendCancels();
    void keepOutput(const SlurmUnit& unit, const std::string& problem) const;

    store::Project m_project;
    Resource m_resource;
    store::ScratchFolder m_folder;
    std::string m_name;
    Handle m_next = 1;
    int m_arrays = 0;
    std::map<Handle, SlurmUnit> m_units;
    std::map<Handle, base::Uuid> m_replays;  ///< also of units that have ended
    SlurmClock::time_point m_gatherSince{};
    std::optional<Array> m_array;
    std::future<Result<std::map<std::string, SlurmState>>> m_asking;
    std::future<Result<void>> m_cancelling;
    std::string m_silence;  ///< why Slurm does not answer, "" when it does
    SlurmClock::time_point m_looked{};
    SlurmClock::time_point m_asked{};
};

SlurmUnit* SlurmExecutor::Impl::unit(Handle handle) {
    const auto found = m_units.find(handle);
    return found == m_units.end() ? nullptr : &found->second;
}

Result<Executor::Handle> SlurmExecutor::Impl::add(const Task& task) {
    SlurmUnit unit;
    unit.handle = m_next;
    unit.replay = task.unit.replay;
    unit.cpus = std::max(1, task.threads);
    HINDCAST_ASSIGN(unit.document, taskJson(task));
    const bool first =
        std::none_of(m_units.begin(), m_units.end(), [](const auto& entry) { return !entry.second.document.empty(); });
    if (first) m_gatherSince = SlurmClock::now();
    m_replays[m_next] = unit.replay;
    m_units.emplace(m_next, std::move(unit));
    return m_next++;
}

std::vector<Event> SlurmExecutor::Impl::step() {
    std::vector<Event> events;
    dropUnsubmitted(events);
    takeSubmitted(events);
    submitGathered();
    takeWords(events);
    takeQueue();
    askQueue();
    judgeSilent(events);
    sendCancels();
    return events;
}

/// The unit's event. What Slurm's task printed stays readable where the worker itself left nothing.
void SlurmExecutor::Impl::report(std::vector<Event>& events, SlurmUnit& unit, HostedEnding ending) {
    if (unit.cancelled) ending.ending = Ending::Cancelled;
    if (ending.ending != Ending::Done && ending.ending != Ending::Cancelled) keepOutput(unit, ending.problem);
    events.push_back({unit.handle, ending.ending, ending.status, ending.problem, ending.refused});
    m_units.erase(unit.handle);
}

void SlurmExecutor::Impl::keepOutput(const SlurmUnit& unit, const std::string& problem) const {
    std::error_code ignored;
    const fs::path output = m_project.scratch() / "output" / (unit.replay.text() + ".txt");
    if (fs::exists(m_project.replayFolder(unit.replay) / "output.txt", ignored) || fs::exists(output, ignored)) return;
    std::string text = base::readTextFile(withSuffix(unit.base, ".out")).value_or("");
    if (!problem.empty()) text += problem + "\n";
    // Without it the unit is reported with its status alone.
    static_cast<void>(base::makeFolder(output.parent_path()).has_value());
    static_cast<void>(base::writeFileAtomically(output, base::bytesOf(text)).has_value());
}

void SlurmExecutor::Impl::dropUnsubmitted(std::vector<Event>& events) {
    std::vector<Handle> dropped;
    for (const auto& [handle, unit] : m_units) {
        if (unit.cancelled && !unit.document.empty()) dropped.push_back(handle);
    }
    for (const Handle handle : dropped) report(events, m_units.at(handle), {});
}

/// Units that ask for the same number of processors, the first one's, become an array.
void SlurmExecutor::Impl::submitGathered() {
    if (m_array || SlurmClock::now() < m_gatherSince + kGather) return;
    std::vector<SlurmUnit*> together;
    for (auto& [handle, unit] : m_units) {
        if (unit.document.empty() || together.size() == kLargestArray) continue;
        if (together.empty() || together.front()->cpus == unit.cpus) together.push_back(&unit);
    }
    if (together.empty()) return;
    if (const auto begun = beginArray(together); !begun) {
        m_array.emplace();
        for (const SlurmUnit* unit : together) m_array->handles.push_back(unit->handle);
        m_array->submitting =
            std::async(std::launch::deferred, [error = begun.error()]() -> Result<std::string> { return error; });
    }
}

Result<void> SlurmExecutor::Impl::beginArray(const std::vector<SlurmUnit*>& units) {
    const fs::path folder = m_folder.path() / std::to_string(m_arrays++);
    HINDCAST_TRY(base::makeFolder(folder));
    Array array;
    for (std::size_t at = 0; at < units.size(); ++at) {
        SlurmUnit& unit = *units[at];
        unit.base = folder / std::to_string(at);
        HINDCAST_TRY(base::writeFileAtomically(withSuffix(unit.base, kTaskSuffix), base::bytesOf(unit.document)));
        array.handles.push_back(unit.handle);
    }
    for (SlurmUnit* unit : units) unit->document.clear();
    const SlurmArray asked{folder, m_name, units.size(), units.front()->cpus,
                           m_resource.program.empty() ? ownProgram() : fs::path(m_resource.program)};
    array.submitting = std::async(std::launch::async, submitToSlurm, asked, m_resource);
    m_array = std::move(array);
    return {};
}

void SlurmExecutor::Impl::takeSubmitted(std::vector<Event>& events) {
    if (!m_array) return;
    const auto state = m_array->submitting.wait_for(std::chrono::seconds(0));
    if (state == std::future_status::timeout) return;
    const Result<std::string> job = m_array->submitting.get();
    const std::vector<Handle> handles = std::move(m_array->handles);
    m_array.reset();
    for (std::size_t at = 0; at < handles.size(); ++at) {
        SlurmUnit* submitted = unit(handles[at]);
        if (!submitted) continue;
        if (job) {
            submitted->task = *job + "_" + std::to_string(at);
            submitted->seen = {"PENDING", "None"};
        } else {
            report(events, *submitted, {Ending::Environment, 1, job.error().text()});
        }
    }
}

void SlurmExecutor::Impl::takeWords(std::vector<Event>& events) {
    if (SlurmClock::now() < m_looked + kLookEvery) return;
    m_looked = SlurmClock::now();
    std::vector<std::pair<Handle, HostedEnding>> ended;
    for (auto& [handle, unit] : m_units) {
        if (unit.task.empty()) continue;
        const fs::path word = withSuffix(unit.base, kEndedSuffix);
        std::error_code ignored;
        if (!fs::exists(word, ignored)) continue;
        const auto text = base::readTextFile(word);
        const auto ending = text ? parseEndingJson(*text) : Result<HostedEnding>(text.error());
        if (!ending) continue;
        // Ended from outside, and not by us: why is for Slurm to say.
        if (ending->ending == Ending::Cancelled && !unit.cancelled)
            unit.wasEnded = true;
        else
            ended.emplace_back(handle, *ending);
    }
    for (auto& [handle, ending] : ended) report(events, m_units.at(handle), std::move(ending));
}

void SlurmExecutor::Impl::askQueue() {
    const bool known =
        std::any_of(m_units.begin(), m_units.end(), [](const auto& entry) { return !entry.second.task.empty(); });
    const bool hurry =
        std::any_of(m_units.begin(), m_units.end(), [](const auto& entry) { return entry.second.cancelSent; });
    if (!known || m_asking.valid() || SlurmClock::now() < m_asked + (hurry ? kAskSoon : kAskEvery)) return;
    m_asked = SlurmClock::now();
    m_asking = std::async(std::launch::async, slurmQueue, m_name);
}

void SlurmExecutor::Impl::takeQueue() {
    if (!isReady(m_asking)) return;
    const auto states = m_asking.get();
    m_silence = states ? "" : states.error().text();
    if (!states) return;
    for (auto& [handle, unit] : m_units) {
        if (unit.task.empty()) continue;
        const auto found = states->find(unit.task);
        const bool over = found == states->end() || endingOfState(found->second.state);
        unit.seen = found == states->end() ? SlurmState{} : found->second;
        if (!over)
            unit.goneSince = {};
        else if (unit.goneSince == SlurmClock::time_point{})
            unit.goneSince = SlurmClock::now();
    }
}

/// Units whose task is over, by what Slurm says, and that left no word.
void SlurmExecutor::Impl::judgeSilent(std::vector<Event>& events) {
    std::vector<std::pair<Handle, HostedEnding>> ended;
    for (auto& [handle, unit] : m_units) {
        if (unit.goneSince == SlurmClock::time_point{}) continue;
        const auto silentFor = SlurmClock::now() - unit.goneSince;
        if (unit.seen.state.empty()) {
            // Slurm forgets a task that was cancelled before it ran.
            if (unit.cancelSent && !m_cancelling.valid())
                unit.seen = {"CANCELLED", ""};
            else if (silentFor > kUnknownFor)  // rare, and the unit is over either way: waiting here is no loss
                unit.seen = slurmHistory(unit.task).value_or(SlurmState{"NODE_FAIL", ""});
        }
        auto ending = endingOfState(unit.seen.state);
        if (!ending) continue;
        const bool completed = unit.seen.state == "COMPLETED";
        if (completed && unit.wasEnded) ending = Ending::Lost;
        const milliseconds patience = completed && !unit.wasEnded && !unit.cancelled ? kWordMayTake : kAskSoon;
        if (silentFor > patience)
            ended.emplace_back(handle, HostedEnding{*ending, 1, "Slurm says of the unit: " + unit.seen.state});
    }
    for (auto& [handle, ending] : ended) report(events, m_units.at(handle), std::move(ending));
}

void SlurmExecutor::Impl::sendCancels() {
    if (isReady(m_cancelling) && !m_cancelling.get()) {
        for (auto& [handle, unit] : m_units) unit.cancelSent = false;  // tried again below
    }
    if (m_cancelling.valid()) return;
    std::vector<std::string> tasks;
    for (auto& [handle, unit] : m_units) {
        if (!unit.cancelled || unit.cancelSent || unit.task.empty()) continue;
        unit.cancelSent = true;
        tasks.push_back(unit.task);
    }
    if (!tasks.empty()) m_cancelling = std::async(std::launch::async, cancelInSlurm, tasks);
}

void SlurmExecutor::Impl::cancel(Handle handle) {
    if (SlurmUnit* found = unit(handle)) found->cancelled = true;
}

std::string SlurmExecutor::Impl::waitingFor(Handle handle) const {
    const auto found = m_units.find(handle);
    if (found == m_units.end() || isOnNode(found->second.seen.state)) return "";
    if (!m_silence.empty()) return m_silence;
    if (found->second.task.empty()) return "being submitted to Slurm";
    const std::string& reason = found->second.seen.reason;
    return "waiting in Slurm's queue" + (reason.empty() || reason == "None" ? "" : " (" + reason + ")");
}

fs::path SlurmExecutor::Impl::outputFile(Handle handle) const {
    const auto replay = m_replays.find(handle);
    if (replay == m_replays.end()) return {};
    std::error_code ignored;
    const fs::path kept = m_project.replayFolder(replay->second) / "output.txt";
    return fs::exists(kept, ignored) ? kept : m_project.scratch() / "output" / (replay->second.text() + ".txt");
}

Result<std::unique_ptr<SlurmExecutor>> SlurmExecutor::make(const store::Project& project, Resource resource) {
    HINDCAST_TRY(base::makeFolder(project.scratch()));
    HINDCAST_ASSIGN(store::ScratchFolder folder, store::ScratchFolder::make(project.scratch(), "slurm-"));
    auto impl = std::make_unique<Impl>(project, std::move(resource), std::move(folder));
    return std::unique_ptr<SlurmExecutor>(new SlurmExecutor(std::move(impl)));
}

SlurmExecutor::SlurmExecutor(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}

SlurmExecutor::~SlurmExecutor() {
    for (Handle handle = 1; !m_impl->idle() && !m_impl->outputFile(handle).empty(); ++handle) m_impl->cancel(handle);
    const auto patience = SlurmClock::now() + std::chrono::seconds(5);
    while (!m_impl->idle() && SlurmClock::now() < patience) {
        static_cast<void>(m_impl->step());
        std::this_thread::sleep_for(milliseconds(50));
    }
}

Capacity SlurmExecutor::capacity() const {
    Capacity capacity;
    capacity.slots = m_impl->slots();
    capacity.speedFactor = m_impl->resource().speed;
    capacity.pricePerHour = m_impl->resource().pricePerHour;
    return capacity;
}

Result<Executor::Handle> SlurmExecutor::submit(const Task& task) {
    return m_impl->add(task);
}
std::vector<Event> SlurmExecutor::poll() {
    return m_impl->step();
}
void SlurmExecutor::cancel(Handle handle) {
    m_impl->cancel(handle);
}
std::string SlurmExecutor::waitingFor(Handle handle) const {
    return m_impl->waitingFor(handle);
}
fs::path SlurmExecutor::outputFile(Handle handle) const {
    return m_impl->outputFile(handle);
}

}  // namespace hindcast::replay
