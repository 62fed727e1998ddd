// SPDX-License-Identifier: Apache-2.0
#include "core/replay/plan/planner.h"

#include <sys/sysinfo.h>
#include <unistd.h>

#include <algorithm>

#include "core/base/interpreter.h"
#include "core/replay/plan/job_maker.h"
#include "core/replay/pool/workers/early_imports.h"
#include "core/store/captures_elsewhere.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::uint64_t kLargestSourceBytes = std::uint64_t{4} << 20;

/// Python, torch and its libraries, before the model.
constexpr std::int64_t kWorkerBaseBytes = std::int64_t{400} << 20;

void stop(VersionWork& work, std::string key, std::string reason) {
    work.reasonKey = std::move(key);
    work.reason = std::move(reason);
    work.jobs.clear();
}

std::string whyNoneWords(const std::string& key) {
    if (key == "replayed-before") return "replayed before; nothing is missing";
    if (key == "none-captured") return "no state is stored at the iterations that were asked for";
    if (key == "filtered-out") return "the filter rules out every iteration";
    return "the run has no whole iteration that was asked for";
}

/// The recorded interpreter; any other where that is on another machine: what is decided is about texts.
fs::path decidingInterpreter(const RecordedProcess& process) {
    if (::access(process.interpreter.c_str(), X_OK) == 0) return process.interpreter;
    const auto other = base::chooseInterpreter({}, {});
    return other ? other->path : process.interpreter;
}

/// Wall time of units on workers: they cannot end before the longest, nor before the work is shared out.
Duration wallTime(const std::vector<VersionWork>& versions, int workers) {
    Duration sum;
    Duration longest;
    for (const VersionWork& work : versions) {
        for (const Job& job : work.jobs) {
            sum += job.time;
            if (job.time.seconds > longest.seconds) longest = job.time;
        }
    }
    const Duration shared{sum.seconds / workers, sum.plusMinus / workers};
    return shared.seconds > longest.seconds ? shared : longest;
}

std::int64_t valuesBytes(const Job& job, const store::Catalog& catalog, const base::Uuid& version) {
    double passes = 1;
    if (const auto totals = catalog.loopTotals(version)) {
        for (const store::LoopTotals& total : *totals) {
            if (total.path.size() == 2 && total.path.front() == job.loop && total.entries > 0) {
                passes = std::max(passes, static_cast<double>(total.passes) / static_cast<double>(total.entries));
            }
        }
    }
    const double perIteration = 9 * passes * static_cast<double>(job.probes.size()) + 700;
    return static_cast<std::int64_t>(4096 + perIteration * static_cast<double>(job.iterations.size()));
}

}  // namespace

int workersThatFit(int threadsPerWorker, std::int64_t bytesPerWorker) {
    const long cores = std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN));
    const long byCores = std::max(1L, cores / std::max(1, threadsPerWorker));
    struct sysinfo facts {};
    long byMemory = byCores;
    if (::sysinfo(&facts) == 0 && bytesPerWorker > 0) {
        const auto total = static_cast<std::int64_t>(facts.totalram) * facts.mem_unit;
        byMemory = static_cast<long>(total * 3 / 4 / bytesPerWorker);
    }
    return static_cast<int>(std::max(1L, std::min(byCores, byMemory)));
}

Planner::Planner(const store::Project& project, const store::Catalog& catalog, const store::SourceTrees& trees,
                 fs::path package)
    : m_project(project),
      m_catalog(catalog),
      m_trees(trees),
      m_package(std::move(package)),
      m_decider(m_package, project.indexFolder() / "decisions.json") {}

std::string Planner::interpreterProblem(const RecordedProcess& process) {
    std::string key = process.interpreter.string() + "|" + process.interpreterVersion;
    for (const std::string& name : process.packages) key += "|" + name;
    if (m_working.contains(key)) return "";
    const Result<void> checked = checkInterpreter(process);
    // Only what works is remembered: a missing package may be installed before the next plan.
    if (checked) m_working.insert(std::move(key));
    return checked ? "" : checked.error().text();
}

Result<SourceTexts> Planner::pythonFiles(const base::Uuid& version) {
    SourceTexts texts;
    HINDCAST_ASSIGN(const std::vector<store::SourceFile> files, m_trees.list(version));
    for (const store::SourceFile& file : files) {
        if (!file.path.ends_with(".py") || file.kind == store::SourceFile::Kind::Link ||
            file.bytes > kLargestSourceBytes)
            continue;
        auto known = m_textByDigest.find(file.digest);
        if (known == m_textByDigest.end()) {
            HINDCAST_ASSIGN(std::string text, m_trees.readFile(version, file.path));
            known = m_textByDigest.emplace(file.digest, std::make_shared<const std::string>(std::move(text))).first;
        }
        texts[file.path] = known->second;
    }
    return texts;
}

