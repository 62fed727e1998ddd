// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/replays/planning.h"

#include <algorithm>

#include "core/query/filter/filter.h"
#include "core/replay/plan/planner.h"
#include "core/replay/pool/permissions.h"
#include "core/replay/resources/options.h"
#include "core/replay/resources/resource_file.h"
#include "core/workspace/probes/statement_text.h"
#include "core/workspace/replays/plan_row.h"

namespace hindcast::workspace {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

std::optional<replay::Mode> forcedMode(const std::optional<ReplayMode>& mode) {
    if (mode == ReplayMode::Deep) return replay::Mode::Deep;
    if (mode == ReplayMode::Beginning) return replay::Mode::Beginning;
    return std::nullopt;
}

/// Where a probe stands in a version, as a decision: one text, with what it depends on, before one line.
store::PlacementDecision originIn(const base::Uuid& version, const PlacedProbe& placed) {
    store::PlacementDecision origin;
    origin.version = version;
    origin.file = placed.view.file;
    for (const replay::Insertion& insertion : placed.insertions) {
        if (insertion.file != origin.file) continue;
        origin.line = lineCount(placed.view.originalText.substr(0, insertion.offset)) + 1;
        origin.text += dedented(insertion.text);
        origin.indent = indentOf(insertion.text);  // what it depends on comes first
    }
    return origin;
}

/// One worker's seconds over all jobs.
replay::Duration workOf(const replay::WorkPlan& work) {
    replay::Duration sum;
    for (const replay::VersionWork& version : work.versions) {
        for (const replay::Job& job : version.jobs) sum += job.time;
    }
    return sum;
}

/// Workers that a resource elsewhere gives; 0: what fits this machine.
int workersOf(const replay::Resource& resource) {
    if (resource.workers > 0) return resource.workers;
    switch (resource.kind) {
        case replay::ResourceKind::Local:
            return 0;
        case replay::ResourceKind::Ssh:
            return replay::kSshWorkers;
        case replay::ResourceKind::Slurm:
            break;
    }
    return replay::kSlurmWorkers;
}

/// Of the passes of an inner loop those that the filter does not rule out by their number, where it looks at that.
Result<std::optional<replay::StepRange>> stepsMatching(const query::Filter& filter, const base::Uuid& version,
                                                       const std::string& inner, std::int64_t passes) {
    std::optional<replay::StepRange> range;
    const std::vector<std::string>& read = filter.loops();
    if (std::find(read.begin(), read.end(), inner) == read.end()) return range;
    HINDCAST_ASSIGN(const auto matching, filter.matchingInnerPasses(version, inner, passes));
    if (!matching.empty()) range = replay::StepRange{inner, matching.front(), matching.back()};
    return range;
}

}  // namespace

replay::SandboxLevel Planning::sandbox() {
    if (!m_sandbox) m_sandbox = replay::probeSandbox(m_store.project.scratch());
    return *m_sandbox;
}

std::string Planning::missingConsent(const replay::Resource& resource) {
    if (resource.kind != replay::ResourceKind::Local) return "";  // the machine there asks for it
    return replay::missingConsent(sandbox(), replay::permissionsIn(m_store.annotations.view().allowed));
}

std::shared_ptr<replay::WorkerShelf> Planning::shelf() {
    if (!m_shelf) {
        const std::filesystem::path store = m_store.project.store();
        m_shelf = std::make_shared<replay::WorkerShelf>(replay::WorkerSetup{store, store / "scratch", sandbox()});
    }
    return m_shelf;
}

void Planning::warm(const std::vector<base::Uuid>& versions, int workers) {
    const auto rows = m_store.catalog.versions();
    const auto planner = this->planner();
    if (!rows || !planner || !m_store.project.isWritable() || !missingConsent({}).empty()) return;
    const auto isAsked = [&](const base::Uuid& version) {
        return versions.empty() || std::find(versions.begin(), versions.end(), version) != versions.end();
    };
    std::vector<replay::WorkerKind> kinds;
    std::size_t most = static_cast<std::size_t>(workers);  // 0: as many as fit, known with the first kind
    for (auto row = rows->rbegin(); row != rows->rend() && (kinds.empty() || kinds.size() < most); ++row) {
        if (!isAsked(row->uuid)) continue;
        auto kind = (*planner)->workerKind(row->uuid, most);
        if (!kind) continue;
        kind->allowed = replay::permissionsIn(m_store.annotations.view().allowed);
        kinds.push_back(*std::move(kind));
    }
    for (const replay::WorkerKind& kind : kinds) {
        const auto same = std::count(kinds.begin(), kinds.end(), kind);
        // With fewer versions than workers, the work of one is split.
        shelf()->prepare(kind, static_cast<int>(std::max<std::size_t>(same, most / kinds.size())));
    }
}

