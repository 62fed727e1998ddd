// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "app/cli/print.h"
#include "app/cli/verb.h"
#include "core/base/file.h"
#include "core/replay/pool/permissions.h"
#include "core/replay/pool/sandbox.h"
#include "core/store/annotations/annotations.h"

namespace hindcast::cli {

namespace {

using base::Error;
using base::ErrorCode;

struct AllowOptions {
    std::string what;
    std::string path;
    bool revoke = false;
    bool json = false;
};

/// The permission as the store keeps it.
base::Result<std::string> permissionOf(const AllowOptions& options) {
    if (options.what == "unsandboxed") return std::string(replay::kWithoutSandbox);
    if (options.what == "network") return options.what;
    if (options.path.empty())
        return Error(ErrorCode::InvalidArgument,
                     "name the folder that replays may write to: hindcast allow write PATH");
    std::error_code problem;
    const auto path = std::filesystem::weakly_canonical(std::filesystem::absolute(options.path), problem);
    if (problem) return Error::fromErrno(problem.value(), "cannot find " + options.path);
    if (path == path.root_path())
        return Error(ErrorCode::Refused, "past code may not write everywhere; name the folder that it needs");
    return "write " + path.string();
}

void print(const std::set<std::string>& allowed, replay::SandboxLevel level, bool json) {
    const std::string notice = replay::sandboxNotice(level);
    if (json) {
        printJson(Json{{"schema", "hindcast.allow/1"},
                       {"allowed", allowed},
                       {"sandbox", replay::sandboxName(level)},
                       {"notice", notice}});
        return;
    }
    if (allowed.empty()) std::printf("Replays may write in their scratch folders only, without network.\n");
    for (const std::string& permission : allowed) std::printf("%s\n", permission.c_str());
    const std::string missing = replay::missingConsent(level, replay::permissionsIn(allowed));
    if (!missing.empty())
        std::printf("Not allowed yet: %s.\n", missing.c_str());
    else if (!notice.empty())
        std::printf("%s\n", notice.c_str());
}

/// What this machine encloses replays with, tried out in the project's scratch folder, else in that of the system.
base::Result<replay::SandboxLevel> sandboxHere(const store::Project& project) {
    if (!project.isWritable()) return replay::probeSandbox(std::filesystem::temp_directory_path());
    HINDCAST_TRY(base::makeFolder(project.scratch()));
    return replay::probeSandbox(project.scratch());
}

Outcome allow(const Invocation& invocation, const AllowOptions& options) {
    HINDCAST_ASSIGN(const store::Project project, store::Project::find(invocation.project));
    HINDCAST_ASSIGN(store::Annotations annotations, store::Annotations::open(project));
    if (options.what.empty()) {
        HINDCAST_ASSIGN(const replay::SandboxLevel level, sandboxHere(project));
        print(annotations.view().allowed, level, options.json);
        return ExitStatus::Done;
    }
    HINDCAST_ASSIGN(const std::string permission, permissionOf(options));
    if (annotations.view().allowed.contains(permission) != options.revoke) return ExitStatus::NothingToDo;
    HINDCAST_TRY(annotations.allow(permission, !options.revoke));
    return ExitStatus::Done;
}

}  // namespace

void addAllowVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<AllowOptions>();
    CLI::App* verb =
        addVerb(app, invocation, "allow", "says what past code of this project may do in replays, or lists it",
                [&invocation, options] { return allow(invocation, *options); });
    verb->add_option("what", options->what, "write, network, or unsandboxed (where this machine has no sandbox)")
        ->check(CLI::IsMember({"write", "network", "unsandboxed"}));
    verb->add_option("path", options->path, "the folder or file that may be written");
    verb->add_flag("--revoke", options->revoke, "no longer");
    verb->add_flag("--json", options->json, "the list as JSON, schema hindcast.allow/1");
}

}  // namespace hindcast::cli
