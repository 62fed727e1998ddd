// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/support/hand_made_workspace.h"

#include <algorithm>
#include <sstream>

#include "tests/widgets/support/hand_made_replay.h"

namespace hindcast::support {

namespace {
using base::Error;
using base::ErrorCode;
using base::Result;
using base::Uuid;
using Guard = std::lock_guard<std::mutex>;

std::vector<std::string> linesOf(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines) text += line + "\n";
    return text;
}

std::string indentOf(const std::string& line) {
    return line.substr(0, line.find_first_not_of(' ') == std::string::npos ? 0 : line.find_first_not_of(' '));
}

class HandMadeWorkspace : public workspace::Workspace {
public:
    explicit HandMadeWorkspace(std::shared_ptr<HandMadeProject> project) : m_project(std::move(project)) {}

    std::filesystem::path projectFolder() const override { return m_project->folder; }
    std::string projectName() const override { return "gate-detector"; }
    std::int64_t storeBytes() const override { return 412'000'000; }

    Result<workspace::Changes> refresh() override {
        const Guard guard(m_project->lock);
        return std::exchange(m_project->pending, {});
    }
    Result<std::vector<workspace::VersionView>> versions() override {
        const Guard guard(m_project->lock);
        return m_project->versions;
    }
    Result<std::vector<Uuid>> resolveVersions(const std::string&) override { return std::vector<Uuid>(); }
    Result<std::vector<Uuid>> filterVersions(const std::string& where) override;
    Result<std::vector<workspace::NameView>> names() override {
        const Guard guard(m_project->lock);
        return m_project->names;
    }
    Result<workspace::Series> series(const Uuid& version, const std::string& name, bool) override {
        const Guard guard(m_project->lock);
        const auto found = m_project->series.find({version, name});
        return found == m_project->series.end() ? workspace::Series() : found->second;
    }
    Result<std::vector<workspace::CellView>> cells(const Uuid& version) override {
        const Guard guard(m_project->lock);
        return m_project->cells[version];
    }
    Result<workspace::VersionNotes> notes(const Uuid&) override {
        using Kind = workspace::VersionNote::Kind;
        workspace::VersionNotes notes;
        notes.notes.push_back({Kind::Hazard,
                               "persistent-workers",
                               {"loader"},
                               "the loader loader keeps its workers",
                               "leave persistent_workers out"});
        notes.notes.push_back({Kind::Cost, "cost", {"0.8 %", "2 %"}, "captures took 0.8 % of the time", ""});
        return notes;
    }
    Result<void> setTag(const Uuid& version, const std::string& tag, bool on) override;
    Result<void> setNote(const Uuid& version, const std::string& text) override {
        return change(version, [&](auto& view) { view.note = text; });
    }
    Result<void> setPinned(const Uuid& version, bool on) override {
        return change(version, [&](auto& view) { view.pinned = on; });
    }
    Result<void> setBaseline(const Uuid& version, bool on) override {
        return change(version, [&](auto& view) { view.baseline = on; });
    }

    Result<std::vector<std::string>> sourceFiles() override {
        return std::vector<std::string>{"train.py", "data.py", "model.py"};
    }
    Result<SourceText> newestSource(const std::string& file) override;
    Result<std::string> pastSource(const Uuid&, const std::string& file) override {
        const Guard guard(m_project->lock);
        return m_project->sources[file];
    }
    Result<std::vector<std::string>> pastFiles(const Uuid&) override { return sourceFiles(); }

    Result<std::vector<workspace::ProbeView>> probes() override {
        const Guard guard(m_project->lock);
        return m_project->probes;
    }
    Result<workspace::ProbeView> addProbe(const workspace::ProbeDraft& draft) override;
    Result<workspace::ProbeView> editProbe(const std::string& id, const workspace::ProbeDraft& draft) override;
    Result<void> removeProbe(const std::string& id) override;
    Result<void> restoreProbe(const std::string& id) override;
    Result<std::vector<workspace::ProbeView>> scanWorkTree() override {
        const Guard guard(m_project->lock);
        return m_project->typed;
    }
    Result<std::string> previewApply(const std::string&) override { return std::string(); }
    Result<void> applyToWorkTree(const std::string&) override { return {}; }

