// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/exchange/imported_run.h"
#include "core/store/catalog/ingester.h"
#include "core/store/lease.h"
#include "core/store/project.h"
#include "core/store/scratch.h"

namespace hindcast::exchange {

/// What became of one run.
struct TakenRun {
    enum class Outcome {
        Added,  ///< a new version
        Grown,  ///< the version of an earlier import now has what the source has gained
        Known,  ///< imported before, nothing new
        Kept,   ///< imported before, and the source holds less now: the version stays as it is
    };
    base::Uuid version;  ///< that the values belong to
    base::Uuid folder;   ///< where they are: the version's own, or one beside its replays
    Outcome outcome = Outcome::Added;
    std::string run;
    std::int64_t values = 0;
    std::vector<std::string> remarks;
};
/// "added", "grown", "known", "kept".
std::string_view outcomeName(TakenRun::Outcome outcome);

/// Makes versions of runs. Each run has one version, found again by run.json's `imported.key`: importing it twice adds
/// nothing, and a run that has grown keeps its version, number and marks and gets its values anew, in one step for
/// readers. Holds the store's lease while it lives. One thread.
class Intake {
public:
    static base::Result<Intake> open(const store::Project& project);

    /// Takes one run. Writes are synced before it returns.
    base::Result<void> take(ImportedRun&& run);

    /// Indexes what came in, notes what people call the runs and writes one line to the store's history.
    base::Result<std::vector<TakenRun>> finish();

private:
    Intake(store::Project project, store::Lease lease, store::Ingester ingester)
        : m_project(std::move(project)), m_lease(std::move(lease)), m_ingester(std::move(ingester)) {}

    struct Known {
        base::Uuid folder;
        std::string content;
        std::int64_t values = 0;
    };
    base::Result<void> learn();
    std::filesystem::path placeOf(const ImportedRun& run, const base::Uuid& uuid) const;
    base::Result<TakenRun::Outcome> place(const ImportedRun& run, base::Uuid& uuid);

    store::Project m_project;
    store::Lease m_lease;
    store::Ingester m_ingester;
    std::map<std::string, Known> m_known;  ///< by key
    std::vector<TakenRun> m_taken;
    std::map<base::Uuid, std::string> m_notes;
};

}  // namespace hindcast::exchange
