// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "app/cli/housekeeping/stored_versions.h"
#include "app/cli/print.h"
#include "app/cli/verb.h"
#include "core/store/usage/usage.h"

namespace hindcast::cli {

namespace {

using store::Usage;
using store::VersionUsage;

struct UsageOptions {
    std::string by = "version";
    bool json = false;
};

/// Kinds of the whole store, in the order of the listing.
std::vector<std::pair<std::string, std::int64_t>> kindsOf(const Usage& usage) {
    VersionUsage sum;
    for (const VersionUsage& version : usage.versions) {
        sum.values += version.values;
        sum.state += version.state;
        sum.tensors += version.tensors;
        sum.packed += version.packed;
        sum.source += version.source;
        sum.replays += version.replays;
        sum.others += version.others;
    }
    return {{"values", sum.values},
            {"state", sum.state},
            {"tensors", sum.tensors},
            {"packed", sum.packed},
            {"packed, shared", usage.sharedPacked},
            {"packed, unused", usage.unusedPacked},
            {"source", sum.source},
            {"source, shared", usage.sharedSource},
            {"source, unused", usage.unusedSource},
            {"replays", sum.replays},
            {"index", usage.index},
            {"others", sum.others + usage.others}};
}

/// The part of a tensor's key that names the object: "model" of "model/0.weight".
std::map<std::string, store::TensorUsage> byObject(const Usage& usage) {
    std::map<std::string, store::TensorUsage> objects;
    for (const auto& [key, tensor] : usage.tensors) {
        store::TensorUsage& object = objects[key.substr(0, key.find('/'))];
        object.stored += tensor.stored;
        object.raw += tensor.raw;
    }
    return objects;
}

void printVersions(const Usage& usage, const StoredVersions& versions) {
    Table table;
    table.addColumn("version");
    for (const char* title : {"total", "values", "state", "tensors", "packed", "source", "replays", "others"})
        table.addColumn(title, Align::Right);
    for (const VersionUsage& row : usage.versions)
        table.addRow({versions.label(row.version), bytesText(row.total()), bytesText(row.values), bytesText(row.state),
                      bytesText(row.tensors), bytesText(row.packed), bytesText(row.source), bytesText(row.replays),
                      bytesText(row.others)});
    table.print(stdout);
    std::printf(
        "Shared by versions: %s of packed tensors, %s of source. Unused: %s (hindcast gc). Index: %s. In all: %s.\n",
        bytesText(usage.sharedPacked).c_str(), bytesText(usage.sharedSource).c_str(),
        bytesText(usage.unusedPacked + usage.unusedSource).c_str(), bytesText(usage.index).c_str(),
        bytesText(usage.total()).c_str());
}

void printKinds(const Usage& usage) {
    Table table;
    table.addColumn("kind");
    table.addColumn("on disk", Align::Right);
    for (const auto& [kind, bytes] : kindsOf(usage)) table.addRow({kind, bytesText(bytes)});
    table.addRow({"in all", bytesText(usage.total())});
    table.print(stdout);
}

void printTensors(const std::map<std::string, store::TensorUsage>& tensors, const char* title) {
    Table table;
    table.addColumn(title);
    table.addColumn("on disk", Align::Right);
    table.addColumn("captured", Align::Right);
    for (const auto& [key, tensor] : tensors) table.addRow({key, bytesText(tensor.stored), bytesText(tensor.raw)});
    table.print(stdout);
}

Json tensorsJson(const std::map<std::string, store::TensorUsage>& tensors) {
    Json out = Json::object();
    for (const auto& [key, tensor] : tensors) out[key] = {{"storedBytes", tensor.stored}, {"rawBytes", tensor.raw}};
    return out;
}

void printUsageJson(const Usage& usage, const StoredVersions& versions) {
    Json document;
    document["schema"] = "hindcast.du/1";
    document["versions"] = Json::array();
    for (const VersionUsage& row : usage.versions)
        document["versions"].push_back({{"version", versions.label(row.version)},
                                        {"uuid", row.version.text()},
                                        {"total", row.total()},
                                        {"values", row.values},
                                        {"state", row.state},
                                        {"tensors", row.tensors},
                                        {"packed", row.packed},
                                        {"source", row.source},
                                        {"replays", row.replays},
                                        {"others", row.others}});
    document["objects"] = tensorsJson(byObject(usage));
    document["tensors"] = tensorsJson(usage.tensors);
    document["sharedPacked"] = usage.sharedPacked;
    document["unusedPacked"] = usage.unusedPacked;
    document["sharedSource"] = usage.sharedSource;
    document["unusedSource"] = usage.unusedSource;
    document["index"] = usage.index;
    document["others"] = usage.others;
    document["total"] = usage.total();
    printJson(document);
}

Outcome measure(const Invocation& invocation, const UsageOptions& options) {
    HINDCAST_ASSIGN(const StoredVersions versions, openStoredVersions(invocation.project, ""));
    HINDCAST_ASSIGN(const Usage usage, store::measureUsage(versions.project));
    if (options.json)
        printUsageJson(usage, versions);
    else if (options.by == "kind")
        printKinds(usage);
    else if (options.by == "tensor")
        printTensors(usage.tensors, "tensor");
    else if (options.by == "object")
        printTensors(byObject(usage), "object");
    else
        printVersions(usage, versions);
    return ExitStatus::Done;
}

}  // namespace

void addUsageVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<UsageOptions>();
    CLI::App* verb = addVerb(app, invocation, "du", "says what takes room in the store, shared bytes apart",
                             [&invocation, options] { return measure(invocation, *options); });
    verb->add_option("--by", options->by, "version, object, tensor or kind (default: version)")
        ->check(CLI::IsMember({"version", "object", "tensor", "kind"}));
    verb->add_flag("--json", options->json, "everything as JSON, schema hindcast.du/1");
}

}  // namespace hindcast::cli
