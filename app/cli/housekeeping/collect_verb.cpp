// SPDX-License-Identifier: Apache-2.0
#include "app/cli/print.h"
#include "app/cli/verb.h"
#include "core/store/collect/collect.h"

namespace hindcast::cli {

namespace {

struct CollectOptions {
    bool dryRun = false;
    bool json = false;
};

void printReport(const store::CollectReport& report, bool dryRun) {
    Table table;
    table.addColumn("what");
    table.addColumn("count", Align::Right);
    table.addColumn(dryRun ? "would free" : "freed", Align::Right);
    for (const store::Garbage& garbage : report.kinds)
        table.addRow({garbage.what, std::to_string(garbage.count), bytesText(garbage.bytes)});
    table.addRow({"in all", "", bytesText(report.bytes())});
    table.print(stdout);
    for (const std::string& remark : report.remarks) std::printf("%s\n", remark.c_str());
}

void printReportJson(const store::CollectReport& report, bool dryRun) {
    Json document;
    document["schema"] = "hindcast.gc/1";
    document["dryRun"] = dryRun;
    document["kinds"] = Json::array();
    for (const store::Garbage& garbage : report.kinds)
        document["kinds"].push_back({{"kind", garbage.kind}, {"count", garbage.count}, {"bytes", garbage.bytes}});
    document["bytes"] = report.bytes();
    document["remarks"] = report.remarks;
    printJson(document);
}

Outcome collect(const Invocation& invocation, const CollectOptions& options) {
    HINDCAST_ASSIGN(const store::Project project, store::Project::find(invocation.project));
    HINDCAST_ASSIGN(const store::CollectReport report, store::collectGarbage(project, options.dryRun));
    options.json ? printReportJson(report, options.dryRun) : printReport(report, options.dryRun);
    return ExitStatus::Done;
}

}  // namespace

void addCollectVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<CollectOptions>();
    CLI::App* verb =
        addVerb(app, invocation, "gc", "frees what nothing needs any more; runs beside recorders and readers",
                [&invocation, options] { return collect(invocation, *options); });
    verb->add_flag("--dry-run", options->dryRun, "only says what it would free");
    verb->add_flag("--json", options->json, "as JSON, schema hindcast.gc/1");
}

}  // namespace hindcast::cli
