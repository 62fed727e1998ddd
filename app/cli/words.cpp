// SPDX-License-Identifier: Apache-2.0
#include "app/cli/words.h"

#include <charconv>

namespace hindcast::cli {

using base::Error;
using base::ErrorCode;
using base::Result;

std::string stateWord(workspace::VersionState state) {
    switch (state) {
        case workspace::VersionState::Recording:
            return "recording";
        case workspace::VersionState::Complete:
            return "complete";
        case workspace::VersionState::Incomplete:
            return "incomplete";
        case workspace::VersionState::Crashed:
            return "crashed";
    }
    return "";
}

std::string fidelityWord(workspace::Fidelity fidelity) {
    switch (fidelity) {
        case workspace::Fidelity::Exact:
            return "exact";
        case workspace::Fidelity::ExactLogs:
            return "exact-logs";
        case workspace::Fidelity::Numeric:
            return "numeric";
        case workspace::Fidelity::Unverified:
            return "unverified";
        case workspace::Fidelity::Diverged:
            return "diverged";
    }
    return "";
}

std::string modeWord(workspace::ReplayMode mode) {
    switch (mode) {
        case workspace::ReplayMode::None:
            return "none";
        case workspace::ReplayMode::Prefix:
            return "prefix";
        case workspace::ReplayMode::Pre:
            return "pre";
        case workspace::ReplayMode::Shallow:
            return "shallow";
        case workspace::ReplayMode::Deep:
            return "deep";
        case workspace::ReplayMode::Mid:
            return "mid";
        case workspace::ReplayMode::Suffix:
            return "suffix";
        case workspace::ReplayMode::Beginning:
            return "beginning";
    }
    return "";
}

std::string placementWord(workspace::PlacementKind kind) {
    switch (kind) {
        case workspace::PlacementKind::Placed:
            return "placed";
        case workspace::PlacementKind::ByHand:
            return "by hand";
        case workspace::PlacementKind::AlreadyThere:
            return "recorded";
        case workspace::PlacementKind::Conflict:
            return "conflict";
        case workspace::PlacementKind::Skipped:
            return "skipped";
    }
    return "";
}

std::string unitWord(workspace::UnitState state) {
    switch (state) {
        case workspace::UnitState::Queued:
            return "queued";
        case workspace::UnitState::Running:
            return "running";
        case workspace::UnitState::Done:
            return "done";
        case workspace::UnitState::Failed:
            return "failed";
        case workspace::UnitState::Cancelled:
            return "cancelled";
        case workspace::UnitState::Escalated:
            return "escalated";
    }
    return "";
}

std::string rankText(int rank, int worldSize) {
    return "rank " + std::to_string(rank) + " of " + std::to_string(worldSize);
}

std::string speedText(double factor, int replays) {
    if (replays == 0) return numberText(factor) + (factor == 1 ? " (not known)" : " (as said)");
    char text[64];
    std::snprintf(text, sizeof text, "%.2g (from %d %s)", factor, replays, replays == 1 ? "replay" : "replays");
    return text;
}

Json jobJson(const std::string& job, int rank, int worldSize) {
    return job.empty() ? Json(nullptr) : Json{{"id", job}, {"rank", rank}, {"worldSize", worldSize}};
}

Result<VersionChoice> chooseVersions(workspace::Workspace& workspace, const std::string& list,
                                     const std::string& where) {
    VersionChoice choice;
    const auto restrictTo = [&choice](const std::vector<base::Uuid>& versions) {
        std::set<base::Uuid> kept;
        for (const auto& version : versions) {
            if (choice.holds(version)) kept.insert(version);
        }
        choice.chosen = std::move(kept);
    };
    if (!list.empty()) {
        HINDCAST_ASSIGN(const auto versions, workspace.resolveVersions(list));
        restrictTo(versions);
    }
    if (!where.empty()) {
        HINDCAST_ASSIGN(const auto versions, workspace.filterVersions(where));
        restrictTo(versions);
    }
    return choice;
}

static bool parseIndex(std::string_view text, std::int64_t& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && value >= 0;
}

Result<std::pair<std::int64_t, std::int64_t>> parseIterations(const std::string& text) {
    const std::size_t equals = text.find('=');
    const std::string_view range = std::string_view(text).substr(equals == std::string::npos ? 0 : equals + 1);
    const std::size_t dots = range.find("..");
    std::int64_t first = 0;
    std::int64_t last = 0;
    const bool right = dots == std::string_view::npos
                           ? parseIndex(range, first) && parseIndex(range, last)
                           : parseIndex(range.substr(0, dots), first) && parseIndex(range.substr(dots + 2), last);
    if (!right || first > last) {
        return Error(ErrorCode::InvalidArgument,
                     "'" + text + "' is not a range of iterations; write it as epoch=2..4 or epoch=3");
    }
    return std::pair{first, last};
}

/// Takes what stands behind the slash: a stride or "captured".
static bool parseSelection(std::string_view text, IterationsAsked& asked) {
    asked.onlyCaptured = text == "captured";
    return asked.onlyCaptured || (parseIndex(text, asked.stride) && asked.stride > 0);
}

static Result<IterationsAsked> parseOuterIterations(const std::string& text) {
    IterationsAsked asked;
    const std::size_t begin = text.find('=') + 1;
    const std::size_t slash = text.find('/', begin);
    if (text.compare(begin, std::string::npos, "captured") == 0) {
        asked.onlyCaptured = true;
        return asked;
    }
    if (slash != std::string::npos && !parseSelection(std::string_view(text).substr(slash + 1), asked)) {
        return Error(ErrorCode::InvalidArgument,
                     "'" + text + "' says not which iterations; write epoch=2..40/10 or epoch=2..40/captured");
    }
    if (slash != begin) {
        HINDCAST_ASSIGN(asked.outer, parseIterations(text.substr(0, slash)));
    }
    return asked;
}

Result<IterationsAsked> parseNestedIterations(const std::string& text) {
    const std::size_t comma = text.find(',');
    HINDCAST_ASSIGN(IterationsAsked asked, parseOuterIterations(text.substr(0, comma)));
    if (comma == std::string::npos) return asked;
    const std::string inner = text.substr(comma + 1);
    const std::size_t equals = inner.find('=');
    if (equals == std::string::npos || equals == 0 || text.find(',', comma + 1) != std::string::npos) {
        return Error(ErrorCode::InvalidArgument,
                     "'" + text + "' names no passes of an inner loop; write them as " + "epoch=3,step=5000..5100");
    }
    asked.innerLoop = inner.substr(0, equals);
    HINDCAST_ASSIGN(asked.inner, parseIterations(inner));
    return asked;
}

Result<double> parseSeconds(const std::string& text) {
    double number = 0;
    const char* const end = text.data() + text.size();
    const auto [unit, failed] = std::from_chars(text.data(), end, number);
    const std::string_view rest(unit, static_cast<std::size_t>(end - unit));
    const double factor = rest.empty() || rest == "s" ? 1 : rest == "m" ? 60 : rest == "h" ? 3600 : 0;
    if (failed != std::errc() || factor == 0 || !(number > 0) || number > 1e9)
        return Error(ErrorCode::InvalidArgument, "'" + text + "' is no length of time: write it as 90s, 10m or 2h");
    return number * factor;
}

Result<std::pair<std::string, int>> parsePlace(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    std::int64_t line = 0;
    if (colon == std::string::npos || colon == 0 || !parseIndex(std::string_view(text).substr(colon + 1), line) ||
        line < 1) {
        return Error(ErrorCode::InvalidArgument, "'" + text + "' is not a place; write it as train.py:42");
    }
    return std::pair{text.substr(0, colon), static_cast<int>(line)};
}

}  // namespace hindcast::cli
