// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "app/cli/print.h"
#include "app/cli/verb.h"
#include "core/workspace/listing/version_difference.h"

namespace hindcast::cli {

namespace {

using workspace::FactDifference;
using workspace::ValueDifference;
using workspace::VersionDifference;
using workspace::VersionView;

struct DiffOptions {
    std::string before;
    std::string after;
    bool json = false;
};

/// The one version that the user's text names.
base::Result<VersionView> versionNamed(workspace::Workspace& workspace, const std::string& text) {
    HINDCAST_ASSIGN(const auto found, workspace.resolveVersions(text));
    if (found.size() != 1)
        return base::Error(base::ErrorCode::InvalidArgument,
                           "'" + text + "' names " + std::to_string(found.size()) + " versions; diff compares two");
    HINDCAST_ASSIGN(const auto versions, workspace.versions());
    const auto version =
        std::find_if(versions.begin(), versions.end(), [&](const VersionView& one) { return one.uuid == found[0]; });
    if (version == versions.end()) return base::Error(base::ErrorCode::NotFound, "there is no version " + text);
    return *version;
}

Json factsJson(const std::vector<FactDifference>& facts) {
    Json list = Json::array();
    for (const FactDifference& fact : facts) {
        list.push_back({{"name", fact.name},
                        {"before", fact.before ? Json(*fact.before) : Json(nullptr)},
                        {"after", fact.after ? Json(*fact.after) : Json(nullptr)}});
    }
    return list;
}

/// JSON has no NaN: as everywhere, the text says what it is.
Json numberJson(const std::optional<double>& value) {
    if (!value) return nullptr;
    return std::isfinite(*value) ? Json(*value) : Json(numberText(*value));
}

Json differenceJson(const VersionView& before, const VersionView& after, const VersionDifference& difference) {
    Json document;
    document["schema"] = "hindcast.diff/1";
    document["before"] = {{"version", before.number}, {"uuid", before.uuid.text()}};
    document["after"] = {{"version", after.number}, {"uuid", after.uuid.text()}};
    document["arguments"] = factsJson(difference.arguments);
    document["environment"] = factsJson(difference.environment);
    document["files"] = Json::array();
    for (const auto& file : difference.files) {
        document["files"].push_back({{"path", file.path},
                                     {"state", !file.before ? "added"
                                               : file.after ? "changed"
                                                            : "removed"},
                                     {"added", file.added},
                                     {"removed", file.removed},
                                     {"patch", file.patch}});
    }
    document["sourceMissing"] = difference.sourceMissing;
    document["values"] = Json::array();
    for (const ValueDifference& value : difference.values) {
        document["values"].push_back(
            {{"name", value.name}, {"before", numberJson(value.before)}, {"after", numberJson(value.after)}});
    }
    return document;
}

void printFacts(const char* title, const std::vector<FactDifference>& facts) {
    if (facts.empty()) return;
    std::printf("%s\n", title);
    std::size_t width = 0;
    for (const FactDifference& fact : facts) width = std::max(width, displayWidth(fact.name));
    for (const FactDifference& fact : facts) {
        const std::string gap(width - displayWidth(fact.name), ' ');
        std::printf("  %s%s  %s → %s\n", fact.name.c_str(), gap.c_str(), fact.before.value_or("(none)").c_str(),
                    fact.after.value_or("(none)").c_str());
    }
}

void printFiles(const VersionDifference& difference) {
    std::size_t added = 0, removed = 0;
    for (const auto& file : difference.files) {
        added += file.added;
        removed += file.removed;
    }
    if (!difference.files.empty())
        std::printf("code: %zu %s, %zu %s added, %zu removed\n", difference.files.size(),
                    difference.files.size() == 1 ? "file" : "files", added, added == 1 ? "line" : "lines", removed);
    for (const auto& file : difference.files) {
        std::fputs(file.patch.c_str(), stdout);
        if (!file.patch.empty() && file.patch.back() != '\n') std::fputc('\n', stdout);
    }
    if (!difference.sourceMissing.empty()) std::printf("code: not compared, %s\n", difference.sourceMissing.c_str());
}

std::string valueText(const std::optional<double>& value) {
    return value ? numberText(*value) : "";
}

void printValues(const VersionView& before, const VersionView& after, const std::vector<ValueDifference>& values) {
    if (values.empty()) return;
    Table table;
    table.addColumn("last value");
    for (const VersionView* version : {&before, &after})
        table.addColumn("v" + std::to_string(version->number), Align::Right);
    table.addColumn("difference", Align::Right);
    for (const ValueDifference& value : values) {
        const bool both = value.before && value.after;
        table.addRow({value.name, valueText(value.before), valueText(value.after),
                      both ? numberText(*value.after - *value.before) : ""});
    }
    table.print(stdout);
}

Outcome diff(const Invocation& invocation, const DiffOptions& options) {
    HINDCAST_ASSIGN(const auto workspace, openWorkspace(invocation));
    HINDCAST_ASSIGN(const VersionView before, versionNamed(*workspace, options.before));
    HINDCAST_ASSIGN(const VersionView after, versionNamed(*workspace, options.after));
    HINDCAST_ASSIGN(const store::Project project, store::Project::find(workspace->projectFolder()));
    HINDCAST_ASSIGN(const VersionDifference difference, workspace::differenceOf(project, before, after));
    if (options.json) {
        printJson(differenceJson(before, after, difference));
        return ExitStatus::Done;
    }
    printFacts("arguments", difference.arguments);
    printFacts("environment", difference.environment);
    printFiles(difference);
    if (difference.same() && difference.sourceMissing.empty())
        std::printf("Code, arguments and environment are the same.\n");
    printValues(before, after, difference.values);
    return ExitStatus::Done;
}

}  // namespace

void addDiffVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<DiffOptions>();
    CLI::App* verb =
        addVerb(app, invocation, "diff", "what tells two versions apart: arguments, environment, code, last values",
                [&invocation, options] { return diff(invocation, *options); });
    verb->add_option("before", options->before, "v3, a UUID prefix, a tag")->required();
    verb->add_option("after", options->after, "the version it is compared with")->required();
    verb->add_flag("--json", options->json, "as JSON, schema hindcast.diff/1");
}

}  // namespace hindcast::cli
