// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "app/cli/verb.h"
#include "core/propagate/contract.h"

namespace hindcast::cli {

namespace {

struct PropagateOptions {
    std::string newFile;
    std::string oldFile;
    std::string outFile;
    int line = 0;
};

}  // namespace

void addPropagateVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<PropagateOptions>();
    CLI::App* verb =
        addVerb(app, invocation, "propagate", "carries one statement of a newer source into an older one",
                [options]() -> Outcome {
                    return static_cast<ExitStatus>(propagate::runPropagateContract(
                        options->newFile, options->line, options->oldFile, options->outFile, std::cout, std::cerr));
                });
    verb->add_option("--from", options->newFile, "the newer source, with the statement in it")->required();
    verb->add_option("--line", options->line, "the line where the statement begins, from 1")->required();
    verb->add_option("--to", options->oldFile, "the older source")->required();
    verb->add_option("--out", options->outFile, "where the result is written")->required();
    verb->footer(
        "Exit status: 0 placed, 3 the statement is already there, 4 conflict (candidates as JSON on standard output), "
        "2 wrong usage or a source that does not parse.");
}

}  // namespace hindcast::cli
