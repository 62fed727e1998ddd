// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/workspace/listing/version_notes.h"
#include "core/workspace/views.h"

namespace hindcast::workspace {

/// What a refresh found; views keep everything else.
struct Changes {
    std::vector<base::Uuid> versions;                        ///< new, or changed state or loops
    std::vector<std::pair<base::Uuid, std::string>> series;  ///< (version, name) with new values or fidelity
    bool any() const { return !versions.empty() || !series.empty(); }
};

struct PlanRequest {
    std::vector<std::string>
        names;  ///< probes (by logged name); a name that stands only in the work tree is taken from there
    std::vector<base::Uuid> versions;  ///< empty = all
    std::string where;                 ///< filter over arguments, recorded names and loop names; "" = none
    std::optional<std::pair<std::int64_t, std::int64_t>> iterations;  ///< of the outer loop, inclusive
    std::int64_t stride = 1;                                          ///< of them every so many, counted from the first
    bool onlyCaptured = false;  ///< of them those that cost one iteration, because a state is stored there
    std::string innerLoop;      ///< "" = all of each iteration; else
    std::pair<std::int64_t, std::int64_t> innerPasses{};  ///< only these passes of that loop, inclusive
    std::optional<ReplayMode> forceMode;                  ///< Deep or Beginning
    int workers = 0;                                      ///< 0 = as many as fit, or as the resource says
    std::string resource;  ///< where it runs: a resource of the project, "ssh:HOST", "slurm:PARTITION"; "" = here
    std::optional<double> deadlineSeconds;  ///< what an option of the plan has to keep
    std::optional<double> budget;           ///< in the currency of the resources' prices
    double secondsPerUnit = 0;              ///< a unit that runs longer is ended; 0 = far more than estimated
    std::uint64_t memoryPerUnit = 0;        ///< bytes; 0 = its share of the machine's
};

/// A replay whose program died before it was over. What its workers had finished is in the store.
struct UnfinishedReplay {
    std::string id;
    PlanRequest request;  ///< `versions` are those that had something to run
    std::map<base::Uuid, std::vector<std::pair<std::int64_t, std::int64_t>>> ranges;  ///< outer iterations, inclusive
    std::int64_t startedMicros = 0;
};

/// What the user wants replayed by itself whenever a version is new. Nothing is ever replayed without one.
struct ReplayOrder {
    std::string id;                       ///< "" for one that is not kept yet
    std::vector<std::string> names;       ///< probes
    std::vector<base::Uuid> compareWith;  ///< versions that get the same values, for a comparison
    double budgetSeconds = 0;             ///< wall time a new version may cost, estimated; 0 = no limit
    std::int64_t sinceMicros = 0;         ///< versions that began later are new
};

struct ProbeDraft {
    std::string file;  ///< relative to the project
    int line = 0;      ///< 1-based; the statement is put before this line of the text the user sees
    std::string name;  ///< with `expression`: hindcast writes the log call
    std::string expression;
    std::string statement;  ///< or a whole statement as typed
};

/// A replay that runs on threads of its own. Destroying it cancels and waits (at most about a second).
class ReplayRun {
public:
    virtual ~ReplayRun() = default;
    virtual ReplayProgress progress() const = 0;   ///< any thread, cheap
    virtual void cancel() = 0;                     ///< any thread, returns at once; finished values are kept
    virtual void setPaused(bool paused) = 0;       ///< units that run go on, no new ones start
    virtual void show(const ShownPart& part) = 0;  ///< what is looked at now: units that wait there start first
    virtual void wait() = 0;
};

/// One open project: the only door of the window and the command line to store, query, propagation and replay.
/// Threads: one Workspace per thread (several may be open on one project); ReplayRun is independent of it.
/// Errors are sentences for the user. Nothing here writes to the user's files, except applyToWorkTree.
class Workspace {
public:
    /// Finds the store from `path` (the project, a folder in it or a file) and ingests what is new.
    static base::Result<std::unique_ptr<Workspace>> open(const std::filesystem::path& path);
    virtual ~Workspace() = default;

    virtual std::filesystem::path projectFolder() const = 0;
    virtual std::string projectName() const = 0;
    virtual std::int64_t storeBytes() const = 0;

    /// Ingests what was written since the last call; cheap when nothing was (live views call it at 10 Hz).
    virtual base::Result<Changes> refresh() = 0;

    virtual base::Result<std::vector<VersionView>> versions() = 0;  ///< newest first
    virtual base::Result<std::vector<base::Uuid>> resolveVersions(
        const std::string& list) = 0;  ///< "v1,v3-v5,production"
    virtual base::Result<std::vector<base::Uuid>> filterVersions(
        const std::string& where) = 0;  ///< versions for which the filter can hold
    virtual base::Result<std::vector<NameView>> names() = 0;
    virtual base::Result<Series> series(const base::Uuid& version, const std::string& name,
                                        bool withDiverged = false) = 0;
    virtual base::Result<std::vector<CellView>> cells(const base::Uuid& version) = 0;  ///< by outer iteration
    virtual base::Result<VersionNotes> notes(const base::Uuid& version) = 0;           ///< what its recorder noticed
    virtual base::Result<void> setTag(const base::Uuid& version, const std::string& tag, bool on) = 0;
    virtual base::Result<void> setNote(const base::Uuid& version, const std::string& text) = 0;
    virtual base::Result<void> setPinned(const base::Uuid& version, bool on) = 0;
    virtual base::Result<void> setBaseline(const base::Uuid& version, bool on) = 0;

