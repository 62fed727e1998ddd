// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "app/cli/print.h"
#include "app/cli/verb.h"
#include "app/cli/words.h"
#include "core/replay/resources/resource_file.h"

namespace hindcast::cli {

namespace {

using replay::Resource;
using replay::ResourceKind;

struct ResourceOptions {
    Resource resource;
    CLI::Option* slurm = nullptr;  ///< owned by the parser
    bool json = false;
};

Json jsonOf(const Resource& resource, const workspace::ResourceView& view) {
    Json entry;
    entry["name"] = resource.name;
    entry["kind"] = replay::resourceKindName(resource.kind);
    entry["where"] = replay::resourcePlace(resource);
    entry["workers"] = resource.workers;
    entry["pricePerHour"] = resource.pricePerHour;
    entry["speed"] = resource.speed;
    entry["measuredSpeed"] = view.speedReplays > 0 ? Json(view.speed) : Json(nullptr);
    entry["speedReplays"] = view.speedReplays;
    entry["device"] = resource.device;
    entry["program"] = resource.program;
    entry["host"] = resource.host;
    entry["path"] = resource.path;
    entry["partition"] = resource.partition;
    entry["cpus"] = resource.cpus;
    entry["memoryMiB"] = resource.memoryMiB;
    entry["gpus"] = resource.gpus;
    entry["minutes"] = resource.minutes;
    entry["options"] = resource.options;
    return entry;
}

Outcome list(const Invocation& invocation, const ResourceOptions& options) {
    HINDCAST_ASSIGN(const store::Project project, store::Project::find(invocation.project));
    HINDCAST_ASSIGN(const std::vector<Resource> resources, replay::readResources(project));
    HINDCAST_ASSIGN(const auto workspace, openWorkspace(invocation));
    HINDCAST_ASSIGN(const std::vector<workspace::ResourceView> views, workspace->resources());
    if (options.json) {
        Json document;
        document["schema"] = "hindcast.resources/1";
        document["resources"] = Json::array();
        for (std::size_t at = 0; at < views.size(); ++at)
            document["resources"].push_back(jsonOf(resources[at], views[at]));
        printJson(document);
        return ExitStatus::Done;
    }
    Table table;
    for (const char* title : {"resource", "where", "device"}) table.addColumn(title);
    for (const char* title : {"workers", "price/h"}) table.addColumn(title, Align::Right);
    table.addColumn("speed");
    for (const workspace::ResourceView& view : views) {
        table.addRow({view.name, view.where, view.device.empty() ? "-" : view.device,
                      view.workers > 0 ? std::to_string(view.workers) : "-", numberText(view.pricePerHour),
                      speedText(view.speed, view.speedReplays)});
    }
    table.print(stdout);
    return ExitStatus::Done;
}

/// What the options say together; the resource is checked when it is written.
base::Result<Resource> resourceOf(const ResourceOptions& options) {
    Resource resource = options.resource;
    const bool isSlurm = options.slurm->count() > 0;
    if (isSlurm && !resource.host.empty())
        return base::Error(base::ErrorCode::InvalidArgument, "a resource is reached by --ssh or --slurm, not both");
    if (resource.name != "local" && !isSlurm && resource.host.empty())
        return base::Error(base::ErrorCode::InvalidArgument,
                           "say where '" + resource.name + "' is: --ssh HOST, or --slurm [PARTITION]");
    if (isSlurm) resource.kind = ResourceKind::Slurm;
    if (!resource.host.empty()) resource.kind = ResourceKind::Ssh;
    return resource;
}

Outcome add(const Invocation& invocation, const ResourceOptions& options) {
    HINDCAST_ASSIGN(const store::Project project, store::Project::find(invocation.project));
    HINDCAST_ASSIGN(const Resource resource, resourceOf(options));
    HINDCAST_ASSIGN(std::vector<Resource> resources, replay::readResources(project));
    const auto same = std::find_if(resources.begin(), resources.end(),
                                   [&](const Resource& other) { return other.name == resource.name; });
    if (same != resources.end())
        *same = resource;
    else
        resources.push_back(resource);
    HINDCAST_TRY(replay::writeResources(project, resources));
    return ExitStatus::Done;
}

Outcome remove(const Invocation& invocation, const ResourceOptions& options) {
    HINDCAST_ASSIGN(const store::Project project, store::Project::find(invocation.project));
    HINDCAST_ASSIGN(std::vector<Resource> resources, replay::readResources(project));
    const std::string& name = options.resource.name;
    if (std::erase_if(resources, [&](const Resource& resource) { return resource.name == name; }) == 0)
        return base::Error(base::ErrorCode::InvalidArgument, "there is no resource '" + name + "' in this project");
    HINDCAST_TRY(replay::writeResources(project, resources));
    return ExitStatus::Done;
}

void addDescription(CLI::App& verb, ResourceOptions& options) {
    Resource& resource = options.resource;
    verb.add_option("name", resource.name, "how --on calls it; 'local' describes this machine")->required();
    verb.add_option("--ssh", resource.host, "a host, as ssh knows it");
    verb.add_option("--path", resource.path, "the project there (default: where it was pulled from, else as here)");
    options.slurm =
        verb.add_option("--slurm", resource.partition, "a Slurm cluster, and its partition")->expected(0, 1);
    verb.add_option("--workers", resource.workers, "at once (default: what fits; Slurm: 16; ssh: 1)");
    verb.add_option("--price", resource.pricePerHour, "of one worker for an hour, in any one currency");
    verb.add_option("--speed", resource.speed,
                    "how many times faster than this machine, until replays there have shown it");
    verb.add_option("--device", resource.device, "cpu or gpu, for the reader");
    verb.add_option("--program", resource.program, "the hindcast program there");
    verb.add_option("--cpus", resource.cpus, "Slurm: of one worker (default: the threads that the run used)");
    verb.add_option("--memory", resource.memoryMiB, "Slurm: MiB of one worker");
    verb.add_option("--gpus", resource.gpus, "Slurm: of one worker");
    verb.add_option("--minutes", resource.minutes, "Slurm: time limit of one unit");
    verb.add_option("--option", resource.options, "Slurm: a further word for sbatch, as --option=--account=lab");
}

}  // namespace

void addResourcesVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<ResourceOptions>();
    CLI::App* verb = app.add_subcommand("resources", "lists, adds and removes places where replays can run");
    verb->require_subcommand(1);
    const auto bound = [&invocation, options](Outcome (*action)(const Invocation&, const ResourceOptions&)) {
        return [&invocation, options, action] { return action(invocation, *options); };
    };
    CLI::App* listing = addVerb(*verb, invocation, "list", "lists them", bound(list));
    listing->add_flag("--json", options->json, "as JSON, schema hindcast.resources/1");
    CLI::App* adding = addVerb(*verb, invocation, "add", "adds one, or replaces the one of that name", bound(add));
    addDescription(*adding, *options);
    CLI::App* removing = addVerb(*verb, invocation, "remove", "removes one", bound(remove));
    removing->add_option("name", options->resource.name, "its name")->required();
}

}  // namespace hindcast::cli