    Result<std::vector<workspace::PlacementView>> placements(
        const std::string& probe, const std::function<bool(const workspace::PlacementView&)>& onEach,
        const std::stop_token& stop) override;
    Result<void> placeByHand(const std::string& probe, const Uuid& version, const std::string& file, int beforeLine,
                             const std::string& statement, const std::vector<Uuid>& alsoFor) override;
    Result<void> skipVersion(const std::string& probe, const Uuid& version, const std::vector<Uuid>& alsoFor) override;
    Result<void> forgetDecision(const std::string& probe, const Uuid& version) override {
        const Guard guard(m_project->lock);
        m_project->decisions.erase({probe, version});
        return {};
    }
    Result<std::vector<workspace::DecisionView>> decisions(const std::string& probe) override;
    Result<void> restoreDecisions(const std::string& probe,
                                  const std::vector<workspace::DecisionView>& decisions) override;
    Result<std::vector<workspace::LineInVersion>> lineHistory(
        const std::string& file, int line, const std::function<void(const workspace::LineInVersion&)>& onEach,
        const std::stop_token& stop) override;
    Result<std::vector<workspace::ResourceView>> resources() override {
        const Guard guard(m_project->lock);
        return m_project->resources;
    }
    Result<workspace::Plan> plan(const workspace::PlanRequest& request, const std::stop_token& stop) override;
    void warm(const std::vector<Uuid>&, int) override {}
    Result<std::vector<workspace::UnfinishedReplay>> unfinishedReplays() override {
        const Guard guard(m_project->lock);
        return m_project->unfinished;
    }
    Result<workspace::Plan> planRest(const workspace::UnfinishedReplay& replay) override {
        HINDCAST_ASSIGN(workspace::Plan rest, plan(replay.request, {}));
        HINDCAST_TRY(forgetUnfinished(replay.id));
        return rest;
    }
    Result<void> forgetUnfinished(const std::string& id) override {
        const Guard guard(m_project->lock);
        std::erase_if(m_project->unfinished, [&](const auto& replay) { return replay.id == id; });
        return {};
    }
    Result<void> allowUnsandboxed() override {
        const Guard guard(m_project->lock);
        m_project->missingConsent.clear();
        return {};
    }
    Result<std::vector<workspace::ReplayOrder>> orders() override { return std::vector<workspace::ReplayOrder>(); }
    Result<void> setOrder(const workspace::ReplayOrder&) override { return {}; }
    Result<void> removeOrder(const std::string&) override { return {}; }
    Result<workspace::Plan> planOrder(const workspace::ReplayOrder&, const std::set<Uuid>&) override {
        return workspace::Plan{};
    }
    Result<workspace::Plan> planCheck(const Uuid&, workspace::ReplayMode) override { return workspace::Plan{}; }
    Result<std::unique_ptr<workspace::ReplayRun>> replay(const workspace::Plan& plan) override {
        return startHandMadeReplay(m_project, plan);
    }

private:
    template <class Act>
    Result<void> change(const Uuid& version, Act act) {
        const Guard guard(m_project->lock);
        for (auto& view : m_project->versions) {
            if (view.uuid == version) act(view);
        }
        return {};
    }
    workspace::ProbeView parse(const workspace::ProbeDraft& draft) const;
    workspace::PlacementView place(const workspace::ProbeView& probe, const workspace::VersionView& version) const;
    void offer(workspace::Plan& plan, const workspace::PlanRequest& request) const;

    std::shared_ptr<HandMadeProject> m_project;
};

Result<std::vector<Uuid>> HandMadeWorkspace::filterVersions(const std::string& where) {
    const Guard guard(m_project->lock);
    const bool low = where == "lr < 0.005";
    if (!low && where != "lr > 0.005") return Error(ErrorCode::InvalidArgument, "near \"" + where + "\": syntax error");
    std::vector<Uuid> found;
    for (const auto& view : m_project->versions) {
        if ((view.arguments.at("lr") == "0.003") == low) found.push_back(view.uuid);
    }
    return found;
}

Result<void> HandMadeWorkspace::setTag(const Uuid& version, const std::string& tag, bool on) {
    return change(version, [&](auto& view) {
        std::erase(view.tags, tag);
        if (on) view.tags.push_back(tag);
    });
}

Result<workspace::Workspace::SourceText> HandMadeWorkspace::newestSource(const std::string& file) {
    const Guard guard(m_project->lock);
    SourceText source;
    source.fromWorkTree = true;
    auto lines = linesOf(m_project->sources[file]);
    auto probes = m_project->probes;
    std::sort(probes.begin(), probes.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
    for (const auto& probe : probes) {
        if (probe.file != file) continue;
        const auto at = static_cast<std::size_t>(probe.line - 1);
        lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), indentOf(lines[at]) + probe.text);
        source.probes.push_back({probe.id, probe.line, probe.line});
    }
    source.text = joined(lines);
    return source;
}