Result<void> Planner::readSource(Draft& draft) {
    HINDCAST_ASSIGN(draft.decision.files, pythonFiles(draft.work.version));
    std::vector<ProbeInsertions> insertions;
    for (const PlacedProbe& placed : draft.question->placed) {
        insertions.push_back({placed.probe, placed.insertions});
        for (const Insertion& insertion : placed.insertions) {
            const auto original = draft.decision.files.find(insertion.file);
            draft.originals[insertion.file] =
                original == draft.decision.files.end() ? std::string() : *original->second;
        }
    }
    HINDCAST_ASSIGN(const SplicedSource spliced, spliceAll(draft.originals, insertions));
    draft.work.imports = earlyImports(draft.decision.files, draft.work.process.script, draft.work.process.packages);
    for (const auto& [file, text] : spliced.files)
        draft.decision.files[file] = std::make_shared<const std::string>(text);
    draft.decision.injected = spliced.injected;
    return {};
}

Result<RecordedProcess> Planner::recordedProcess(const base::Uuid& version) const {
    HINDCAST_ASSIGN(RecordedProcess process, readRecordedProcess(m_project.versionFolder(version)));
    HINDCAST_ASSIGN(const std::vector<store::NoteRow> notes, m_catalog.notes(version));
    for (const store::NoteRow& note : notes) {
        if (note.kind == "environment") addEnvironmentNote(process, note.json);
    }
    return process;
}

Result<WorkerKind> Planner::workerKind(const base::Uuid& version, std::size_t& workers) {
    HINDCAST_ASSIGN(const RecordedProcess process, recordedProcess(version));
    HINDCAST_ASSIGN(const auto files, pythonFiles(version));
    if (workers == 0) workers = static_cast<std::size_t>(workersThatFit(process.threads, kWorkerBaseBytes));
    return WorkerKind{process.interpreter,
                      workerEnvironment(process, m_package),
                      process.cores,
                      earlyImports(files, process.script, process.packages),
                      process.project,
                      m_project.root(),
                      {}};
}

/// What another tool recorded has no code to run.
static Result<void> stopIfImported(const store::Catalog& catalog, VersionWork& work) {
    HINDCAST_ASSIGN(const std::optional<store::VersionRow> row, catalog.version(work.version));
    if (!row || row->imported.empty()) return {};
    stop(work, "imported", "it was imported from " + row->imported + ", which keeps no code that could be run again");
    work.reasonArgs = {row->imported};
    return {};
}

/// Tasks of asyncio that ran loops side by side took turns that nobody recorded.
static Result<void> stopIfConcurrent(const store::Catalog& catalog, VersionWork& work) {
    HINDCAST_ASSIGN(const std::vector<store::NoteRow> notes, catalog.notes(work.version));
    for (const store::NoteRow& note : notes) {
        if (note.kind == "hazard" && note.json.find("\"concurrent tasks\"") != std::string::npos) {
            stop(work, "concurrent-tasks",
                 "tasks of asyncio ran loops side by side in it: a replay cannot make them take the same turns");
            return {};
        }
    }
    return {};
}

/// How the run was started, and whether that can be done again here: else the reason is set.
Result<void> Planner::readProcess(VersionWork& work, bool elsewhere) {
    HINDCAST_ASSIGN(work.process, recordedProcess(work.version));
    if (!work.process.startedBy.empty()) {
        stop(work, "child-process",
             "it was recorded in a process that the script itself started (" + work.process.startedBy +
                 "): a replay starts scripts only");
        work.reasonArgs = {work.process.startedBy};
        return {};
    }
    HINDCAST_TRY(stopIfConcurrent(m_catalog, work));
    if (!work.reasonKey.empty()) return {};
    if (!m_trees.has(work.version)) {
        HINDCAST_TRY(stopIfImported(m_catalog, work));
        if (work.reasonKey.empty()) stop(work, "no-source", "no source was stored for this version");
        return {};
    }
    if (elsewhere) return {};
    if (const auto place = store::capturesElsewhere(m_project.versionFolder(work.version))) {
        stop(work, "captures-elsewhere",
             "its captures are at " + *place + ": replay it there (--on ssh:" + *place + "), or pull them");
        work.reasonArgs = {*place};
        return {};
    }
    if (const std::string problem = interpreterProblem(work.process); !problem.empty()) {
        stop(work, "environment", problem);
    }
    return {};
}

