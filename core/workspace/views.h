// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/uuid.h"

/// Plain values that the window and the command line show. Immutable snapshots: copied out of the workspace, safe in
/// any thread.
namespace hindcast::workspace {

enum class VersionState { Recording, Complete, Incomplete, Crashed };
enum class Source { Recorded, Replayed, Derived, Imported };
enum class Fidelity { Exact, ExactLogs, Numeric, Unverified, Diverged };

/// One recorded training run as a row of the versions list.
struct VersionView {
    base::Uuid uuid;
    int number = 0;  ///< v1, v2, …
    VersionState state = VersionState::Complete;
    std::int64_t startedMicros = 0;  ///< since 1970
    std::int64_t endedMicros = 0;    ///< 0 while recording
    std::string script;
    std::map<std::string, std::string> arguments;  ///< hc.arg name → value text
    std::vector<std::string> tags;
    std::string note;
    bool pinned = false;
    bool baseline = false;
    std::string gitHead;
    std::string gitBranch;
    bool gitDirty = false;
    std::string outerLoop;             ///< "" when the script named none
    std::int64_t outerIterations = 0;  ///< passes seen so far
    std::int64_t captures = 0;
    std::int64_t storedBytes = 0;
    std::string job;                           ///< shared by the ranks of one job, "" when it is none
    int rank = 0;                              ///< within the job
    int worldSize = 1;                         ///< ranks of the job
    std::string reason;                        ///< why it is incomplete or crashed, "" otherwise
    std::string imported;                      ///< tool that recorded it ("mlflow", …), "" when Hindcast did
    std::map<std::string, double> lastValues;  ///< newest scalar per recorded or replayed name
};

/// A name that some version logged or a replay produced.
struct NameView {
    std::string name;
    std::vector<std::string> loops;  ///< its level: loop names outermost first; empty = once per run
    std::int64_t versions = 0;       ///< how many versions have it
    bool numeric = true;
    bool replayed = false;  ///< some of its values come from replays
};

/// Values of one name in one version, in coordinate order. Parallel arrays of equal length.
struct Series {
    base::Uuid version;
    std::string name;
    std::vector<std::string> loops;
    std::vector<double> outer;            ///< index of the outermost loop (epoch); 0 when the level is the run
    std::vector<double> x;                ///< position in outer units: epoch + passes of inner loops / their number
    std::vector<std::int64_t> innermost;  ///< running number of the value within the version (step axis)
    std::vector<double> values;           ///< NaN is a value; missing points are absent
    std::vector<Source> sources;
    std::vector<Fidelity> fidelities;
    std::int64_t hiddenDiverged = 0;  ///< diverged values left out
};

/// One outer iteration of one version in the timeline.
struct CellView {
    bool logged = false;
    bool captured = false;
    bool failed = false;
    enum class Hindsight { None, Queued, Running, Replayed, Unverified, Diverged } hindsight = Hindsight::None;
};

/// What the user adds in hindsight.
struct ProbeView {
    std::string id;  ///< UUID text
    int revision = 1;
    std::string name;                ///< logged name; for computed names the pattern ("recall_*")
    std::vector<std::string> names;  ///< literal names the statement logs
    std::string file;                ///< relative to the project
    int line = 0;                    ///< 1-based, where it stands in the newest source with the probes spliced in
    std::string text;                ///< the statement(s) as typed
    bool typedInWorkTree = false;    ///< stands in the user's file, not only in the store
};

enum class PlacementKind { Placed, ByHand, AlreadyThere, Conflict, Skipped };

struct CandidateView {
    std::string file;
    int line = 0;  ///< 1-based line of the past source before which the statement would stand
    double score = 0;
    std::string statement;  ///< in the past version's names
    std::string why;
};

/// Where a probe lands in one version.
struct PlacementView {
    base::Uuid version;
    PlacementKind kind = PlacementKind::Conflict;
    double confidence = 0;  ///< 0…1; the bar to pass is kConfidenceBar
    std::string reason;     ///< plain words
    std::string file;       ///< in the past version
    int firstLine = 0;      ///< inserted lines in splicedText, inclusive
    int lastLine = 0;
    std::string originalText;               ///< whole past file
    std::string splicedText;                ///< whole past file with the statement (placed and by hand)
    std::vector<CandidateView> candidates;  ///< conflicts: best first
    std::vector<std::string> unresolvedNames;
};
inline constexpr double kConfidenceBar = 0.60;

enum class ReplayMode { None, Prefix, Pre, Shallow, Deep, Mid, Suffix, Beginning };

/// What the user decided about a probe in one version.
struct DecisionView {
    enum class Kind { None, Skip, ByHand };
    base::Uuid version;
    Kind kind = Kind::None;
    std::string file;  ///< by hand: before `line` of this file, in the version's own names
    int line = 0;
    std::string statement;
};

/// A statement of the newest source as one version has it.
struct LineInVersion {
    enum class State { Same, Changed, Absent, NoSource };
    base::Uuid version;
    int number = 0;
    State state = State::Absent;  ///< Same: word for word, indentation apart
    std::string file;
    int line = 0;
    std::string text;  ///< the statement there; of a compound one its first line
};

/// A duration estimate in seconds.
struct Estimate {
    double seconds = 0;
    double plusMinus = 0;
};

/// Money, in the currency that the user gave prices in.
struct Amount {
    double value = 0;
    double plusMinus = 0;
};

/// One version's line in a plan.
struct PlanRow {
    base::Uuid version;
    int number = 0;
    std::vector<PlacementView> placements;  ///< one per probe of the plan, same order
    bool willRun = false;                   ///< false: recorded, replayed before, conflict, skipped or filtered out
    ReplayMode mode = ReplayMode::None;
    std::string reason;     ///< plain English words: why this mode, or why nothing runs
    std::string reasonKey;  ///< machine name of the reason, for translation
    std::vector<std::string> reasonArguments;
    std::string loop;                      ///< outer loop that is replayed
    std::vector<std::int64_t> iterations;  ///< outer iterations still to be produced
    std::vector<std::int64_t> captures;    ///< outer iterations with a usable capture
    Estimate time;                         ///< one worker, all iterations of the row
    std::string gpu;                       ///< that the run used and its replay wants; "" = CPU only
    std::int64_t diskBytes = 0;
};

/// One way to run a plan; the sensible ones are a choice between time and money.
struct PlanOption {
    std::string resource;
    std::string device;  ///< "cpu", "gpu", "" when the resource does not say
    int workers = 1;
    Estimate time;  ///< wall time, without waiting in a queue
    Amount price;
    bool keepsLimits = true;   ///< of the request, also one standard deviation later and dearer
    bool isSuggested = false;  ///< only where the request has a limit
    double speed = 1;          ///< of the resource, by which the time is divided
    int speedReplays = 0;      ///< see ResourceView
};

/// A place where replays can run.
struct ResourceView {
    std::string name;
    std::string where;  ///< "this machine", "ssh gpu1:/data/p", "Slurm, partition replay"
    std::string device;
    int workers = 0;  ///< 0: what fits
    double pricePerHour = 0;
    double speed = 1;      ///< against this machine
    int speedReplays = 0;  ///< that measured it; 0: the user says it
};

struct PlanDetails;

/// What replay() would do. Rows may be taken out (willRun false) or given fewer iterations before it is handed on;
/// nothing may be added.
/// The part of the history that the user looks at: what a replay yields there is wanted first.
struct ShownPart {
    std::int64_t first = 0;  ///< outer iterations, inclusive
    std::int64_t last = 0;
    std::vector<base::Uuid> versions;  ///< empty: all

