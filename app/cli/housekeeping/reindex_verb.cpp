// SPDX-License-Identifier: Apache-2.0
#include "app/cli/verb.h"
#include "core/store/catalog/catalog.h"
#include "core/store/catalog/ingester.h"

namespace hindcast::cli {

static Outcome rebuildIndex(const Invocation& invocation) {
    HINDCAST_ASSIGN(const store::Project project, store::Project::find(invocation.project));
    HINDCAST_TRY(store::reindex(project));
    HINDCAST_ASSIGN(const store::Catalog catalog, store::Catalog::open(project));
    HINDCAST_ASSIGN(const auto versions, catalog.versions());
    std::fprintf(stderr, "Rebuilt the index of %zu versions.\n", versions.size());
    return ExitStatus::Done;
}

void addReindexVerb(CLI::App& app, Invocation& invocation) {
    addVerb(app, invocation, "reindex", "rebuilds the catalog from the folders; loses nothing",
            [&invocation] { return rebuildIndex(invocation); });
}

}  // namespace hindcast::cli
