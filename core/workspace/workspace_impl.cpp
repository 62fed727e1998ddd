// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/workspace_impl.h"

#include <algorithm>

#include "core/base/file.h"
#include "core/query/filter/filter.h"
#include "core/replay/pool/permissions.h"
#include "core/store/folder_size.h"
#include "core/store/version_names.h"
#include "core/workspace/listing/line_history.h"
#include "core/workspace/listing/series_view.h"
#include "core/workspace/replays/local_replay.h"

namespace hindcast::workspace {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::Result;

Result<std::unique_ptr<Workspace>> Workspace::open(const fs::path& path) {
    HINDCAST_ASSIGN(std::unique_ptr<StoreHandles> store, StoreHandles::open(path));
    std::unique_ptr<Workspace> workspace = std::make_unique<WorkspaceImpl>(std::move(store));
    return workspace;
}

WorkspaceImpl::WorkspaceImpl(std::unique_ptr<StoreHandles> store)
    : m_store(std::move(store)),
      m_versions(*m_store),
      m_projects(*m_store),
      m_book(*m_store, m_projects),
      m_placements(*m_store, m_projects),
      m_editor(*m_store, m_projects, m_book, m_placements),
      m_planning(*m_store, m_projects, m_book, m_placements) {}

std::int64_t WorkspaceImpl::storeBytes() const {
    return store::bytesOfFolder(m_store->project.store());
}

Result<Changes> WorkspaceImpl::refresh() {
    HINDCAST_ASSIGN(const store::CatalogChanges found, m_store->ingester.ingestOnce());
    HINDCAST_ASSIGN(const bool annotated, m_store->annotations.refresh());
    static_cast<void>(annotated);
    Changes changes;
    changes.versions = found.versions;
    changes.series = found.series;
    for (const base::Uuid& replay : found.replays) {
        // A replay's state and verdicts show in the timeline of its version.
        HINDCAST_ASSIGN(const std::optional<store::ReplayRow> row, m_store->catalog.replay(replay));
        if (row) changes.versions.push_back(row->version);
    }
    for (const auto& [version, name] : changes.series) m_versions.forget(version);
    for (const base::Uuid& version : changes.versions) m_versions.forget(version);
    std::sort(changes.versions.begin(), changes.versions.end());
    changes.versions.erase(std::unique(changes.versions.begin(), changes.versions.end()), changes.versions.end());
    return changes;
}

Result<std::vector<base::Uuid>> WorkspaceImpl::resolveVersions(const std::string& list) {
    HINDCAST_ASSIGN(const std::vector<store::VersionRow> rows, m_store->catalog.versions());
    std::vector<base::Uuid> all;
    for (const store::VersionRow& row : rows) all.push_back(row.uuid);
    return store::VersionNames(std::move(all), m_store->annotations.view()).list(list);
}

Result<std::vector<base::Uuid>> WorkspaceImpl::filterVersions(const std::string& where) {
    HINDCAST_ASSIGN(const std::vector<store::VersionRow> rows, m_store->catalog.versions());
    HINDCAST_ASSIGN(const query::Filter filter, query::Filter::parse(m_store->project, where));
    std::vector<base::Uuid> matching;
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
        HINDCAST_ASSIGN(const bool matches, filter.mayMatchVersion(row->uuid));
        if (matches) matching.push_back(row->uuid);
    }
    return matching;
}

Result<Series> WorkspaceImpl::series(const base::Uuid& version, const std::string& name, bool withDiverged) {
    return readSeries(*m_store, version, name, withDiverged);
}

/// Marks show in the lists after the next look at the annotations, and in the catalog after the next ingest.
Result<void> WorkspaceImpl::afterAnnotation(Result<void> written) {
    HINDCAST_TRY(std::move(written));
    HINDCAST_ASSIGN(const bool changed, m_store->annotations.refresh());
    static_cast<void>(changed);
    return {};
}

Result<void> WorkspaceImpl::setTag(const base::Uuid& version, const std::string& tag, bool on) {
    return afterAnnotation(m_store->annotations.setTag(version, tag, on));
}
Result<void> WorkspaceImpl::setNote(const base::Uuid& version, const std::string& text) {
    return afterAnnotation(m_store->annotations.setNote(version, text));
}
Result<void> WorkspaceImpl::setPinned(const base::Uuid& version, bool on) {
    return afterAnnotation(m_store->annotations.setPinned(version, on));
}
Result<void> WorkspaceImpl::setBaseline(const base::Uuid& version, bool on) {
    return afterAnnotation(m_store->annotations.setBaseline(version, on));
}