Result<void> Planner::prepare(Draft& draft, const Question& question) {
    VersionWork& work = draft.work;
    if (!draft.question->anythingAsked) {
        stop(work, "recorded", "every name was recorded by the run itself");
        return {};
    }
    if (!m_trees.has(work.version)) HINDCAST_TRY(stopIfImported(m_catalog, work));
    if (!work.reasonKey.empty()) return {};
    if (draft.question->placed.empty()) {
        stop(work, "nothing-placed", "no probe has a place in this version");
        return {};
    }
    if (question.versionMayMatch) {
        HINDCAST_ASSIGN(const bool matches, question.versionMayMatch(work.version));
        if (!matches) {
            stop(work, "filtered-out", "the filter rules this version out");
            return {};
        }
    }
    HINDCAST_TRY(readProcess(work, question.elsewhere));
    if (!work.reasonKey.empty()) return {};
    draft.decision.version = work.version;
    draft.decision.versionFolder = m_project.versionFolder(work.version);
    draft.decision.script = work.process.script;
    return readSource(draft);
}

Result<void> Planner::decide(std::vector<Draft>& drafts) {
    std::map<fs::path, std::vector<Draft*>> byInterpreter;
    for (Draft& draft : drafts) {
        if (draft.work.reasonKey.empty()) byInterpreter[decidingInterpreter(draft.work.process)].push_back(&draft);
    }
    for (auto& [interpreter, group] : byInterpreter) {
        std::vector<DecisionQuestion> questions;
        for (Draft* draft : group) questions.push_back(std::move(draft->decision));
        const Result<std::vector<Decision>> decisions = m_decider.decide(interpreter, questions);
        for (std::size_t at = 0; at < group.size(); ++at) {
            if (!decisions) {
                stop(group[at]->work, "environment", decisions.error().text());
            } else if (!(*decisions)[at].error.empty()) {
                stop(group[at]->work, "does-not-parse", (*decisions)[at].error);
            } else {
                group[at]->decided = (*decisions)[at].probes;
            }
        }
    }
    return {};
}

Result<WorkPlan> Planner::plan(const Question& question) {
    WorkPlan plan;
    plan.probes = question.probes;
    HINDCAST_ASSIGN(const Estimator estimator, Estimator::learn(m_catalog));
    std::vector<Draft> drafts(question.versions.size());
    for (std::size_t at = 0; at < drafts.size(); ++at) {
        drafts[at].question = &question.versions[at];
        drafts[at].work.version = question.versions[at].version;
        drafts[at].work.number = question.versions[at].number;
        HINDCAST_TRY(prepare(drafts[at], question));
    }
    HINDCAST_TRY(decide(drafts));
    int threads = 1;
    std::int64_t bytes = kWorkerBaseBytes;
    for (Draft& draft : drafts) {
        VersionWork& work = draft.work;
        if (work.reasonKey.empty()) {
            JobInput input{work.version,
                           &question.probes,
                           &draft.question->placed,
                           &draft.originals,
                           draft.decided,
                           question.forceMode,
                           question.iterations,
                           question.stride,
                           question.onlyCaptured,
                           question.steps,
                           {},
                           {}};
            if (question.matchingSteps) {
                input.matchingSteps = [&](const std::string& inner, std::int64_t passes) {
                    return question.matchingSteps(work.version, inner, passes);
                };
            }
            if (question.matchingIterations) {
                input.matching = [&](const std::string& loop, std::int64_t passes) {
                    return question.matchingIterations(work.version, loop, passes);
                };
            }
            HINDCAST_ASSIGN(JobsOfVersion made, makeJobs(m_catalog, input));
            work.jobs = std::move(made.jobs);
            if (work.jobs.empty()) stop(work, made.whyNone, whyNoneWords(made.whyNone));
        }
        for (Job& job : work.jobs) {
            HINDCAST_ASSIGN(work.timings, readTimings(m_catalog, work.version, job.loop));
            job.time = estimator.unit(work.timings, job.mode, job.iterations, job.captures, job.share);
            job.readySeconds = estimator.ready(work.timings).seconds;
            work.diskBytes += valuesBytes(job, m_catalog, work.version);
            threads = std::max(threads, work.process.threads);
            bytes = std::max(bytes, kWorkerBaseBytes + static_cast<std::int64_t>(3 * work.timings.restoreBytes));
        }
        plan.versions.push_back(std::move(work));
    }
    plan.fittingWorkers = workersThatFit(threads, bytes);
    plan.workers = question.workers > 0 ? question.workers : plan.fittingWorkers;
    plan.total = wallTime(plan.versions, plan.workers);
    plan.replaysSeen = estimator.replaysSeen();
    plan.typicalMiss = estimator.typicalMiss();
    return plan;
}

}  // namespace hindcast::replay