    /// Project files that hold source: of the work tree, else of the newest snapshot; the main script first.
    virtual base::Result<std::vector<std::string>> sourceFiles() = 0;
    /// Text of a file as the editor shows it: the newest source with the stored probes spliced in.
    struct SourceText {
        std::string text;
        bool fromWorkTree = false;
        struct ProbeLine {
            std::string probe;  ///< id
            int firstLine = 0;
            int lastLine = 0;
        };
        std::vector<ProbeLine> probes;
    };
    virtual base::Result<SourceText> newestSource(const std::string& file) = 0;
    virtual base::Result<std::string> pastSource(const base::Uuid& version, const std::string& file) = 0;
    virtual base::Result<std::vector<std::string>> pastFiles(const base::Uuid& version) = 0;

    virtual base::Result<std::vector<ProbeView>> probes() = 0;
    virtual base::Result<ProbeView> addProbe(const ProbeDraft& draft) = 0;
    virtual base::Result<ProbeView> editProbe(
        const std::string& id, const ProbeDraft& draft) = 0;  ///< a new revision; old values are superseded
    virtual base::Result<void> removeProbe(const std::string& id) = 0;
    virtual base::Result<void> restoreProbe(const std::string& id) = 0;  ///< undo of removeProbe
    /// Log statements typed in any editor: in the work tree and not in the newest version.
    virtual base::Result<std::vector<ProbeView>> scanWorkTree() = 0;
    /// The diff that applyToWorkTree would make, and the act itself (the one write to a user's file, always asked for).
    virtual base::Result<std::string> previewApply(const std::string& id) = 0;
    virtual base::Result<void> applyToWorkTree(const std::string& id) = 0;

    /// Where the probe lands, newest version first. `onEach` is called as placements become known (may be empty);
    /// returning false stops the work; a request to stop ends it within a version, with Cancelled.
    virtual base::Result<std::vector<PlacementView>> placements(const std::string& probe,
                                                                const std::function<bool(const PlacementView&)>& onEach,
                                                                const std::stop_token& stop = {}) = 0;
    /// Decisions are remembered in the store; `alsoFor` takes the same decision for further versions.
    virtual base::Result<void> placeByHand(const std::string& probe, const base::Uuid& version, const std::string& file,
                                           int beforeLine, const std::string& statement,
                                           const std::vector<base::Uuid>& alsoFor) = 0;
    virtual base::Result<void> skipVersion(const std::string& probe, const base::Uuid& version,
                                           const std::vector<base::Uuid>& alsoFor) = 0;
    virtual base::Result<void> forgetDecision(const std::string& probe, const base::Uuid& version) = 0;
    /// What the user decided for the probe, and the way back to it: each version is left as its decision says, a
    /// version without one (Kind::None) to propagation again.
    virtual base::Result<std::vector<DecisionView>> decisions(const std::string& probe) = 0;
    virtual base::Result<void> restoreDecisions(const std::string& probe,
                                                const std::vector<DecisionView>& decisions) = 0;

    /// Where the statement that covers a line of a file (as it is, without probes) stands in each version, newest
    /// first. `onEach` is called as answers become known (may be empty). Cancelled soon after a request to stop.
    virtual base::Result<std::vector<LineInVersion>> lineHistory(
        const std::string& file, int line, const std::function<void(const LineInVersion&)>& onEach,
        const std::stop_token& stop = {}) = 0;

    virtual base::Result<std::vector<ResourceView>> resources() = 0;  ///< this machine first
    /// Begins to start interpreters for these versions (all when empty: the newest's kind), whose imports run while the
    /// user still types or a plan is made; replay() takes them. Returns at once; nothing waits longer than minutes.
    virtual void warm(const std::vector<base::Uuid>& versions, int workers) = 0;
    /// Cancelled soon after a request to stop.
    virtual base::Result<Plan> plan(const PlanRequest& request, const std::stop_token& stop = {}) = 0;
    /// Replays that their program did not bring to an end, oldest first.
    virtual base::Result<std::vector<UnfinishedReplay>> unfinishedReplays() = 0;
    /// What is left of one; no row runs where it was finished after all. Starting it takes its place.
    virtual base::Result<Plan> planRest(const UnfinishedReplay& replay) = 0;
    virtual base::Result<void> forgetUnfinished(const std::string& id) = 0;
    virtual base::Result<std::vector<ReplayOrder>> orders() = 0;
    virtual base::Result<void> setOrder(const ReplayOrder& order) = 0;
    virtual base::Result<void> removeOrder(const std::string& id) = 0;
    /// What an order asks for now, within its budget: the names in the new versions that have ended, `handled` left
    /// out, and in those to compare with. No rows when no version is new.
    virtual base::Result<Plan> planOrder(const ReplayOrder& order, const std::set<base::Uuid>& handled) = 0;
    /// A replay of one middle iteration of a version, without probes, Deep or Shallow: whether hindsight works for its
    /// script. The row says why where there is nothing to replay.
    virtual base::Result<Plan> planCheck(const base::Uuid& version, ReplayMode mode) = 0;
    /// Lets replays of this project run on machines where nothing can hold past code, from now on.
    virtual base::Result<void> allowUnsandboxed() = 0;
    /// Starts what the plan says. The store must be writable. Conflict where the plan's consent is missing.
    virtual base::Result<std::unique_ptr<ReplayRun>> replay(const Plan& plan) = 0;
};

}  // namespace hindcast::workspace
