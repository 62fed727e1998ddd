// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/read/prometheus.h"

#include <sys/stat.h>

#include "core/base/file.h"
#include "core/base/lines.h"
#include "core/exchange/wire/texts.h"

namespace hindcast::exchange {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

struct Sample {
    std::string_view name;  ///< with its labels
    std::string_view value;
    std::string_view time;
};

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kBlank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

/// Where the name with its labels ends: at a blank, or behind the brace that closes the labels.
std::size_t endOfName(std::string_view line) {
    const std::size_t first = line.find_first_of("{ \t");
    if (first == std::string_view::npos || line[first] != '{') return first;
    bool quoted = false;
    for (std::size_t at = first; at < line.size(); ++at) {
        if (quoted && line[at] == '\\')
            ++at;
        else if (line[at] == '"')
            quoted = !quoted;
        else if (!quoted && line[at] == '}')
            return at + 1;
    }
    return std::string_view::npos;
}

std::optional<Sample> sampleOf(std::string_view line) {
    const std::size_t end = endOfName(line);
    if (end == std::string_view::npos || end == 0) return std::nullopt;
    Sample sample;
    sample.name = trimmed(line.substr(0, end));
    // An exemplar of OpenMetrics follows behind " # ".
    std::string_view rest = line.substr(end);
    rest = trimmed(rest.substr(0, rest.find(" # ")));
    const std::size_t blank = rest.find_first_of(" \t");
    sample.value = rest.substr(0, blank);
    if (blank != std::string_view::npos) sample.time = trimmed(rest.substr(blank));
    return sample;
}

std::int64_t changedMicros(const std::filesystem::path& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return 0;
    return std::int64_t{info.st_mtim.tv_sec} * 1'000'000 + info.st_mtim.tv_nsec / 1000;
}

}  // namespace

Result<void> readPrometheus(const std::filesystem::path& path, const std::vector<Deployment>& deployments,
                            const RunSink& sink) {
    if (deployments.empty())
        return Error(ErrorCode::InvalidArgument,
                     "measurements of production belong to the version that was deployed then: say which one with "
                     "--deployed v7=2026-11-01T08:00..2026-11-03T17:30");
    HINDCAST_ASSIGN(const std::string text, base::readTextFile(path));
    const bool inSeconds = text.find("# EOF") != std::string::npos;
    const std::int64_t changed = changedMicros(path);
    DeployedRuns runs("prometheus", path.string(), deployments);
    std::int64_t unreadable = 0;
    for (const std::string_view line : base::linesOf(text)) {
        const std::string_view content = trimmed(line);
        if (content.empty() || content.starts_with('#')) continue;
        const auto sample = sampleOf(content);
        const auto value = sample ? numberOf(sample->value) : std::nullopt;
        const auto stamp = sample && !sample->time.empty() ? numberOf(sample->time) : std::nullopt;
        if (!value || (!sample->time.empty() && !stamp)) {
            ++unreadable;
            continue;
        }
        const std::int64_t micros = stamp ? microsOf(inSeconds ? *stamp : *stamp / 1000) : changed;
        HINDCAST_TRY(runs.log(micros, sample->name, *value));
    }
    if (unreadable > 0) runs.leaveOut("lines that are no samples", unreadable);
    return runs.give(sink);
}

}  // namespace hindcast::exchange
