// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "app/cli/print.h"
#include "app/cli/program_folder.h"
#include "app/cli/verb.h"
#include "core/base/file.h"
#include "core/base/interpreter.h"

namespace hindcast::cli {

namespace {

using base::Error;
using base::ErrorCode;

struct RunOptions {
    std::vector<std::string> arguments;  // k=v
    std::string python;
    std::vector<std::string> command;  // SCRIPT ARGS…
};

/// hc.arg values reach the recorder as one JSON object, so that any text passes unharmed.
base::Result<std::string> argumentsJson(const std::vector<std::string>& arguments) {
    Json object = Json::object();
    for (const std::string& argument : arguments) {
        const std::size_t equals = argument.find('=');
        if (equals == 0 || equals == std::string::npos) {
            return Error(ErrorCode::InvalidArgument, "--arg takes name=value, not '" + argument + "'");
        }
        object[argument.substr(0, equals)] = argument.substr(equals + 1);
    }
    return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void prependPath(const char* variable, const std::string& folder) {
    const char* old = std::getenv(variable);
    const std::string value = old && *old ? folder + ":" + old : folder;
    setenv(variable, value.c_str(), 1);
}

Outcome run(const RunOptions& options) {
    const std::string& script = options.command.front();
    HINDCAST_ASSIGN(const std::string text, base::readTextFile(script));
    const auto modules = base::importedModules(text, std::filesystem::absolute(script).parent_path());
    HINDCAST_ASSIGN(const base::Interpreter python, base::chooseInterpreter(options.python, modules));
    HINDCAST_ASSIGN(const std::string arguments, argumentsJson(options.arguments));

    prependPath("PYTHONPATH", pythonPackageFolder().string());
    setenv("HINDCAST_PROGRAM", programFile().c_str(), 1);
    setenv("HINDCAST_ARGS", arguments.c_str(), 1);
    // A random hash seed cannot be read back later: sets of text would come out in another order at replay.
    setenv("PYTHONHASHSEED", std::getenv("PYTHONHASHSEED") ? std::getenv("PYTHONHASHSEED") : "0", 1);

    std::vector<char*> command{const_cast<char*>(python.path.c_str())};
    for (const std::string& part : options.command) command.push_back(const_cast<char*>(part.c_str()));
    command.push_back(nullptr);
    std::fflush(nullptr);
    // The script takes this process over: its signals, its terminal and its exit status are the caller's.
    std::signal(SIGPIPE, SIG_DFL);
    execv(python.path.c_str(), command.data());
    return Error::fromErrno(errno, "cannot start " + python.path.string());
}

}  // namespace

void addRunVerb(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<RunOptions>();
    CLI::App* verb = addVerb(app, invocation, "run", "records a run of a script, with a fixed hash seed",
                             [options] { return run(*options); });
    verb->add_option("--arg", options->arguments, "value of an hc.arg, as lr=0.1; may be repeated")
        ->take_all()
        ->allow_extra_args(false);
    verb->add_option("--python", options->python, "interpreter (default: the first that has what the script imports)");
    verb->add_option("command", options->command, "the script and its own arguments")->required();
    verb->positionals_at_end();
    verb->prefix_command();
}

}  // namespace hindcast::cli
