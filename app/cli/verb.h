// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <string>

#include "app/cli/exit_status.h"
#include "core/base/result.h"
#include "core/workspace/workspace.h"

namespace hindcast::cli {

/// What a verb's code returns: an exit code, or an error that main prints as one sentence.
using Outcome = base::Result<ExitStatus>;

/// Options that every verb shares, and the choice that parsing made.
struct Invocation {
    std::string project = ".";        ///< --project: a path in the project, or a bundle; default: the current folder
    std::function<Outcome()> action;  ///< set by the verb that was named
};

/// Adds a verb with its help; `action` runs after parsing. The returned App takes the verb's own options.
CLI::App* addVerb(CLI::App& app, Invocation& invocation, const std::string& name, const std::string& help,
                  std::function<Outcome()> action);

/// Opens the workspace of --project.
base::Result<std::unique_ptr<workspace::Workspace>> openWorkspace(const Invocation& invocation);

// One function a verb, each in the file of its name.
void addRunVerb(CLI::App& app, Invocation& invocation);
void addSnapshotVerb(CLI::App& app, Invocation& invocation);
void addListVerb(CLI::App& app, Invocation& invocation);
void addShowVerb(CLI::App& app, Invocation& invocation);
void addDiffVerb(CLI::App& app, Invocation& invocation);
void addProbeVerb(CLI::App& app, Invocation& invocation);
void addPropagateVerb(CLI::App& app, Invocation& invocation);
void addPlanVerb(CLI::App& app, Invocation& invocation);
void addReplayVerb(CLI::App& app, Invocation& invocation);
void addCheckVerb(CLI::App& app, Invocation& invocation);
void addAllowVerb(CLI::App& app, Invocation& invocation);
void addDataframeVerb(CLI::App& app, Invocation& invocation);
void addSqlVerb(CLI::App& app, Invocation& invocation);
void addImportVerb(CLI::App& app, Invocation& invocation);
void addExportVerb(CLI::App& app, Invocation& invocation);
void addReindexVerb(CLI::App& app, Invocation& invocation);
void addFsckVerb(CLI::App& app, Invocation& invocation);
void addUsageVerb(CLI::App& app, Invocation& invocation);
void addPackVerb(CLI::App& app, Invocation& invocation);
void addCollectVerb(CLI::App& app, Invocation& invocation);
void addRetainVerb(CLI::App& app, Invocation& invocation);
void addRemoveVerb(CLI::App& app, Invocation& invocation);
void addRedactVerb(CLI::App& app, Invocation& invocation);
void addBundleVerb(CLI::App& app, Invocation& invocation);
void addPullVerb(CLI::App& app, Invocation& invocation);
void addResourcesVerb(CLI::App& app, Invocation& invocation);
void addAgentVerb(CLI::App& app, Invocation& invocation);
void addWorkUnitVerb(CLI::App& app, Invocation& invocation);

}  // namespace hindcast::cli