Result<std::vector<ProbeSource>> Planning::probesFor(const PlanRequest& request) {
    std::vector<ProbeSource> probes;
    std::vector<std::string> names = request.names;
    if (names.empty()) {
        HINDCAST_ASSIGN(probes, m_book.kept());
        if (probes.empty()) return Error(ErrorCode::InvalidArgument, "name what to replay, or add a probe first");
    }
    for (const std::string& name : names) {
        HINDCAST_ASSIGN(ProbeSource probe, m_book.byName(name));
        const bool known = std::any_of(probes.begin(), probes.end(),
                                       [&](const ProbeSource& other) { return other.view.id == probe.view.id; });
        if (!known) probes.push_back(std::move(probe));
    }
    // Statements that meet at one place keep the order of the source.
    std::stable_sort(probes.begin(), probes.end(), [](const ProbeSource& a, const ProbeSource& b) {
        return a.version == b.version && a.view.file == b.view.file && a.view.line < b.view.line;
    });
    return probes;
}

/// Carries the probes into every version asked for, newest first; the newest version is always looked at, because it
/// says where a statement found in the work tree is to be kept.
Result<void> Planning::placeAll(const PlanRequest& request, Plan& plan, replay::Question& question,
                                PlanDetails& details, const std::stop_token& stop) {
    const auto isAsked = [&](const base::Uuid& version) {
        return request.versions.empty() ||
               std::find(request.versions.begin(), request.versions.end(), version) != request.versions.end();
    };
    HINDCAST_ASSIGN(const std::vector<store::VersionRow> rows, m_store.catalog.versions());
    for (auto version = rows.rbegin(); version != rows.rend(); ++version) {
        const bool isNewest = version->uuid == details.newest;
        if (!isAsked(version->uuid) && !isNewest) continue;
        PlanRow row;
        row.version = version->uuid;
        row.number = version->number.value_or(0);
        replay::VersionQuestion asking{version->uuid, row.number, {}, true};
        for (std::size_t at = 0; at < details.sources.size(); ++at) {
            HINDCAST_ASSIGN(PlacedProbe placed, m_placements.place(details.sources[at], version->uuid, stop));
            if (!placed.insertions.empty()) {
                if (isNewest) details.origins[at] = originIn(version->uuid, placed);
                asking.placed.push_back({static_cast<int>(at), placed.statement, placed.insertions});
            }
            row.placements.push_back(std::move(placed.view));
        }
        if (!isAsked(version->uuid)) continue;
        question.versions.push_back(std::move(asking));
        plan.rows.push_back(std::move(row));
    }
    m_placements.save();
    return {};
}

/// What core/replay planned, as rows.
void Planning::show(Plan& plan, const replay::WorkPlan& work, const replay::Resource& resource) {
    plan.resource = resource.name;
    plan.workers = work.workers;
    plan.total = estimateOf(work.total, 1 / resource.speed);
    plan.replaysSeen = work.replaysSeen;
    plan.typicalMiss = work.typicalMiss;
    const replay::Duration busy = workOf(work);
    const double pricePerSecond = resource.pricePerHour / resource.speed / 3600;
    plan.price = {busy.seconds * pricePerSecond, busy.plusMinus * pricePerSecond};
    plan.notices = work.notices;
    if (resource.kind == replay::ResourceKind::Local) {
        plan.missingConsent = missingConsent(resource);
        std::string notice = replay::sandboxNotice(sandbox());
        if (!notice.empty() && plan.missingConsent.empty()) plan.notices.push_back(std::move(notice));
    }
    for (std::size_t at = 0; at < plan.rows.size(); ++at) {
        PlanRow& row = plan.rows[at];
        fillRow(row, work.versions[at], resource.speed);
        if (row.willRun) plan.diskBytes += row.diskBytes;
        for (const replay::Job& job : work.versions[at].jobs) {
            plan.iterations += std::max<std::int64_t>(1, static_cast<std::int64_t>(job.iterations.size()));
        }
        if (row.reasonKey == "environment") {
            plan.notices.push_back("v" + std::to_string(row.number) + ": " + row.reason);
        }
    }
}

