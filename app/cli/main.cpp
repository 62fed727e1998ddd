// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdio>

#include "app/cli/verb.h"
#include "core/store/bundle/bundle.h"

namespace hindcast::cli {

CLI::App* addVerb(CLI::App& app, Invocation& invocation, const std::string& name, const std::string& help,
                  std::function<Outcome()> action) {
    CLI::App* verb = app.add_subcommand(name, help);
    verb->add_option("--project", invocation.project,
                     "a path in the project, or a bundle (default: the current folder)");
    verb->callback([&invocation, action = std::move(action)] { invocation.action = action; });
    return verb;
}

base::Result<std::unique_ptr<workspace::Workspace>> openWorkspace(const Invocation& invocation) {
    return workspace::Workspace::open(invocation.project);
}

static void addVerbs(CLI::App& app, Invocation& invocation) {
    addRunVerb(app, invocation);
    addListVerb(app, invocation);
    addShowVerb(app, invocation);
    addDiffVerb(app, invocation);
    addProbeVerb(app, invocation);
    addPropagateVerb(app, invocation);
    addPlanVerb(app, invocation);
    addReplayVerb(app, invocation);
    addCheckVerb(app, invocation);
    addAllowVerb(app, invocation);
    addDataframeVerb(app, invocation);
    addSqlVerb(app, invocation);
    addImportVerb(app, invocation);
    addExportVerb(app, invocation);
    addReindexVerb(app, invocation);
    addFsckVerb(app, invocation);
    addUsageVerb(app, invocation);
    addPackVerb(app, invocation);
    addCollectVerb(app, invocation);
    addRetainVerb(app, invocation);
    addRemoveVerb(app, invocation);
    addRedactVerb(app, invocation);
    addBundleVerb(app, invocation);
    addSnapshotVerb(app, invocation);
    addPullVerb(app, invocation);
    addResourcesVerb(app, invocation);
    addAgentVerb(app, invocation);
    addWorkUnitVerb(app, invocation);
}

/// Does what was asked for. A bundle is unpacked first: no verb needs to know of it.
static Outcome act(Invocation& invocation) {
    if (store::isBundle(invocation.project)) {
        HINDCAST_ASSIGN(const auto folder, store::openBundle(invocation.project));
        invocation.project = folder.string();
    }
    return invocation.action();
}

static int run(int count, char** arguments) {
    // A reader that goes away (head, a closed window) is an error of that write, not the end of this process.
    std::signal(SIGPIPE, SIG_IGN);
    CLI::App app("Shows what past training runs would have logged.", "hindcast");
    app.set_version_flag("--version", std::string("hindcast ") + HINDCAST_VERSION);
    app.require_subcommand(1);
    app.failure_message([](const CLI::App* verb, const CLI::Error& error) {
        return "hindcast: " + CLI::FailureMessage::simple(verb, error);
    });
    app.footer("Versions: v7, a UUID prefix, a tag; lists as v1,v3-v5,production. hindcast VERB --help tells more.");
    Invocation invocation;
    addVerbs(app, invocation);
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& error) {
        const int status = app.exit(error);
        return status == 0 ? 0 : static_cast<int>(ExitStatus::WrongUsage);
    }
    const Outcome outcome = act(invocation);
    if (outcome) return static_cast<int>(*outcome);
    std::fprintf(stderr, "hindcast: %s\n", outcome.error().text().c_str());
    return static_cast<int>(exitStatusOf(outcome.error().code()));
}

}  // namespace hindcast::cli

int main(int count, char** arguments) {
    try {
        return hindcast::cli::run(count, arguments);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "hindcast: internal error: %s\n", error.what());
        return static_cast<int>(hindcast::cli::ExitStatus::Failed);
    }
}