workspace::ProbeView HandMadeWorkspace::parse(const workspace::ProbeDraft& draft) const {
    workspace::ProbeView probe;
    probe.file = draft.file;
    probe.line = draft.line;
    probe.text = draft.statement.empty() ? "hc.log(\"" + draft.name + "\", " + draft.expression + ")" : draft.statement;
    const auto open = probe.text.find('"');
    probe.name = probe.text.substr(open + 1, probe.text.find('"', open + 1) - open - 1);
    probe.names = {probe.name};
    return probe;
}

Result<workspace::ProbeView> HandMadeWorkspace::addProbe(const workspace::ProbeDraft& draft) {
    const std::string& text = draft.statement.empty() ? draft.expression : draft.statement;
    if (std::count(text.begin(), text.end(), '(') != std::count(text.begin(), text.end(), ')')) {
        return Error(ErrorCode::Parse, "line " + std::to_string(draft.line) + ": '(' was never closed");
    }
    auto probe = parse(draft);
    const Guard guard(m_project->lock);
    probe.id = "probe-" + std::to_string(m_project->probes.size() + m_project->removed.size() + 1);
    m_project->probes.push_back(probe);
    return probe;
}

Result<workspace::ProbeView> HandMadeWorkspace::editProbe(const std::string& id, const workspace::ProbeDraft& draft) {
    const Guard guard(m_project->lock);
    for (auto& probe : m_project->probes) {
        if (probe.id != id) continue;
        const int revision = probe.revision + 1;
        probe = parse(draft);
        probe.id = id;
        probe.revision = revision;
        return probe;
    }
    return Error(ErrorCode::NotFound, "no such probe");
}

Result<void> HandMadeWorkspace::removeProbe(const std::string& id) {
    const Guard guard(m_project->lock);
    const auto found =
        std::find_if(m_project->probes.begin(), m_project->probes.end(), [&](const auto& p) { return p.id == id; });
    if (found == m_project->probes.end()) return Error(ErrorCode::NotFound, "no such probe");
    m_project->removed.push_back(*found);
    m_project->probes.erase(found);
    return {};
}

Result<void> HandMadeWorkspace::restoreProbe(const std::string& id) {
    const Guard guard(m_project->lock);
    const auto found =
        std::find_if(m_project->removed.begin(), m_project->removed.end(), [&](const auto& p) { return p.id == id; });
    if (found == m_project->removed.end()) return Error(ErrorCode::NotFound, "no such probe");
    m_project->probes.push_back(*found);
    m_project->removed.erase(found);
    return {};
}

workspace::PlacementView HandMadeWorkspace::place(const workspace::ProbeView& probe,
                                                  const workspace::VersionView& version) const {
    const auto decided = m_project->decisions.find({probe.id, version.uuid});
    workspace::PlacementView view;
    view.version = version.uuid;
    view.file = probe.file;
    view.originalText = m_project->sources.at(probe.file);
    auto lines = linesOf(view.originalText);
    const auto at = static_cast<std::size_t>(probe.line - 1);
    const std::string statement = indentOf(lines[at]) + probe.text;
    view.firstLine = view.lastLine = probe.line;
    if (decided != m_project->decisions.end() && decided->second.kind == workspace::PlacementKind::Skipped) {
        view.kind = workspace::PlacementKind::Skipped;
        view.reason = "skipped by you";
        return view;
    }
    if (version.number <= 2) {
        view.kind = workspace::PlacementKind::Skipped;
        view.reason = "no step loop to log in";
        return view;
    }
    const bool byHand = decided != m_project->decisions.end() || version.number == 5;
    if (version.number == 3 && !byHand && probe.text.find("gn") != std::string::npos) {
        view.kind = workspace::PlacementKind::Conflict;
        view.confidence = 0.41;
        view.reason = "gn has no counterpart";
        view.unresolvedNames = {"gn"};
        view.candidates = {{probe.file, probe.line, 0.41, statement, "after backward()"},
                           {probe.file, probe.line + 1, 0.22, statement, "after step()"}};
        return view;
    }
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), statement);
    view.kind = byHand ? workspace::PlacementKind::ByHand : workspace::PlacementKind::Placed;
    view.confidence = 0.88 + 0.01 * version.number;
    view.reason = "same neighbours, same loop";
    view.splicedText = joined(lines);
    return view;
}

