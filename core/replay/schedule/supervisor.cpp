// SPDX-License-Identifier: Apache-2.0
#include "core/replay/schedule/supervisor.h"

#include <algorithm>

#include "core/base/file.h"
#include "core/replay/last_line.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Result;

namespace {

constexpr int kMostEscalations = 3;
/// A place that loses a unit this often is not going to bring it to its end.
constexpr int kMostLosses = 20;
constexpr std::int64_t kOutside = -1;

/// How deep a mode is; an escalation goes up.
int depth(Mode mode) {
    switch (mode) {
        case Mode::Prefix:
            return 0;
        case Mode::Pre:
        case Mode::Suffix:
            return 1;
        case Mode::Shallow:
            return 2;
        case Mode::Mid:
            return 3;
        case Mode::Deep:
            return 4;
        case Mode::Beginning:
            return 5;
    }
    return 5;
}

/// What the user set; else so much time that only a worker that hangs needs it: estimates may be far off on a machine
/// that is busy. The place where a unit runs knows its own memory.
UnitLimits limitsFor(double estimatedSeconds, UnitLimits set) {
    constexpr double kPatience = 20;
    constexpr double kLeastSeconds = 300;
    if (set.seconds <= 0) set.seconds = kLeastSeconds + kPatience * estimatedSeconds;
    return set;
}

}  // namespace

Supervisor::Supervisor(WorkPlan plan, SchedulerOptions options)
    : m_plan(std::move(plan)),
      m_options(std::move(options)),
      m_executor(m_options.makeExecutor()),
      m_stage(m_options.project, m_options.newest),
      m_queue(splitJobs(m_plan)),
      m_tracks(m_plan.versions.size()) {
    for (std::size_t version = 0; version < m_plan.versions.size(); ++version) {
        for (const Job& job : m_plan.versions[version].jobs) {
            m_tracks[version].total += std::max<std::int64_t>(1, static_cast<std::int64_t>(job.iterations.size()));
        }
    }
    if (m_options.view) show(*m_options.view);
}

Supervisor::~Supervisor() = default;

void Supervisor::step(bool paused) {
    for (const auto& running : m_running) follow(*running);
    for (const Event& event : m_executor->poll()) {
        const auto at = std::find_if(m_running.begin(), m_running.end(),
                                     [&](const auto& running) { return running->handle() == event.handle; });
        if (at == m_running.end()) continue;
        const std::unique_ptr<RunningUnit> ended = std::move(*at);
        m_running.erase(at);
        follow(*ended);
        end(*ended, event);
        if (jobIsOver(ended->unit().version, ended->unit().job))
            m_stage.remove(ended->unit().version, ended->unit().job);
    }
    if (paused || m_cancelled) return;
    startSome();
    expectNext();
}

/// Only when the units that run have come as far as their iterations: before that they need the processors themselves.
void Supervisor::expectNext() {
    if (m_queue.empty() || m_expected == m_queue.size() || !m_starting.empty()) return;
    const bool allWork =
        std::all_of(m_running.begin(), m_running.end(), [](const auto& running) { return running->isAtWork(); });
    if (!allWork) return;
    m_expected = m_queue.size();
    std::vector<Task> next;
    for (const PendingUnit& unit : m_queue.units()) {
        if (next.size() >= m_running.size()) break;
        if (const Result<Task> task = taskFor(unit, {})) next.push_back(*task);
    }
    m_executor->expect(next);
}

void Supervisor::startSome() {
    const auto slots = static_cast<std::size_t>(m_executor->capacity().slots);
    while (m_running.size() + m_starting.size() < slots) {
        std::optional<PendingUnit> unit = m_queue.take();
        if (!unit) break;
        m_stage.prepare(unit->version, unit->job, m_plan.versions[unit->version]);
        m_starting.push_back(std::move(*unit));
    }
    // The next tree is written while the units before it run.
    if (!m_queue.empty()) {
        const PendingUnit& next = m_queue.units().front();
        m_stage.prepare(next.version, next.job, m_plan.versions[next.version]);
    }
    std::vector<PendingUnit> waiting = std::exchange(m_starting, {});
    for (PendingUnit& unit : waiting) {
        const std::optional<Result<StagedSource>> source = m_stage.take(unit.version, unit.job);
        if (!source) {
            m_starting.push_back(std::move(unit));
        } else if (!*source) {
            failVersion(unit.version, source->error().text());
        } else {
            start(std::move(unit), **source);
        }
    }
}

