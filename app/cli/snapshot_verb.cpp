// SPDX-License-Identifier: Apache-2.0
#include "app/cli/verb.h"
#include "core/store/source/snapshot.h"

namespace hindcast::cli {

namespace {

struct SnapshotOptions {
    std::string version;
};

Outcome takeSnapshot(const Invocation& invocation, const SnapshotOptions& options) {
    const auto version = base::Uuid::parse(options.version);
    if (!version)
        return base::Error(base::ErrorCode::InvalidArgument, "'" + options.version + "' is not the UUID of a version");
    HINDCAST_ASSIGN(const store::Project project, store::Project::find(invocation.project));
    HINDCAST_TRY(store::recordSnapshot(project, *version));
    return ExitStatus::Done;
}

}  // namespace

void addSnapshotVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<SnapshotOptions>();
    CLI::App* verb =
        addVerb(app, invocation, "snapshot", "stores the project's source for a version (the recorder calls this)",
                [&invocation, options] { return takeSnapshot(invocation, *options); });
    verb->add_option("--version", options->version, "UUID of the version")->required();
    verb->group("");  // not for people: hidden from the list
}

}  // namespace hindcast::cli