Result<std::vector<workspace::PlacementView>> HandMadeWorkspace::placements(
    const std::string& probe, const std::function<bool(const workspace::PlacementView&)>& onEach,
    const std::stop_token&) {
    const Guard guard(m_project->lock);
    const auto found =
        std::find_if(m_project->probes.begin(), m_project->probes.end(), [&](const auto& p) { return p.id == probe; });
    if (found == m_project->probes.end()) return Error(ErrorCode::NotFound, "no such probe");
    std::vector<workspace::PlacementView> all;
    for (const auto& version : m_project->versions) {
        all.push_back(place(*found, version));
        if (onEach && !onEach(all.back())) return Error(ErrorCode::Cancelled, "cancelled");
    }
    return all;
}

Result<void> HandMadeWorkspace::placeByHand(const std::string& probe, const Uuid& version, const std::string& file,
                                            int line, const std::string& statement, const std::vector<Uuid>& alsoFor) {
    const Guard guard(m_project->lock);
    m_project->lastPlaced = {file, line, 1, statement, ""};
    workspace::PlacementView decision;
    decision.kind = workspace::PlacementKind::ByHand;
    m_project->decisions[{probe, version}] = decision;
    for (const auto& other : alsoFor) m_project->decisions[{probe, other}] = decision;
    return {};
}

Result<void> HandMadeWorkspace::skipVersion(const std::string& probe, const Uuid& version,
                                            const std::vector<Uuid>& alsoFor) {
    const Guard guard(m_project->lock);
    workspace::PlacementView decision;
    decision.kind = workspace::PlacementKind::Skipped;
    m_project->decisions[{probe, version}] = decision;
    for (const auto& other : alsoFor) m_project->decisions[{probe, other}] = decision;
    return {};
}

Result<std::vector<workspace::DecisionView>> HandMadeWorkspace::decisions(const std::string& probe) {
    using Kind = workspace::DecisionView::Kind;
    const Guard guard(m_project->lock);
    std::vector<workspace::DecisionView> views;
    for (const auto& [key, decision] : m_project->decisions) {
        const bool skip = decision.kind == workspace::PlacementKind::Skipped;
        if (key.first == probe) views.push_back({key.second, skip ? Kind::Skip : Kind::ByHand, "", 0, ""});
    }
    return views;
}

Result<void> HandMadeWorkspace::restoreDecisions(const std::string& probe,
                                                 const std::vector<workspace::DecisionView>& decisions) {
    using Kind = workspace::DecisionView::Kind;
    for (const auto& decision : decisions) {
        if (decision.kind == Kind::Skip) HINDCAST_TRY(skipVersion(probe, decision.version, {}));
        if (decision.kind == Kind::ByHand) HINDCAST_TRY(placeByHand(probe, decision.version, "", 0, "", {}));
        if (decision.kind == Kind::None) HINDCAST_TRY(forgetDecision(probe, decision.version));
    }
    return {};
}

/// The line is as it stands since v7, was other before, and is missing in the first two versions.
Result<std::vector<workspace::LineInVersion>> HandMadeWorkspace::lineHistory(
    const std::string& file, int line, const std::function<void(const workspace::LineInVersion&)>& onEach,
    const std::stop_token&) {
    using State = workspace::LineInVersion::State;
    const Guard guard(m_project->lock);
    const auto lines = linesOf(m_project->sources[file]);
    const std::string text = lines.at(static_cast<std::size_t>(line - 1));
    if (text.empty())
        return Error(ErrorCode::InvalidArgument, file + ": no statement stands on line " + std::to_string(line));
    std::vector<workspace::LineInVersion> history;
    for (const auto& version : m_project->versions) {
        const State state = version.number > 6 ? State::Same : version.number > 2 ? State::Changed : State::Absent;
        history.push_back({version.uuid, version.number, state, file, line, state == State::Absent ? "" : text});
        if (onEach) onEach(history.back());
    }
    return history;
}