Result<Task> Supervisor::taskFor(const PendingUnit& unit, const StagedSource& source) const {
    const VersionWork& work = m_plan.versions[unit.version];
    const Job& job = work.jobs[unit.job];
    Task task;
    task.unit.replay = base::Uuid::make();
    task.unit.version = work.version;
    task.unit.mode = unit.mode;
    task.unit.loop = job.loop;
    task.unit.occurrence = job.occurrence;
    if (!unit.iterations.empty()) {
        task.unit.first = unit.iterations.front();
        task.unit.last = unit.iterations.back();
        const auto span = static_cast<std::size_t>(task.unit.last - task.unit.first) + 1;
        if (unit.iterations.size() < span) task.unit.iterations = unit.iterations;
    }
    task.unit.latest = unit.latest;
    if (unit.mode == Mode::Mid) task.unit.steps = job.steps;
    task.unit.innerLoops = job.innerLoops;
    task.unit.injected = job.source.injected;
    task.unit.probes = job.unitProbes;
    for (std::size_t at = 0; at < job.memos.size(); ++at) task.unit.probes[at].memo = job.memos[at].at(unit.mode);
    task.unit.script = work.process.script;
    task.unit.argv = work.process.argv;
    task.unit.arguments = work.process.arguments;
    task.unit.estimatedSeconds = unit.seconds;
    task.unit.resource = m_options.resource;
    task.versionRunJson = work.process.runJson;
    task.tree = source.tree;
    task.hiddenFiles = source.hiddenFiles;
    if (!m_tracks[unit.version].seesLaterData) {
        task.hidesLaterData = true;
        task.hiddenFiles.insert(task.hiddenFiles.end(), source.laterData.begin(), source.laterData.end());
        std::sort(task.hiddenFiles.begin(), task.hiddenFiles.end());
    }
    task.project = work.process.project;
    task.presentProject = m_options.project.root();
    task.folder = work.process.folder;
    task.startedMicros = work.process.startedMicros;
    task.threads = work.process.threads;
    task.interpreter = work.process.interpreter;
    task.environment = workerEnvironment(work.process, m_options.package);
    task.recordedCores = work.process.cores;
    task.imports = work.imports;
    task.allowed = m_options.allowed;
    task.limits = limitsFor(unit.seconds, m_options.limits);
    return task;
}

void Supervisor::start(PendingUnit unit, const StagedSource& source) {
    const Result<Task> task = taskFor(unit, source);
    if (!task) return fail(unit, task.error().text());
    const Result<Executor::Handle> handle = m_executor->submit(*task);
    if (!handle) return fail(unit, handle.error().text());
    m_tracks[unit.version].output = m_executor->outputFile(*handle).string();
    m_running.push_back(std::make_unique<RunningUnit>(std::move(unit), task->unit, *handle,
                                                      m_options.project.replayFolder(task->unit.replay)));
}

void Supervisor::follow(RunningUnit& running) {
    Track& track = m_tracks[running.unit().version];
    for (const IterationReport& report : running.follow()) {
        const std::int64_t key = report.loop.empty() ? kOutside : report.index;
        const Job& job = m_plan.versions[running.unit().version].jobs[running.unit().job];
        const bool ofRun = report.loop == job.loop && report.occurrence == job.occurrence;
        const std::vector<std::int64_t>& asked = running.unit().iterations;
        const bool inUnit = key == kOutside || (ofRun && std::binary_search(asked.begin(), asked.end(), key));
        if (!inUnit) continue;
        // A statement that raised left no value: whatever the run around it proves, this is not what was asked for.
        track.decided[{running.unit().job, key}] =
            report.statementRaised ? std::max(report.grade, Grade::Unverified) : report.grade;
        if (!report.words.empty() && track.message.empty()) track.message = report.words;
    }
}

