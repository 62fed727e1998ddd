// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/uuid.h"

/// Plain values read from the catalog.
namespace hindcast::store {

enum class RunState { Recording, Complete, Incomplete, Crashed };
std::string_view runStateName(RunState state);  ///< "recording", "complete", …
RunState runStateNamed(std::string_view name);  ///< Crashed for what is no state

/// How well a replayed value is proven. Recorded values are Recorded.
enum class Fidelity : std::uint8_t { Recorded, Exact, ExactLogs, Numeric, Unverified, Diverged };
std::string_view fidelityName(Fidelity fidelity);  ///< "recorded", "exact", "exact-logs", …
Fidelity fidelityNamed(std::string_view name);     ///< Unverified for what is no grade

/// One pass of a loop: loop name, how often the loop was entered before in the enclosing pass, index of the pass.
struct Level {
    std::string loop;
    std::int64_t occurrence = 0;
    std::int64_t index = 0;
    auto operator<=>(const Level&) const = default;
};
using Coordinates = std::vector<Level>;  ///< outermost first; empty = outside every loop

struct VersionRow {
    base::Uuid uuid;
    std::optional<int> number;  ///< absent only in a read-only store that nobody numbered
    RunState state = RunState::Recording;
    std::int64_t startedMicros = 0;
    std::int64_t endedMicros = 0;  ///< 0 while recording
    std::string script;
    std::string project;  ///< folder as recorded
    std::vector<std::string> argv;
    std::map<std::string, std::string> forced;  ///< --arg / --kwargs
    std::string gitHead, gitBranch, gitRemote;
    bool gitDirty = false;
    std::string host;
    std::string job;  ///< "" when not part of one
    int rank = 0;
    int worldSize = 1;
    std::string interpreter;  ///< path
    std::string reason;       ///< why incomplete, "" otherwise
    std::string exception;    ///< the script's, "" when none
    std::string exit;         ///< how the script ended
    std::vector<std::string> tags;
    std::string note;
    bool pinned = false;
    bool baseline = false;
    std::int64_t values = 0;  ///< recorded ones
    std::int64_t captures = 0;
    std::int64_t storedBytes = 0;  ///< of the version's folder, at last ingest
    bool hasSource = false;        ///< a snapshot is in code.git
    std::string imported;          ///< kind of the tool that recorded it ("mlflow", …), "" when Hindcast did
    std::string importedFrom;      ///< path of what was imported
};

/// An hc.arg value: what the script got, as text, with its type.
struct ArgumentRow {
    std::string name;
    std::string text;  ///< numbers in the shortest form that reads back to the same bits
    std::string type;  ///< "int", "float", "bool", "text", "none", "rich"
};

/// One name of one version.
struct NameRow {
    std::string name;
    std::vector<std::string> loops;  ///< loop names of its deepest level, outermost first
    std::int64_t recorded = 0;       ///< number of values
    std::int64_t replayed = 0;
    bool numeric = true;  ///< every value is a number or bool
    /// The number recorded last, of the nesting with most values; absent without one, and for a NaN.
    std::optional<double> last;
};

/// What a list shows of a version beside its row.
struct VersionOverview {
    std::map<std::string, std::string> arguments;  ///< as text
    std::vector<NameRow> names;                    ///< by name
    std::string outerLoop;                         ///< the outermost one with most passes; "" without loops
    std::int64_t outerIterations = 0;              ///< its passes, or the last index + 1 where that is more
};

/// One entry of a loop outside every other, or directly inside the outermost one.
struct LoopRow {
    Coordinates at;  ///< the enclosing pass; empty for outermost loops
    std::string loop;
    std::int64_t occurrence = 0;
    std::int64_t enteredMicros = 0;
    std::int64_t leftMicros = 0;  ///< 0 while it runs, or when the run ended inside
    std::int64_t passes = 0;      ///< so far
    std::int64_t lastIndex = -1;
    std::string how;  ///< "exhausted", "break", "return", "exception", "" while it runs
};

/// Totals of a loop over one version, however deep and long it is.
struct LoopTotals {
    std::vector<std::string> path;  ///< loop names, outermost first
    std::int64_t entries = 0;
    std::int64_t passes = 0;
    double seconds = 0;            ///< in entries that were left
    std::int64_t timedPasses = 0;  ///< passes within those seconds
};

/// Passes first..last of an outermost loop (one pass each for the first 4,096, then doubling spans).
struct IterationRow {
    std::string loop;
    std::int64_t occurrence = 0;
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::int64_t startedMicros = 0;
    std::int64_t endedMicros = 0;  ///< 0 while it runs
    std::string label;             ///< text of the item, when it is not the index
};

enum class CapturePoint : std::uint8_t { Boundary, Exit, Mid, Prefix, End };
std::string_view capturePointName(CapturePoint point);  ///< "boundary", "exit", …
CapturePoint capturePointNamed(std::string_view name);  ///< Boundary for what is no point

struct CaptureRow {
    CapturePoint point = CapturePoint::Boundary;
    Coordinates at;  ///< as in the CAPTURE frame
    std::int64_t passes = 0;
    bool stored = false;        ///< tensors are stored, else digests only
    std::int64_t rawBytes = 0;  ///< of the tensors it names
    std::int64_t tensors = 0;
    std::int64_t stampMicros = 0;
    std::uint32_t sequence = 0;  ///< frame number in the journal
    std::uint64_t journalOffset = 0;
};

struct ReplayProbeRow {
    std::string id;
    int revision = 1;
    std::string name;
    std::string memo;
    std::string text;  ///< in the version's own names
    bool superseded = false;
};

/// `mode` of what is kept as a replay is, but was imported for a version: no code was run.
inline constexpr std::string_view kImportMode = "import";

struct ReplayRow {
    base::Uuid uuid;
    base::Uuid version;
    std::string mode;  ///< as in FIDELITY: "shallow", "deep", …
    std::string loop;
    std::int64_t first = -1;
    std::int64_t last = -1;
    RunState state = RunState::Recording;
    std::int64_t startedMicros = 0;
    std::int64_t endedMicros = 0;
    std::string reason;
    bool superseded = false;
    std::vector<ReplayProbeRow> probes;
};

/// The proof of one replayed outer iteration.
struct FidelityRow {
    base::Uuid replay;
    std::string loop;  ///< "" for prefix and suffix
    std::int64_t occurrence = 0;
    std::int64_t index = 0;
    std::string mode;
    Fidelity grade = Fidelity::Unverified;
    std::string details;  ///< the whole FIDELITY object, JSON
};

/// A NOTE frame of a version or replay.
struct NoteRow {
    std::string kind;  ///< "hint", "hazard", "skip", "overhead", …
    std::int64_t stampMicros = 0;
    std::string json;
};

}  // namespace hindcast::store