Result<std::vector<replay::Resource>> Planning::measuredResources() const {
    HINDCAST_ASSIGN(std::vector<replay::Resource> resources, replay::readResources(m_store.project));
    HINDCAST_ASSIGN(const replay::Estimator estimator, replay::Estimator::learn(m_store.catalog));
    for (replay::Resource& resource : resources) resource = replay::withMeasuredSpeed(std::move(resource), estimator);
    return resources;
}

Result<std::vector<ResourceView>> Planning::resources() const {
    HINDCAST_ASSIGN(const std::vector<replay::Resource> resources, measuredResources());
    std::vector<ResourceView> views;
    for (const replay::Resource& resource : resources) {
        views.push_back({resource.name, replay::resourcePlace(resource), resource.device, resource.workers,
                         resource.pricePerHour, resource.speed, resource.speedReplays});
    }
    return views;
}

/// The project's resources as choices; a place that was named on the spot is one of them.
Result<std::vector<PlanOption>> Planning::options(const replay::WorkPlan& work, const replay::Resource& chosen,
                                                  const PlanRequest& request) const {
    HINDCAST_ASSIGN(std::vector<replay::Resource> resources, measuredResources());
    const bool known = std::any_of(resources.begin(), resources.end(),
                                   [&](const replay::Resource& resource) { return resource.name == chosen.name; });
    if (!known) resources.push_back(chosen);
    std::vector<PlanOption> views;
    for (const replay::ReplayOption& option :
         replay::replayOptions(work, resources, {request.deadlineSeconds, request.budget})) {
        views.push_back({option.resource,
                         option.device,
                         option.workers,
                         estimateOf(option.time, 1),
                         {option.price, option.pricePlusMinus},
                         option.keepsLimits,
                         option.isSuggested,
                         option.speed,
                         option.speedReplays});
    }
    return views;
}

Result<replay::Planner*> Planning::planner() {
    if (!m_planner) {
        HINDCAST_ASSIGN(const std::filesystem::path package, replay::pythonPackageFolder());
        m_planner.emplace(m_store.project, m_store.catalog, m_store.trees, package);
    }
    return &*m_planner;
}

Result<Plan> Planning::planCheck(const base::Uuid& version, ReplayMode mode) {
    auto details = std::make_shared<PlanDetails>();
    HINDCAST_ASSIGN(details->package, replay::pythonPackageFolder());
    HINDCAST_ASSIGN(const std::optional<base::Uuid> newest, m_projects.newest());
    details->newest = newest.value_or(base::Uuid{});
    HINDCAST_ASSIGN(const std::optional<store::VersionRow> row, m_store.catalog.version(version));
    if (!row) return Error(ErrorCode::NotFound, "there is no version " + version.text());
    Plan plan;
    plan.rows.emplace_back();
    plan.rows.back().version = version;
    plan.rows.back().number = row->number.value_or(0);
    HINDCAST_ASSIGN(replay::Planner * planner, this->planner());
    const auto inPlan = mode == ReplayMode::Shallow ? replay::Mode::Shallow : replay::Mode::Deep;
    HINDCAST_ASSIGN(details->work, planner->planCheck(version, plan.rows.back().number, inPlan));
    show(plan, details->work, details->resource);
    plan.details = std::move(details);
    return plan;
}

