// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/store/catalog/catalog_rows.h"
#include "core/store/project.h"

namespace hindcast::exchange {

/// Numbers of one name at their steps, in the order of their coordinates.
struct ExportedSeries {
    std::string name;
    std::vector<std::int64_t> steps;
    std::vector<std::int64_t> micros;  ///< when the outermost pass began, else the version's start
    std::vector<double> values;
};

/// Values of one version that have one origin: trackers know runs, not origins, so each origin becomes a run.
struct ExportedRun {
    store::VersionRow version;
    std::string label;     ///< "v7", "v7.replayed", "v7.replayed.unverified": names runs and folders
    std::string source;    ///< "recorded", "imported", "replayed"
    std::string fidelity;  ///< as in the store
    std::vector<store::ArgumentRow> arguments;
    std::vector<ExportedSeries> series;
};

struct ExportChoice {
    std::vector<base::Uuid> versions;
    std::vector<std::string> names;  ///< none: all
    bool recorded = false;           ///< also what the runs logged themselves
};

struct ExportedRuns {
    std::vector<ExportedRun> runs;
    std::int64_t values = 0;
    std::int64_t diverged = 0;    ///< left out: they differ from the run
    std::int64_t notNumbers = 0;  ///< left out: trackers draw numbers
};

/// What is to be exported. Trackers have one step where Hindcast has coordinates: the step counts the passes of all
/// loops around a value as if each ran as long as the longest of its kind in this version, so that
/// epoch 2, step 5 of 100 is 205. Values outside of loops are at step 0.
base::Result<ExportedRuns> gatherRuns(const store::Project& project, const ExportChoice& choice);

}  // namespace hindcast::exchange