/// Each resource with all its workers, this computer also with one; the cheapest that keeps the limits is suggested.
void HandMadeWorkspace::offer(workspace::Plan& plan, const workspace::PlanRequest& request) const {
    const double work = plan.total.seconds * plan.workers;
    const auto add = [&](const workspace::ResourceView& resource, int workers) {
        const double seconds = work / (workers * resource.speed);
        const double price = work / resource.speed * resource.pricePerHour / 3600;
        const bool keeps =
            seconds <= request.deadlineSeconds.value_or(seconds) && price <= request.budget.value_or(price);
        plan.options.push_back({resource.name, resource.device, workers, {seconds, 2}, {price, 0.1}, keeps, false});
    };
    for (const auto& resource : m_project->resources)
        add(resource, resource.workers > 0 ? resource.workers : plan.workers);
    add(m_project->resources.front(), 1);
    if (!request.deadlineSeconds && !request.budget) return;
    workspace::PlanOption* best = nullptr;
    for (auto& option : plan.options) {
        const bool better = !best || option.keepsLimits > best->keepsLimits ||
                            (option.keepsLimits == best->keepsLimits && option.price.value < best->price.value);
        if (better) best = &option;
    }
    best->isSuggested = true;
}

Result<workspace::Plan> HandMadeWorkspace::plan(const workspace::PlanRequest& request, const std::stop_token&) {
    const Guard guard(m_project->lock);
    workspace::Plan plan;
    plan.missingConsent = m_project->missingConsent;
    plan.workers = request.workers > 0 ? request.workers : 2;
    for (const auto& probe : m_project->probes) {
        if (std::find(request.names.begin(), request.names.end(), probe.name) != request.names.end())
            plan.probes.push_back(probe);
    }
    for (const auto& version : m_project->versions) {
        const bool wanted = request.versions.empty() || std::find(request.versions.begin(), request.versions.end(),
                                                                  version.uuid) != request.versions.end();
        if (!wanted) continue;
        workspace::PlanRow row;
        row.version = version.uuid;
        row.number = version.number;
        for (const auto& probe : plan.probes) row.placements.push_back(place(probe, version));
        row.willRun = std::all_of(row.placements.begin(), row.placements.end(), [](const auto& placement) {
            return placement.kind == workspace::PlacementKind::Placed ||
                   placement.kind == workspace::PlacementKind::ByHand;
        });
        row.mode = row.willRun ? workspace::ReplayMode::Deep : workspace::ReplayMode::None;
        row.reason = row.willRun              ? "gn is computed inside the step loop"
                     : row.placements.empty() ? ""
                                              : row.placements.front().reason;
        row.reasonKey = row.willRun ? "computed-in-inner-loop" : "";
        row.reasonArguments = {"gn", "step"};
        row.loop = "epoch";
        for (std::int64_t i = 0; i < version.outerIterations; ++i) {
            const bool inside =
                !request.iterations || (i >= request.iterations->first && i <= request.iterations->second);
            const bool picked = i % request.stride == 0 && (!request.onlyCaptured || i % 2 == 0);
            if (inside && picked) row.iterations.push_back(i);
            if (i % 2 == 0) row.captures.push_back(i);
        }
        row.time = {1.4 * static_cast<double>(row.iterations.size()), 2.0};
        if (row.willRun) {
            plan.iterations += static_cast<std::int64_t>(row.iterations.size());
            plan.total.seconds += row.time.seconds / plan.workers;
            plan.total.plusMinus += 1.5;
        }
        plan.rows.push_back(std::move(row));
    }
    offer(plan, request);
    return plan;
}
}  // namespace

std::unique_ptr<workspace::Workspace> openHandMade(const std::shared_ptr<HandMadeProject>& project) {
    return std::make_unique<HandMadeWorkspace>(project);
}

}  // namespace hindcast::support