void Supervisor::end(RunningUnit& running, const Event& event) {
    Track& track = m_tracks[running.unit().version];
    // The executor has moved the output into the replay's folder when there is one.
    if (const fs::path output = m_executor->outputFile(event.handle); !output.empty()) track.output = output.string();
    switch (event.ending) {
        case Ending::Done:
            return endDone(running);
        case Ending::Escalate:
            return endEscalated(running);
        case Ending::Environment:
            return failVersion(running.unit().version, outputTail(running));
        case Ending::Cancelled:
            return;
        case Ending::Failed:
        case Ending::Killed:
        case Ending::Lost:
            return endBroken(running, event);
        case Ending::OverLimit:
            return endOverLimit(running, event);
    }
}

void Supervisor::endDone(const RunningUnit& running) {
    const PendingUnit& unit = running.unit();
    Track& track = m_tracks[unit.version];
    track.values += running.values();
    track.asksForValues |= !m_plan.versions[unit.version].jobs[unit.job].unitProbes.empty();
    if (!running.escalations().empty()) return endEscalated(running);
    if (unit.iterations.empty() && !running.decidedOutside()) fail(unit, "the replay ended without a verdict");
    const std::vector<std::int64_t> left = running.undecided();
    if (!left.empty()) fail(unit, "the replay ended before iteration " + std::to_string(left.front()));
}

void Supervisor::endEscalated(const RunningUnit& running) {
    const PendingUnit& unit = running.unit();
    Track& track = m_tracks[unit.version];
    for (const EscalationReport& escalation : running.escalations()) {
        PendingUnit deeper = unit;
        deeper.attempt = 0;
        deeper.escalations = unit.escalations + 1;
        deeper.mode = modeNamed(escalation.to).value_or(Mode::Beginning);
        // Deep once more is deeper only where it begins earlier than before.
        const bool earlier = deeper.mode == unit.mode && escalation.latest && !unit.latest;
        if (depth(deeper.mode) <= depth(unit.mode) && !earlier) deeper.mode = Mode::Beginning;
        deeper.latest = deeper.mode == Mode::Beginning ? std::nullopt : escalation.latest;
        if (escalation.first >= 0) {
            std::erase_if(deeper.iterations, [&](std::int64_t index) {
                return index < escalation.first || index > std::max(escalation.first, escalation.last);
            });
        }
        if ((depth(deeper.mode) <= depth(unit.mode) && !earlier) || deeper.escalations > kMostEscalations) {
            fail(unit, "no deeper replay is left to try: " + escalation.reason);
            continue;
        }
        for (const std::int64_t index : deeper.iterations) track.decided.erase({unit.job, index});
        track.escalated = true;
        track.message = escalation.reason;
        m_queue.pushFront(std::move(deeper));
    }
    if (running.escalations().empty()) fail(unit, "the replay asked for a deeper mode without saying for what");
}

void Supervisor::endBroken(const RunningUnit& running, const Event& event) {
    PendingUnit rest = running.unit();
    rest.iterations = running.undecided();
    if (rest.iterations.empty() && !running.unit().iterations.empty()) return;
    if (event.ending == Ending::Lost && rest.losses < kMostLosses) {
        ++rest.losses;
        return m_queue.pushFront(std::move(rest));
    }
    if (rest.attempt == 0) {
        if (event.ending == Ending::Failed) m_tracks[rest.version].seesLaterData = true;
        rest.attempt = 1;
        return m_queue.pushFront(std::move(rest));
    }
    std::string message = running.endReason();
    if (message.empty()) message = outputTail(running);
    if (message.empty()) message = "the worker ended with status " + std::to_string(event.status);
    fail(rest, event.refused.empty() ? message : message + "; " + event.refused);
}

/// What went past a limit once does so again: it is not retried. What it left is kept.
void Supervisor::endOverLimit(const RunningUnit& running, const Event& event) {
    PendingUnit rest = running.unit();
    rest.iterations = running.undecided();
    if (rest.iterations.empty() && !running.unit().iterations.empty()) return;
    fail(rest, "the replay was ended: " + event.reason);
}

