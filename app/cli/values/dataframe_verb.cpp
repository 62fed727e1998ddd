// SPDX-License-Identifier: Apache-2.0
#include "app/cli/values/rows.h"
#include "app/cli/verb.h"
#include "core/query/pivot/pivot.h"
#include "core/store/annotations/annotations.h"
#include "core/store/catalog/catalog.h"
#include "core/store/version_names.h"

namespace hindcast::cli {

using base::Result;

namespace {

struct DataframeOptions {
    query::PivotRequest request;
    std::string versions;
    std::string format = "table";
};

Result<std::vector<base::Uuid>> versionsOf(const store::Project& project, const std::string& list) {
    HINDCAST_ASSIGN(const auto catalog, store::Catalog::open(project));
    HINDCAST_ASSIGN(const auto rows, catalog.versions());
    HINDCAST_ASSIGN(auto annotations, store::Annotations::open(project));
    HINDCAST_TRY(annotations.refresh());
    std::vector<base::Uuid> all;
    for (const store::VersionRow& row : rows) all.push_back(row.uuid);
    return store::VersionNames(std::move(all), annotations.view()).list(list);
}

Outcome dataframe(const Invocation& invocation, DataframeOptions& options) {
    HINDCAST_ASSIGN(const store::Project project, openIndexedProject(invocation.project));
    if (!options.versions.empty()) {
        HINDCAST_ASSIGN(options.request.versions, versionsOf(project, options.versions));
    }
    HINDCAST_ASSIGN(const query::Rows rows, query::pivot(project, options.request));
    HINDCAST_TRY(printRows(rows, options.format));
    return ExitStatus::Done;
}

}  // namespace

void addDataframeVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<DataframeOptions>();
    CLI::App* verb = addVerb(app, invocation, "dataframe", "prints logged names of all versions side by side",
                             [&invocation, options] { return dataframe(invocation, *options); });
    verb->add_option("names", options->request.names,
                     "logged names and arguments (default: arguments and values logged outside loops)");
    verb->add_option("--where", options->request.where,
                     "only rows for which this holds, as \"lr > 0.01 and epoch >= 5\"");
    verb->add_option("--versions", options->versions, "which ones, as v1,v3-v5,production (default: all)");
    verb->add_flag("--labels", options->request.labels,
                   "adds LOOP.label behind each loop: what a pass was, where that is not its number");
    verb->add_flag("--provenance", options->request.provenance, "adds NAME.source and NAME.fidelity behind each name");
    verb->add_flag("--diverged", options->request.diverged, "shows replayed values that diverged from the run, too");
    verb->add_option("--format", options->format, "how rows are written")->check(CLI::IsMember(rowFormats()));
}

}  // namespace hindcast::cli