Result<Workspace::SourceText> WorkspaceImpl::newestSource(const std::string& file) {
    if (file.ends_with(".py")) return m_editor.newest(file);
    SourceText text;
    const auto here = base::readTextFile(m_store->project.root() / file);
    if (here) {
        text.text = *here;
        text.fromWorkTree = true;
        return text;
    }
    HINDCAST_ASSIGN(const std::optional<base::Uuid> newest, m_projects.newest());
    if (!newest) return Error(ErrorCode::NotFound, "the project has no file " + file);
    HINDCAST_ASSIGN(text.text, m_store->trees.readFile(*newest, file));
    return text;
}

Result<std::string> WorkspaceImpl::pastSource(const base::Uuid& version, const std::string& file) {
    return m_store->trees.readFile(version, file);
}

Result<std::vector<std::string>> WorkspaceImpl::pastFiles(const base::Uuid& version) {
    HINDCAST_ASSIGN(const std::vector<store::SourceFile> files, m_store->trees.list(version));
    std::vector<std::string> paths;
    for (const store::SourceFile& file : files) paths.push_back(file.path);
    return paths;
}

Result<ProbeView> WorkspaceImpl::putProbe(const std::string& id, const ProbeDraft& draft) {
    if (draft.statement.empty() && (draft.expression.empty() || draft.name.empty())) {
        return Error(ErrorCode::InvalidArgument, "a probe needs a log statement, or a name and an expression");
    }
    HINDCAST_ASSIGN(const int line, m_editor.lineWithoutProbes(draft.file, draft.line));
    HINDCAST_ASSIGN(const std::string put,
                    m_book.put(id, {draft.file, line, draft.statement,
                                    draft.statement.empty() ? draft.expression : std::string(), draft.name}));
    HINDCAST_TRY(afterAnnotation({}));
    HINDCAST_ASSIGN(const std::vector<ProbeView> all, m_editor.probes());
    for (const ProbeView& view : all) {
        if (view.id == put) return view;
    }
    return Error(ErrorCode::Internal, "the probe was stored but cannot be read back");
}

Result<ProbeView> WorkspaceImpl::addProbe(const ProbeDraft& draft) {
    return putProbe("", draft);
}

Result<ProbeView> WorkspaceImpl::editProbe(const std::string& id, const ProbeDraft& draft) {
    if (!m_store->annotations.view().newestProbe(id)) return Error(ErrorCode::NotFound, "there is no probe " + id);
    return putProbe(id, draft);
}

Result<void> WorkspaceImpl::removeProbe(const std::string& id) {
    return afterAnnotation(m_book.setRemoved(id, true));
}
Result<void> WorkspaceImpl::restoreProbe(const std::string& id) {
    return afterAnnotation(m_book.setRemoved(id, false));
}

Result<std::vector<ProbeView>> WorkspaceImpl::scanWorkTree() {
    HINDCAST_ASSIGN(const std::vector<ProbeSource> found, m_book.typed());
    std::vector<ProbeView> views;
    for (const ProbeSource& source : found) views.push_back(source.view);
    return views;
}

Result<std::string> WorkspaceImpl::previewApply(const std::string& id) {
    HINDCAST_ASSIGN(const std::vector<EditorText::Applied> files, m_editor.apply(id));
    std::string diff;
    for (const EditorText::Applied& file : files) diff += additionDiff(file.file, file.before, file.after);
    return diff;
}

Result<void> WorkspaceImpl::applyToWorkTree(const std::string& id) {
    HINDCAST_ASSIGN(const std::vector<EditorText::Applied> files, m_editor.apply(id));
    for (const EditorText::Applied& file : files) {
        std::error_code problem;
        const fs::path path = fs::canonical(projectFolder() / file.file, problem);
        if (problem) return Error::fromErrno(problem.value(), "cannot find " + file.file);
        const fs::perms mode = fs::status(path, problem).permissions();
        HINDCAST_TRY(base::writeFileAtomically(path, base::bytesOf(file.after)));
        fs::permissions(path, mode, problem);
    }
    return {};
}