    bool operator==(const ShownPart&) const = default;
};

struct Plan {
    std::vector<ProbeView> probes;
    std::vector<PlanRow> rows;                   ///< newest version first
    std::string resource = "local";              ///< where it runs
    int workers = 1;                             ///< what fits cores and memory at the recorded thread count
    Estimate total;                              ///< wall time with that many workers
    Amount price;                                ///< in the currency of the resource's price; 0: it has none
    int replaysSeen = 0;                         ///< that the estimates were learned from
    double typicalMiss = 0;                      ///< the factor by which their estimates were off; 0 = not known
    std::int64_t diskBytes = 0;                  ///< over all rows that run
    std::int64_t iterations = 0;                 ///< over all rows that run
    std::vector<PlanOption> options;             ///< over the project's resources, fastest first
    std::vector<std::string> notices;            ///< e.g. no sandbox on this machine; interpreter of v3 is missing
    std::optional<ShownPart> shown;              ///< when it starts; for replay(), set by who calls it
    std::string missingConsent;                  ///< what has to be allowed before replay() runs it (allowUnsandboxed),
                                                 ///< one sentence; "": nothing
    std::shared_ptr<const PlanDetails> details;  ///< what only replay() reads
};

enum class UnitState { Queued, Running, Done, Failed, Cancelled, Escalated };

/// One version's progress in a running replay.
struct QueueRow {
    base::Uuid version;
    int number = 0;
    UnitState state = UnitState::Queued;
    std::string phase;      ///< "starting", "prefix", "restore", "iteration 4", "" when waiting
    std::int64_t done = 0;  ///< iterations finished, of
    std::int64_t total = 0;
    double secondsLeft = -1;            ///< -1: unknown
    Fidelity worst = Fidelity::Exact;   ///< of what is done
    std::string message;                ///< first difference, failure or escalation, in words
    std::string outputFile;             ///< what the worker printed
    std::vector<std::int64_t> running;  ///< outer iterations being replayed now
    std::vector<std::int64_t> queued;
};

struct ReplayProgress {
    std::vector<QueueRow> rows;
    std::int64_t done = 0;
    std::int64_t total = 0;
    double secondsLeft = -1;
    int workers = 0;
    bool finished = false;
    bool cancelled = false;
};

}  // namespace hindcast::workspace
