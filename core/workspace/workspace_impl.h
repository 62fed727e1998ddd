// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "core/workspace/listing/versions_view.h"
#include "core/workspace/probes/editor_text.h"
#include "core/workspace/probes/placements.h"
#include "core/workspace/probes/probe_book.h"
#include "core/workspace/replays/orders.h"
#include "core/workspace/replays/planning.h"
#include "core/workspace/replays/unfinished.h"
#include "core/workspace/source_projects.h"
#include "core/workspace/store_handles.h"
#include "core/workspace/workspace.h"

namespace hindcast::workspace {

/// The façade over its rooms: forwards, and tells the rooms what changed.
class WorkspaceImpl : public Workspace {
public:
    explicit WorkspaceImpl(std::unique_ptr<StoreHandles> store);

    std::filesystem::path projectFolder() const override { return m_store->project.root(); }
    std::string projectName() const override { return m_store->project.root().filename().string(); }
    std::int64_t storeBytes() const override;
    base::Result<Changes> refresh() override;

    base::Result<std::vector<VersionView>> versions() override { return m_versions.versions(); }
    base::Result<std::vector<base::Uuid>> resolveVersions(const std::string& list) override;
    base::Result<std::vector<base::Uuid>> filterVersions(const std::string& where) override;
    base::Result<std::vector<NameView>> names() override { return m_versions.names(); }
    base::Result<Series> series(const base::Uuid& version, const std::string& name, bool withDiverged) override;
    base::Result<std::vector<CellView>> cells(const base::Uuid& version) override { return m_versions.cells(version); }
    base::Result<void> setTag(const base::Uuid& version, const std::string& tag, bool on) override;
    base::Result<void> setNote(const base::Uuid& version, const std::string& text) override;
    base::Result<void> setPinned(const base::Uuid& version, bool on) override;
    base::Result<void> setBaseline(const base::Uuid& version, bool on) override;

    base::Result<std::vector<std::string>> sourceFiles() override { return m_projects.files(); }
    base::Result<SourceText> newestSource(const std::string& file) override;
    base::Result<std::string> pastSource(const base::Uuid& version, const std::string& file) override;
    base::Result<std::vector<std::string>> pastFiles(const base::Uuid& version) override;

    base::Result<std::vector<ProbeView>> probes() override { return m_editor.probes(); }
    base::Result<ProbeView> addProbe(const ProbeDraft& draft) override;
    base::Result<ProbeView> editProbe(const std::string& id, const ProbeDraft& draft) override;
    base::Result<void> removeProbe(const std::string& id) override;
    base::Result<void> restoreProbe(const std::string& id) override;
    base::Result<std::vector<ProbeView>> scanWorkTree() override;
    base::Result<std::string> previewApply(const std::string& id) override;
    base::Result<void> applyToWorkTree(const std::string& id) override;

    base::Result<std::vector<PlacementView>> placements(const std::string& probe,
                                                        const std::function<bool(const PlacementView&)>& onEach,
                                                        const std::stop_token& stop) override;
    base::Result<void> placeByHand(const std::string& probe, const base::Uuid& version, const std::string& file,
                                   int beforeLine, const std::string& statement,
                                   const std::vector<base::Uuid>& alsoFor) override;
    base::Result<void> skipVersion(const std::string& probe, const base::Uuid& version,
                                   const std::vector<base::Uuid>& alsoFor) override;
    base::Result<void> forgetDecision(const std::string& probe, const base::Uuid& version) override;
    base::Result<std::vector<DecisionView>> decisions(const std::string& probe) override;
    base::Result<void> restoreDecisions(const std::string& probe, const std::vector<DecisionView>& decisions) override;
    base::Result<std::vector<LineInVersion>> lineHistory(const std::string& file, int line,
                                                         const std::function<void(const LineInVersion&)>& onEach,
                                                         const std::stop_token& stop) override;

    base::Result<std::vector<ResourceView>> resources() override { return m_planning.resources(); }
    base::Result<Plan> plan(const PlanRequest& request, const std::stop_token& stop) override {
        return m_planning.plan(request, stop);
    }
    void warm(const std::vector<base::Uuid>& versions, int workers) override { m_planning.warm(versions, workers); }
    base::Result<std::vector<UnfinishedReplay>> unfinishedReplays() override {
        return readUnfinished(m_store->project);
    }
    base::Result<Plan> planRest(const UnfinishedReplay& replay) override { return m_planning.planRest(replay); }
    base::Result<void> forgetUnfinished(const std::string& id) override {
        return workspace::forgetUnfinished(m_store->project, id);
    }
    base::Result<std::vector<ReplayOrder>> orders() override { return readOrders(*m_store); }
    base::Result<void> setOrder(const ReplayOrder& order) override {
        return afterAnnotation(writeOrder(*m_store, order));
    }
    base::Result<void> removeOrder(const std::string& id) override {
        return afterAnnotation(workspace::removeOrder(*m_store, id));
    }
    base::Result<Plan> planOrder(const ReplayOrder& order, const std::set<base::Uuid>& handled) override;
    base::Result<VersionNotes> notes(const base::Uuid& version) override { return readVersionNotes(*m_store, version); }
    base::Result<Plan> planCheck(const base::Uuid& version, ReplayMode mode) override {
        return m_planning.planCheck(version, mode);
    }
    base::Result<void> allowUnsandboxed() override;
    base::Result<std::unique_ptr<ReplayRun>> replay(const Plan& plan) override;

private:
    base::Result<ProbeView> putProbe(const std::string& id, const ProbeDraft& draft);
    base::Result<void> afterAnnotation(base::Result<void> written);
    base::Result<ProbeSource> keptProbe(const std::string& id);

    std::unique_ptr<StoreHandles> m_store;
    VersionsView m_versions;
    SourceProjects m_projects;
    ProbeBook m_book;
    Placements m_placements;
    EditorText m_editor;
    Planning m_planning;
};

}  // namespace hindcast::workspace