Result<std::vector<PlacementView>> WorkspaceImpl::placements(const std::string& probe,
                                                             const std::function<bool(const PlacementView&)>& onEach,
                                                             const std::stop_token& stop) {
    HINDCAST_ASSIGN(const ProbeSource source, m_book.byId(probe));
    HINDCAST_ASSIGN(const std::vector<store::VersionRow> rows, m_store->catalog.versions());
    std::vector<PlacementView> views;
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
        HINDCAST_ASSIGN(PlacedProbe placed, m_placements.place(source, row->uuid, stop));
        views.push_back(std::move(placed.view));
        if (onEach && !onEach(views.back())) break;
    }
    m_placements.save();
    return views;
}

/// A probe that decisions can be remembered for: one that was found in the work tree is kept first.
Result<ProbeSource> WorkspaceImpl::keptProbe(const std::string& id) {
    HINDCAST_ASSIGN(const ProbeSource source, m_book.byId(id));
    if (source.view.typedInWorkTree) HINDCAST_TRY(m_book.keep(source, std::nullopt));
    return source;
}

Result<void> WorkspaceImpl::placeByHand(const std::string& probe, const base::Uuid& version, const std::string& file,
                                        int beforeLine, const std::string& statement,
                                        const std::vector<base::Uuid>& alsoFor) {
    HINDCAST_ASSIGN(const ProbeSource source, keptProbe(probe));
    return afterAnnotation(m_placements.byHand(source, version, file, beforeLine, statement, alsoFor));
}

Result<void> WorkspaceImpl::skipVersion(const std::string& probe, const base::Uuid& version,
                                        const std::vector<base::Uuid>& alsoFor) {
    HINDCAST_ASSIGN(const ProbeSource source, keptProbe(probe));
    return afterAnnotation(m_placements.skip(source, version, alsoFor));
}

Result<void> WorkspaceImpl::forgetDecision(const std::string& probe, const base::Uuid& version) {
    HINDCAST_ASSIGN(const ProbeSource source, m_book.byId(probe));
    return afterAnnotation(m_placements.forget(source, version));
}

Result<std::vector<DecisionView>> WorkspaceImpl::decisions(const std::string& probe) {
    return m_placements.decisions(probe);
}

Result<void> WorkspaceImpl::restoreDecisions(const std::string& probe, const std::vector<DecisionView>& decisions) {
    HINDCAST_ASSIGN(const ProbeSource source, m_book.byId(probe));
    return afterAnnotation(m_placements.restore(source, decisions));
}

Result<std::vector<LineInVersion>> WorkspaceImpl::lineHistory(const std::string& file, int line,
                                                              const std::function<void(const LineInVersion&)>& onEach,
                                                              const std::stop_token& stop) {
    return readLineHistory(*m_store, m_projects, {file, line}, onEach, stop);
}

Result<Plan> WorkspaceImpl::planOrder(const ReplayOrder& order, const std::set<base::Uuid>& handled) {
    HINDCAST_ASSIGN(const std::vector<store::VersionRow> rows, m_store->catalog.versions());
    PlanRequest request;
    request.names = order.names;
    for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
        const bool isNew = row->startedMicros > order.sinceMicros && row->state != store::RunState::Recording;
        if (isNew && !handled.contains(row->uuid)) request.versions.push_back(row->uuid);
    }
    if (request.versions.empty()) return Plan{};
    request.versions.insert(request.versions.end(), order.compareWith.begin(), order.compareWith.end());
    HINDCAST_ASSIGN(Plan plan, m_planning.plan(request));
    keepWithin(plan, order.budgetSeconds);
    return plan;
}

Result<void> WorkspaceImpl::allowUnsandboxed() {
    return afterAnnotation(m_store->annotations.allow(replay::kWithoutSandbox, true));
}

Result<std::unique_ptr<ReplayRun>> WorkspaceImpl::replay(const Plan& plan) {
    const std::string missing = plan.details ? m_planning.missingConsent(plan.details->resource) : std::string();
    if (!missing.empty()) return Error(ErrorCode::Conflict, missing);
    if (plan.details && m_store->project.isWritable()) {
        for (std::size_t at = 0; at < plan.details->sources.size(); ++at) {
            HINDCAST_TRY(m_book.keep(plan.details->sources[at], plan.details->origins[at]));
        }
        HINDCAST_TRY(afterAnnotation({}));
    }
    return startLocalReplay(
        m_store->project, plan,
        {m_planning.sandbox(), m_planning.shelf(), replay::permissionsIn(m_store->annotations.view().allowed)});
}

}  // namespace hindcast::workspace
