// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/slurm/slurm_commands.h"

#include <algorithm>
#include <cctype>
#include <sstream>

#include "core/base/process.h"
#include "core/replay/pool/hosted/task_file.h"
#include "core/replay/pool/shell_words.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

/// A busy controller answers late; one that is gone not at all.
constexpr std::chrono::seconds kPatience{60};

std::string trimmed(const std::string& text) {
    const std::size_t first = text.find_first_not_of(" \n\r\t");
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \n\r\t") - first + 1);
}

/// Slurm's last sentence without the name of its program.
std::string saidBySlurm(const std::string& err) {
    const std::string text = trimmed(err);
    std::string last = trimmed(text.substr(text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n')));
    for (const char* mark : {"error: "}) {
        if (const std::size_t at = last.find(mark); at != std::string::npos) last = last.substr(at + 7);
    }
    return last.empty() ? "it gave no reason" : last;
}

Result<base::CommandOutput> slurm(std::vector<std::string> command, const std::string& input = "") {
    const std::string program = command.front();
    base::ProcessSpec spec;
    spec.command = std::move(command);
    auto output = base::runCommand(spec, input, kPatience);
    if (!output && output.error().code() == ErrorCode::NotFound) {
        return Error(ErrorCode::Environment,
                     "the program " + program + " of Slurm is not on this machine; replay from a login node");
    }
    return output;
}

/// "Key=value" of scontrol's one line.
std::string fieldOf(const std::string& text, const std::string& key) {
    const std::size_t at = text.find(" " + key + "=");
    if (at == std::string::npos) return "";
    const std::size_t begin = at + key.size() + 2;
    return text.substr(begin, text.find_first_of(" \n", begin) - begin);
}

/// "CANCELLED by 0" and "CANCELLED+" are CANCELLED.
std::string bare(const std::string& state) {
    const auto end =
        std::find_if(state.begin(), state.end(), [](unsigned char c) { return !std::isupper(c) && c != '_'; });
    return {state.begin(), end};
}

}  // namespace

std::string slurmScript(const SlurmArray& array) {
    const std::string program = shellWord(array.program.string());
    return "#!/bin/sh\n"
           "program=" +
           program +
           "\n"
           "if ! [ -x \"$program\" ]; then\n"
           "  found=$(command -v hindcast) || {\n"
           "    echo \"$(hostname) has neither $program nor hindcast in its PATH;" +
           " name the program of this resource as the nodes see it\"\n"
           "    exit 127\n"
           "  }\n"
           "  program=$found\n"
           "fi\n"
           "exec \"$program\" work-unit " +
           shellWord(array.folder.string() + "/") + "\"$SLURM_ARRAY_TASK_ID\"" + kTaskSuffix + "\n";
}

std::vector<std::string> slurmSubmission(const SlurmArray& array, const Resource& resource) {
    std::vector<std::string> words{"sbatch",
                                   "--parsable",
                                   "--no-requeue",
                                   "--job-name=" + array.name,
                                   "--array=0-" + std::to_string(array.count - 1),
                                   "--output=" + (array.folder / "%a.out").string(),
                                   "--chdir=/",
                                   "--ntasks=1",
                                   "--cpus-per-task=" + std::to_string(resource.cpus > 0 ? resource.cpus : array.cpus)};
    if (!resource.partition.empty()) words.push_back("--partition=" + resource.partition);
    if (resource.memoryMiB > 0) words.push_back("--mem=" + std::to_string(resource.memoryMiB) + "M");
    if (resource.gpus > 0) words.push_back("--gres=gpu:" + std::to_string(resource.gpus));
    if (resource.minutes > 0) words.push_back("--time=" + std::to_string(resource.minutes));
    words.insert(words.end(), resource.options.begin(), resource.options.end());
    return words;
}

Result<std::string> submitToSlurm(const SlurmArray& array, const Resource& resource) {
    HINDCAST_ASSIGN(const base::CommandOutput output, slurm(slurmSubmission(array, resource), slurmScript(array)));
    if (output.status != 0) {
        return Error(ErrorCode::InvalidArgument,
                     "Slurm did not take the replay (resource " + resource.name + "): " + saidBySlurm(output.err));
    }
    // --parsable: "number" or "number;cluster"
    const std::string answer = trimmed(output.out);
    return answer.substr(0, answer.find(';'));
}

std::map<std::string, SlurmState> parseSlurmQueue(const std::string& text) {
    std::map<std::string, SlurmState> states;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t first = line.find('|');
        const std::size_t second = line.find('|', first + 1);
        if (first == std::string::npos || second == std::string::npos) continue;
        states[line.substr(0, first)] = {bare(line.substr(first + 1, second - first - 1)), line.substr(second + 1)};
    }
    return states;
}

Result<std::map<std::string, SlurmState>> slurmQueue(const std::string& jobName) {
    HINDCAST_ASSIGN(const base::CommandOutput output, slurm({"squeue", "--noheader", "--array", "--states=all",
                                                             "--name=" + jobName, "--format=%i|%T|%r"}));
    if (output.status != 0) return Error(ErrorCode::Busy, "Slurm does not answer: " + saidBySlurm(output.err));
    return parseSlurmQueue(output.out);
}

std::optional<SlurmState> slurmHistory(const std::string& task) {
    const auto accounted =
        slurm({"sacct", "--noheader", "--parsable2", "--allocations", "--jobs=" + task, "--format=State"});
    if (accounted && accounted->status == 0 && !trimmed(accounted->out).empty())
        return SlurmState{bare(trimmed(accounted->out)), ""};
    const auto shown = slurm({"scontrol", "--oneliner", "show", "job", task});
    if (!shown || shown->status != 0) return std::nullopt;
    const std::string state = bare(fieldOf(shown->out, "JobState"));
    if (state.empty()) return std::nullopt;
    return SlurmState{state, fieldOf(shown->out, "Reason")};
}

Result<void> cancelInSlurm(const std::vector<std::string>& tasks) {
    std::vector<std::string> words{"scancel", "--quiet"};
    words.insert(words.end(), tasks.begin(), tasks.end());
    HINDCAST_ASSIGN(const base::CommandOutput output, slurm(std::move(words)));
    if (output.status != 0) return Error(ErrorCode::Busy, "Slurm did not cancel: " + saidBySlurm(output.err));
    return {};
}

}  // namespace hindcast::replay
