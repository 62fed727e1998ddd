// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"

namespace hindcast::replay {

/// How much of a version has to be run again; see FORMAT.md section 9 for the stored names.
enum class Mode { Prefix, Pre, Shallow, Deep, Mid, Suffix, Beginning };

std::string_view modeName(Mode mode);
std::optional<Mode> modeNamed(std::string_view name);

/// Order by how much of the outer loop is run: a value that is exact in a deeper mode also answers a shallower
/// question. Prefix and suffix lie outside the loop and compare only with themselves and Beginning.
bool answers(Mode done, Mode asked);

/// Passes of an inner loop, inclusive: what of an outer iteration is asked for (mode mid).
struct StepRange {
    std::string loop;
    std::int64_t first = 0;
    std::int64_t last = 0;

    bool operator==(const StepRange&) const = default;
};

/// Lines of a spliced file that were not in the recorded run.
struct Injection {
    std::string file;  ///< relative to the project
    int first = 0;     ///< 1-based, inclusive
    int last = 0;
    int probe = 0;  ///< index into Unit::probes

    bool operator==(const Injection&) const = default;
};

/// A probe as a replay stores it (run.json, replay.probes).
struct ProbeInUnit {
    std::string id;
    int revision = 1;
    std::string name;
    std::string memo;  ///< see memo.h
    std::string text;  ///< in the version's own names

    bool operator==(const ProbeInUnit&) const = default;
};

/// One piece of work for one worker process: outer iterations of one version. Plain value.
struct Unit {
    base::Uuid replay;  ///< the folder to be written; new for every attempt
    base::Uuid version;
    Mode mode = Mode::Deep;
    std::string loop;             ///< outer loop; "" when the script has none
    std::int64_t occurrence = 0;  ///< which of that loop's runs: folds, trials
    std::int64_t first = -1;      ///< outer iterations, inclusive; -1 when the mode has none
    std::int64_t last = -1;
    std::vector<std::int64_t> iterations;  ///< those of them that are asked for, ascending; empty: all
    std::optional<std::int64_t> latest;    ///< it begins at this boundary or an earlier one; absent: at the nearest
    std::optional<StepRange> steps;        ///< mid only
    std::vector<std::string> innerLoops;   ///< shallow: loops replaced by their EXIT state
    std::vector<Injection> injected;
    std::vector<ProbeInUnit> probes;
    std::string script;             ///< relative to the project
    std::vector<std::string> argv;  ///< as recorded
    std::map<std::string, std::string> arguments;
    double estimatedSeconds = 0;      ///< what the plan said, start and imports included; 0: nothing
    std::string resource;             ///< where it runs, as the project calls it; "" or "local": this machine
    std::optional<double> tolerance;  ///< largest relative difference that still counts as `numeric`

    bool operator==(const Unit&) const = default;
};

/// Where the worker finds things, in the names that hold inside its sandbox.
struct UnitPlaces {
    std::string folder;         ///< the replay's folder
    std::string versionFolder;  ///< versions/<uuid> of the store
    std::string project;        ///< the working copy of the version's code
};

/// The document a worker reads. `runJson` is the replay's run.json as text (see composeRunJson); fails with
/// InvalidArgument when it is not a JSON object.
base::Result<std::string> unitJson(const Unit& unit, const UnitPlaces& places, const std::string& runJson);

/// Reads a document that unitJson wrote (a resumed scheduler and the tests do).
base::Result<Unit> parseUnitJson(const std::string& text);

/// The replay's run.json, made from the version's: same script, arguments and environment, kind "replay". The worker
/// adds host, process and start time. `versionRunJson` is the text of the version's run.json.
base::Result<std::string> composeRunJson(const Unit& unit, const std::string& versionRunJson);

}  // namespace hindcast::replay