Result<Plan> Planning::plan(const PlanRequest& request, const std::stop_token& stop) {
    auto details = std::make_shared<PlanDetails>();
    HINDCAST_ASSIGN(details->package, replay::pythonPackageFolder());
    HINDCAST_ASSIGN(details->resource,
                    replay::findResource(m_store.project, request.resource.empty() ? "local" : request.resource));
    HINDCAST_ASSIGN(const replay::Estimator estimator, replay::Estimator::learn(m_store.catalog));
    details->resource = replay::withMeasuredSpeed(std::move(details->resource), estimator);
    HINDCAST_ASSIGN(details->sources, probesFor(request));
    HINDCAST_ASSIGN(const std::optional<base::Uuid> newest, m_projects.newest());
    details->newest = newest.value_or(base::Uuid{});
    details->origins.resize(details->sources.size());
    Plan plan;
    replay::Question question;
    std::vector<std::string> probed;
    for (const ProbeSource& probe : details->sources) {
        plan.probes.push_back(probe.view);
        question.probes.push_back({probe.view.id, probe.view.revision, probe.view.name, probe.view.names});
        probed.push_back(probe.view.name);
        probed.insert(probed.end(), probe.view.names.begin(), probe.view.names.end());
    }
    HINDCAST_TRY(placeAll(request, plan, question, *details, stop));

    question.iterations = request.iterations;
    question.stride = request.stride;
    question.onlyCaptured = request.onlyCaptured;
    if (!request.innerLoop.empty())
        question.steps = replay::StepRange{request.innerLoop, request.innerPasses.first, request.innerPasses.second};
    question.forceMode = forcedMode(request.forceMode);
    question.workers = request.workers > 0 ? request.workers : workersOf(details->resource);
    question.elsewhere = details->resource.kind == replay::ResourceKind::Ssh;
    details->request = request;
    std::optional<query::Filter> filter;
    if (!request.where.empty()) {
        HINDCAST_ASSIGN(query::Filter parsed, query::Filter::parse(m_store.project, request.where, probed));
        filter.emplace(std::move(parsed));
        question.versionMayMatch = [&](const base::Uuid& version) { return filter->mayMatchVersion(version); };
        question.matchingIterations = [&](const base::Uuid& version, const std::string& loop, std::int64_t passes) {
            return filter->matchingOuterIterations(version, loop, passes);
        };
        question.matchingSteps = [&](const base::Uuid& version, const std::string& inner, std::int64_t passes) {
            return stepsMatching(*filter, version, inner, passes);
        };
    }
    HINDCAST_ASSIGN(replay::Planner * planner, this->planner());
    HINDCAST_ASSIGN(details->work, planner->plan(question));
    show(plan, details->work, details->resource);
    HINDCAST_ASSIGN(plan.options, options(details->work, details->resource, request));
    plan.details = std::move(details);
    return plan;
}

Result<Plan> Planning::planRest(const UnfinishedReplay& replay) {
    HINDCAST_ASSIGN(Plan plan, this->plan(replay.request));
    auto details = std::make_shared<PlanDetails>(*plan.details);
    details->resumes = replay.id;
    plan.details = std::move(details);
    plan.iterations = 0;
    for (PlanRow& row : plan.rows) {
        const auto asked = replay.ranges.find(row.version);
        const bool isOutside = row.willRun && row.iterations.empty();
        std::erase_if(row.iterations, [&](std::int64_t index) {
            return asked == replay.ranges.end() ||
                   std::none_of(asked->second.begin(), asked->second.end(),
                                [index](const auto& range) { return range.first <= index && index <= range.second; });
        });
        row.willRun = row.willRun && asked != replay.ranges.end() && (isOutside || !row.iterations.empty());
        if (row.willRun) plan.iterations += std::max<std::int64_t>(1, static_cast<std::int64_t>(row.iterations.size()));
    }
    return plan;
}

replay::WorkPlan selectedWork(const Plan& plan) {
    replay::WorkPlan work = plan.details->work;
    for (std::size_t at = 0; at < work.versions.size() && at < plan.rows.size(); ++at) {
        const PlanRow& row = plan.rows[at];
        std::vector<replay::Job>& jobs = work.versions[at].jobs;
        if (!row.willRun) jobs.clear();
        const auto isOut = [&](std::int64_t index) {
            return std::find(row.iterations.begin(), row.iterations.end(), index) == row.iterations.end();
        };
        std::erase_if(jobs, [&](replay::Job& job) {
            const bool outside = job.iterations.empty();
            std::erase_if(job.iterations, isOut);
            return !outside && job.iterations.empty();
        });
    }
    work.workers = plan.workers;
    return work;
}

}  // namespace hindcast::workspace
