// SPDX-License-Identifier: Apache-2.0
#include "core/base/interpreter.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <sstream>

#include "core/base/process.h"

namespace hindcast::base {

namespace fs = std::filesystem;

static constexpr auto kProbeTimeout = std::chrono::seconds(20);

/// Prints the version, then each missing module on a line of its own; status 9 for a Python that is too old.
static constexpr const char* kProbeProgram =
    "import sys\n"
    "if sys.version_info < (3, 9): sys.exit(9)\n"
    "import importlib.util\n"
    "print('.'.join(map(str, sys.version_info[:3])))\n"
    "for name in sys.argv[1:]:\n"
    "    try: found = importlib.util.find_spec(name)\n"
    "    except (ImportError, ValueError): found = None\n"
    "    if found is None: print(name)\n";

static std::vector<std::string> candidateNames(const fs::path& preferred) {
    std::vector<std::string> names;
    if (!preferred.empty()) names.push_back(preferred.string());
    if (const char* value = std::getenv("HINDCAST_PYTHON"); value && *value) names.emplace_back(value);
    for (const char* variable : {"VIRTUAL_ENV", "CONDA_PREFIX"}) {
        if (const char* value = std::getenv(variable); value && *value)
            names.push_back(std::string(value) + "/bin/python");
    }
    for (const char* name : {"python3", "python", "/usr/local/bin/python3", "/usr/bin/python3"})
        names.emplace_back(name);
    return names;
}

static std::optional<Interpreter> probe(const fs::path& path, const std::vector<std::string>& modules) {
    ProcessSpec spec;
    spec.command = {path.string(), "-c", kProbeProgram};
    spec.command.insert(spec.command.end(), modules.begin(), modules.end());
    const auto output = runCommand(spec, "", kProbeTimeout);
    if (!output || output->status != 0) return std::nullopt;
    Interpreter found;
    found.path = path;
    std::istringstream lines(output->out);
    std::getline(lines, found.version);
    for (std::string line; std::getline(lines, line);) found.missing.push_back(line);
    return found;
}

std::vector<Interpreter> findInterpreters(const fs::path& preferred, const std::vector<std::string>& modules) {
    std::vector<Interpreter> found;
    std::set<fs::path> seen;
    for (const std::string& name : candidateNames(preferred)) {
        const auto path = findProgram(name);
        if (!path || !seen.insert(*path).second) continue;
        if (auto interpreter = probe(*path, modules)) found.push_back(std::move(*interpreter));
    }
    return found;
}

Result<Interpreter> chooseInterpreter(const fs::path& preferred, const std::vector<std::string>& modules) {
    const auto found = findInterpreters(preferred, modules);
    if (found.empty()) return Error(ErrorCode::Environment, "there is no Python 3.9 or newer here; install python3");
    for (const Interpreter& interpreter : found) {
        if (interpreter.missing.empty()) return interpreter;
    }
    std::string text = "no Python here has every module that is imported:";
    for (const Interpreter& interpreter : found) {
        text += " " + interpreter.path.string() + " lacks";
        for (const std::string& name : interpreter.missing) text += " " + name;
        text += ";";
    }
    text += " install them, or name another Python with --python";
    return Error(ErrorCode::Environment, std::move(text));
}

std::vector<std::string> importedModules(const std::string& scriptText, const fs::path& scriptFolder) {
    std::set<std::string> names;
    std::istringstream lines(scriptText);
    for (std::string line; std::getline(lines, line);) {
        std::string rest;
        if (line.rfind("import ", 0) == 0) rest = line.substr(7);
        if (line.rfind("from ", 0) == 0) rest = line.substr(5, line.find(" import") - 5);
        std::replace(rest.begin(), rest.end(), ',', '\n');
        std::istringstream parts(rest);
        for (std::string part; std::getline(parts, part);) {
            const std::size_t first = part.find_first_not_of(" \t(");
            if (first == std::string::npos || part[first] == '.') continue;
            const std::size_t last = part.find_first_of(" .\t\r;#)", first);
            names.insert(part.substr(first, last == std::string::npos ? last : last - first));
        }
    }
    std::vector<std::string> modules;
    for (const std::string& name : names) {
        std::error_code ignored;
        const bool local =
            fs::exists(scriptFolder / (name + ".py"), ignored) || fs::is_directory(scriptFolder / name, ignored);
        if (!local && name != "hindcast" && name != "flor") modules.push_back(name);
    }
    return modules;
}

}  // namespace hindcast::base