void Supervisor::fail(const PendingUnit& unit, const std::string& message) {
    Track& track = m_tracks[unit.version];
    track.failed = true;
    track.message = message;
}

void Supervisor::failVersion(std::size_t version, const std::string& message) {
    m_queue.removeVersion(version);
    m_tracks[version].failed = true;
    m_tracks[version].message = message;
}

bool Supervisor::jobIsOver(std::size_t version, std::size_t job) const {
    const auto same = [&](const PendingUnit& unit) { return unit.version == version && unit.job == job; };
    return std::none_of(m_queue.units().begin(), m_queue.units().end(), same) &&
           std::none_of(m_starting.begin(), m_starting.end(), same) &&
           std::none_of(m_running.begin(), m_running.end(), [&](const auto& running) { return same(running->unit()); });
}

void Supervisor::cancel() {
    if (m_cancelled) return;
    m_cancelled = true;
    m_queue.removeAll();
    m_starting.clear();
    for (const auto& running : m_running) m_executor->cancel(running->handle());
}

std::string Supervisor::outputOf(const RunningUnit& running) const {
    return base::readTextFile(m_tracks[running.unit().version].output).value_or("");
}

std::string Supervisor::outputTail(const RunningUnit& running) const {
    return lastLine(outputOf(running));
}

VersionProgress Supervisor::rowOf(std::size_t version) const {
    const Track& track = m_tracks[version];
    VersionProgress row;
    row.version = m_plan.versions[version].version;
    row.number = m_plan.versions[version].number;
    row.total = track.total;
    row.done = static_cast<std::int64_t>(track.decided.size());
    row.message = track.message;
    row.outputFile = track.output;
    for (const auto& [key, grade] : track.decided) row.worst = std::max(row.worst, grade);
    double left = 0;
    const auto addWaiting = [&](const PendingUnit& unit) {
        if (unit.version != version) return;
        row.queued.insert(row.queued.end(), unit.iterations.begin(), unit.iterations.end());
        left += unit.seconds;
    };
    for (const PendingUnit& unit : m_queue.units()) addWaiting(unit);
    for (const PendingUnit& unit : m_starting) addWaiting(unit);
    bool waits = !row.queued.empty() || left > 0;
    bool runs = false;
    for (const auto& running : m_running) {
        if (running->unit().version != version) continue;
        const std::string waiting = m_executor->waitingFor(running->handle());
        const std::vector<std::int64_t> undecided = running->undecided();
        std::vector<std::int64_t>& where = waiting.empty() ? row.running : row.queued;
        where.insert(where.end(), undecided.begin(), undecided.end());
        if (waiting.empty() || !runs) row.phase = waiting.empty() ? running->phase() : waiting;
        runs = runs || waiting.empty();
        waits = waits || !waiting.empty();
        left += running->secondsLeft();
    }
    std::sort(row.running.begin(), row.running.end());
    std::sort(row.queued.begin(), row.queued.end());
    row.secondsLeft = left;
    if (runs)
        row.state = VersionState::Running;
    else if (waits)
        row.state = track.escalated ? VersionState::Escalated : VersionState::Queued;
    else if (track.failed)
        row.state = VersionState::Failed;
    else
        row.state = m_cancelled && row.done < row.total ? VersionState::Cancelled : VersionState::Done;
    // Legitimate where the statement stands under a condition, and worth knowing where it does not.
    if (row.state == VersionState::Done && track.asksForValues && track.values == 0 && row.message.empty())
        row.message = "no value was logged: the statement was not reached there";
    return row;
}

Progress Supervisor::progress() const {
    Progress progress;
    progress.workers = m_executor->capacity().slots;
    progress.cancelled = m_cancelled;
    progress.finished = finished();
    double left = 0;
    for (std::size_t version = 0; version < m_plan.versions.size(); ++version) {
        if (m_plan.versions[version].jobs.empty()) continue;
        progress.rows.push_back(rowOf(version));
        const VersionProgress& row = progress.rows.back();
        progress.done += row.done;
        progress.total += row.total;
        left += row.secondsLeft;
    }
    progress.secondsLeft = left / std::max(1, progress.workers);
    return progress;
}

}  // namespace hindcast::replay
