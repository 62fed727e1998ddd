// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/replay/plan/planner.h"
#include "core/replay/plan/work.h"
#include "core/replay/pool/sandbox.h"
#include "core/replay/pool/workers/worker_shelf.h"
#include "core/replay/resources/resource.h"
#include "core/workspace/probes/placements.h"
#include "core/workspace/probes/probe_book.h"
#include "core/workspace/workspace.h"

namespace hindcast::workspace {

/// What a Plan keeps for replay(), beside what it shows.
struct PlanDetails {
    replay::WorkPlan work;
    base::Uuid newest;  ///< newest version with its source
    std::filesystem::path package;
    PlanRequest request;
    replay::Resource resource;
    std::string resumes;               ///< the unfinished replay that this goes on with; "" otherwise
    std::vector<ProbeSource> sources;  ///< one per probe of the plan
    std::vector<std::optional<store::PlacementDecision>> origins;  ///< where they stand in the newest version
};

/// Turns a request into a plan: finds the probes, carries them into the versions, lets core/replay decide and estimate.
/// One thread.
class Planning {
public:
    Planning(StoreHandles& store, SourceProjects& projects, ProbeBook& book, Placements& placements)
        : m_store(store), m_projects(projects), m_book(book), m_placements(placements) {}

    base::Result<Plan> plan(const PlanRequest& request, const std::stop_token& stop = {});
    base::Result<std::vector<ResourceView>> resources() const;
    base::Result<Plan> planRest(const UnfinishedReplay& replay);
    base::Result<Plan> planCheck(const base::Uuid& version, ReplayMode mode);
    replay::SandboxLevel sandbox();
    /// See Plan; "" for resources that are not this machine.
    std::string missingConsent(const replay::Resource& resource);
    /// Where interpreters wait for units.
    std::shared_ptr<replay::WorkerShelf> shelf();
    /// See Workspace::warm. A version that cannot be read is met by the plan, which says so.
    void warm(const std::vector<base::Uuid>& versions, int workers);

private:
    base::Result<void> placeAll(const PlanRequest& request, Plan& plan, replay::Question& question,
                                PlanDetails& details, const std::stop_token& stop);
    base::Result<std::vector<replay::Resource>> measuredResources() const;
    base::Result<std::vector<PlanOption>> options(const replay::WorkPlan& work, const replay::Resource& chosen,
                                                  const PlanRequest& request) const;
    base::Result<replay::Planner*> planner();
    void show(Plan& plan, const replay::WorkPlan& work, const replay::Resource& resource);
    base::Result<std::vector<ProbeSource>> probesFor(const PlanRequest& request);

    StoreHandles& m_store;
    SourceProjects& m_projects;
    ProbeBook& m_book;
    Placements& m_placements;
    std::optional<replay::SandboxLevel> m_sandbox;
    std::shared_ptr<replay::WorkerShelf> m_shelf;
    std::optional<replay::Planner> m_planner;
};

/// The work of a plan without the rows and iterations that were taken out of it.
replay::WorkPlan selectedWork(const Plan& plan);

}  // namespace hindcast::workspace
