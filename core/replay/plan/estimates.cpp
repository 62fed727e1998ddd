// SPDX-License-Identifier: Apache-2.0
#include "core/replay/plan/estimates.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/replay/pool/host_name.h"

namespace hindcast::replay {

using base::Result;
using nlohmann::json;

namespace {

/// Model of a worker's start before anything is learned: Python, the package, torch.
constexpr double kImportSeconds = 3.0;
/// Reading, decoding and loading a capture.
constexpr double kRestoreBytesPerSecond = 0.8e9;
constexpr double kRestoreFixedSeconds = 0.02;
/// Parts shorter than this say nothing about a ratio.
constexpr double kShortestSeconds = 0.002;
/// What each replay back in time counts against the one after it.
constexpr double kForgetting = 0.9;
/// So many times the replays that are learned from are looked at, to find those of this machine among others.
constexpr std::size_t kPlacesLookedAt = 4;

double seconds(std::int64_t fromMicros, std::int64_t toMicros) {
    return toMicros > fromMicros ? static_cast<double>(toMicros - fromMicros) * 1e-6 : 0;
}

/// Until the outer loop is reached. Recording often begins after the imports.
double readyModel(const RecordedTimings& timings) {
    return kImportSeconds + timings.prefix;
}

double restoreModel(const RecordedTimings& timings) {
    return kRestoreFixedSeconds + timings.restoreBytes / kRestoreBytesPerSecond;
}

double partOf(const RecordedTimings& timings, const std::map<std::int64_t, double>& part, std::int64_t index) {
    const auto found = part.find(index);
    return found == part.end() ? timings.typical(part) : found->second;
}

/// Seconds of running one outer iteration in a mode, restore excluded.
double iterationModel(const RecordedTimings& timings, Mode mode, std::int64_t index) {
    const double whole = partOf(timings, timings.iteration, index);
    switch (mode) {
        case Mode::Pre:
            return partOf(timings, timings.beforeInner, index);
        case Mode::Shallow:
            return std::max(0.0, whole - partOf(timings, timings.inner, index));
        case Mode::Prefix:
            return 0;
        case Mode::Suffix:
            return timings.suffix;
        case Mode::Deep:
        case Mode::Mid:
        case Mode::Beginning:
            break;
    }
    return whole;
}

double logRatio(double actual, double model) {
    return std::log(actual / model);
}

/// The resource that a replay says it ran on; "" for this machine. One that ran on its own machine's processors, and
/// came here with a pull, is of another place without a name.
std::string placeOf(const std::string& resource, const std::string& host) {
    if (!resource.empty() && resource != "local") return resource;
    return host.empty() || host == hostName() ? "" : "on " + host;
}

/// Of one script; what is known of all scripts has no name.
std::string kindOf(const std::string& phase, const std::string& script) {
    return phase + "|" + script;
}

}  // namespace

Duration& Duration::operator+=(const Duration& other) {
    seconds += other.seconds;
    plusMinus = std::hypot(plusMinus, other.plusMinus);
    return *this;
}

double RecordedTimings::typical(const std::map<std::int64_t, double>& part) const {
    if (part.empty()) return 0;
    std::vector<double> values;
    for (const auto& [index, value] : part) values.push_back(value);
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

Result<RecordedTimings> readTimings(const store::Catalog& catalog, const base::Uuid& version, const std::string& loop) {
    RecordedTimings timings;
    HINDCAST_ASSIGN(const std::optional<store::VersionRow> row, catalog.version(version));
    HINDCAST_ASSIGN(const std::vector<store::LoopRow> loops, catalog.loops(version));
    HINDCAST_ASSIGN(const std::vector<store::IterationRow> iterations, catalog.iterations(version));
    HINDCAST_ASSIGN(const std::vector<store::CaptureRow> captures, catalog.captures(version));
    std::map<std::int64_t, std::int64_t> started;
    for (const store::IterationRow& iteration : iterations) {
        if (iteration.loop != loop || iteration.occurrence != 0) continue;
        const double span = seconds(iteration.startedMicros, iteration.endedMicros);
        const auto count = static_cast<double>(iteration.last - iteration.first + 1);
        if (iteration.endedMicros > 0) timings.iteration[iteration.first] = span / count;
        started[iteration.first] = iteration.startedMicros;
    }
    for (const store::LoopRow& entry : loops) {
        if (entry.at.empty() && entry.loop == loop && entry.occurrence == 0 && row) {
            timings.prefix = seconds(row->startedMicros, entry.enteredMicros);
            timings.suffix = seconds(entry.leftMicros, row->endedMicros);
        }
        if (entry.at.size() != 1 || entry.at.front().loop != loop || entry.at.front().occurrence != 0) continue;
        const std::int64_t index = entry.at.front().index;
        timings.inner[index] += seconds(entry.enteredMicros, entry.leftMicros);
        const auto begin = started.find(index);
        if (begin != started.end() && !timings.beforeInner.contains(index)) {
            timings.beforeInner[index] = seconds(begin->second, entry.enteredMicros);
        }
    }
    if (row) timings.script = row->script;
    for (const store::CaptureRow& capture : captures) {
        timings.restoreBytes = std::max(timings.restoreBytes, static_cast<double>(capture.rawBytes));
    }
    return timings;
}

void Estimator::Observations::add(double log, double weight) {
    weights += weight;
    sum += weight * log;
    squares += weight * log * log;
    ++count;
}

Estimator::Factor Estimator::Observations::factor() const {
    Factor factor;
    factor.mean = sum / weights;
    const double variance = std::max(0.0, squares / weights - factor.mean * factor.mean);
    // With few observations the bar stays wide: the prior of 0.5 counts as two.
    factor.deviation = std::sqrt((variance * count + 2 * 0.25) / (count + 2));
    return factor;
}

/// What one finished replay reported.
struct Estimator::Report {
    struct Phase {
        std::string kind;
        double actual = 0;
        double model = 0;
    };
    const RecordedTimings* timings = nullptr;
    std::string resource;  ///< "" is this machine
    std::vector<Phase> phases;
    double total = 0;
    double estimate = 0;
};

/// Reads a replay's NOTE "progress" beside what the model says of the same phases.
std::optional<Estimator::Report> Estimator::reportOf(const store::Catalog& catalog, const store::ReplayRow& replay,
                                                     const RecordedTimings& timings) {
    const auto notes = catalog.notes(replay.uuid);
    const auto mode = modeNamed(replay.mode);
    if (!notes || !mode) return std::nullopt;
    Report report;
    report.timings = &timings;
    double ready = 0;
    for (const store::NoteRow& note : *notes) {
        if (note.kind != "progress") continue;
        const json document = json::parse(note.json, nullptr, false);
        if (!document.is_object()) continue;
        const std::string phase = document.value("phase", std::string());
        const double actual =
            document.contains("seconds") && document["seconds"].is_number() ? document["seconds"].get<double>() : 0;
        const json index = document.value("index", json());
        if (phase == "estimate") {
            report.estimate = actual;
            report.resource = placeOf(document.value("resource", std::string()), document.value("host", std::string()));
            continue;
        }
        report.total += actual;
        if (phase == "import" || phase == "prefix") ready += actual;
        if (phase == "restore") report.phases.push_back({phase, actual, restoreModel(timings)});
        if (phase == "iteration" && index.is_number()) {
            report.phases.push_back(
                {phase + ":" + replay.mode, actual, iterationModel(timings, *mode, index.get<std::int64_t>())});
        }
    }
    report.phases.push_back({"ready", ready, readyModel(timings)});
    std::erase_if(report.phases, [](const Report::Phase& phase) {
        return phase.model < kShortestSeconds || phase.actual < kShortestSeconds;
    });
    return report;
}

Result<Estimator> Estimator::learn(const store::Catalog& catalog, int limit) {
    Estimator estimator;
    HINDCAST_ASSIGN(std::vector<store::ReplayRow> replays, catalog.replays());
    std::erase_if(replays, [](const store::ReplayRow& replay) {
        return replay.state != store::RunState::Complete || replay.mode == store::kImportMode;
    });
    std::sort(replays.begin(), replays.end(),
              [](const store::ReplayRow& a, const store::ReplayRow& b) { return a.startedMicros > b.startedMicros; });
    const auto enough = static_cast<std::size_t>(limit);
    if (replays.size() > kPlacesLookedAt * enough) replays.resize(kPlacesLookedAt * enough);
    std::map<std::pair<base::Uuid, std::string>, RecordedTimings> known;
    std::map<std::string, std::vector<Report>> reports;
    for (const store::ReplayRow& replay : replays) {
        if (reports[""].size() == enough) break;
        const auto key = std::pair(replay.version, replay.loop);
        if (!known.contains(key)) {
            HINDCAST_ASSIGN(known[key], readTimings(catalog, replay.version, replay.loop));
        }
        std::optional<Report> report = reportOf(catalog, replay, known[key]);
        if (report && reports[report->resource].size() < enough)
            reports[report->resource].push_back(std::move(*report));
    }
    estimator.learnHere(reports[""]);
    for (const auto& [resource, there] : reports) {
        if (!resource.empty()) estimator.learnElsewhere(there);
    }
    return estimator;
}

void Estimator::learnHere(const std::vector<Report>& reports) {
    std::map<std::string, Observations> seen;
    double weight = 1;
    std::vector<double> misses;
    for (const Report& report : reports) {
        const auto parts = static_cast<double>(report.phases.size());
        for (const Report::Phase& phase : report.phases) {
            for (const std::string& script : {report.timings->script, std::string()})
                seen[kindOf(phase.kind, script)].add(logRatio(phase.actual, phase.model), weight / parts);
        }
        if (report.estimate > 0 && report.total > 0)
            misses.push_back(std::abs(logRatio(report.total, report.estimate)));
        weight *= kForgetting;
    }
    for (const auto& [kind, observations] : seen) m_factors[kind] = observations.factor();
    m_seen = static_cast<int>(reports.size());
    if (!misses.empty()) {
        std::sort(misses.begin(), misses.end());
        m_typicalMiss = std::exp(misses[(misses.size() - 1) / 2]);
    }
}

/// Whole replays are compared, not phases: what a resource's speed divides is whole units.
void Estimator::learnElsewhere(const std::vector<Report>& reports) {
    Observations faster;
    double weight = 1;
    for (const Report& report : reports) {
        double here = 0;
        double there = 0;
        for (const Report::Phase& phase : report.phases) {
            here += scaled(phase.model, phase.kind, *report.timings).seconds;
            there += phase.actual;
        }
        if (there <= 0) continue;
        faster.add(logRatio(here, there), weight);
        weight *= kForgetting;
    }
    if (faster.count > 0) m_speeds[reports.front().resource] = {std::exp(faster.factor().mean), faster.count};
}

Duration Estimator::scaled(double seconds, const std::string& phase, const RecordedTimings& timings) const {
    auto found = m_factors.find(kindOf(phase, timings.script));
    if (found == m_factors.end()) found = m_factors.find(kindOf(phase, ""));
    const Factor factor = found == m_factors.end() ? Factor{} : found->second;
    const double corrected = seconds * std::exp(factor.mean);
    return {corrected, corrected * factor.deviation};
}

Duration Estimator::ready(const RecordedTimings& timings) const {
    return scaled(readyModel(timings), "ready", timings);
}

Duration Estimator::unit(const RecordedTimings& timings, Mode mode, const std::vector<std::int64_t>& iterations,
                         const std::vector<std::int64_t>& captures, double share) const {
    Duration total = ready(timings);
    if (mode == Mode::Prefix) return total;
    const std::string kind = "iteration:" + std::string(modeName(mode));
    if (mode == Mode::Suffix) {
        total += scaled(restoreModel(timings), "restore", timings);
        total += scaled(timings.suffix, kind, timings);
        return total;
    }
    // Errors of the iterations of one unit are not independent: their seconds are summed first.
    double running = 0;
    double restoring = 0;
    std::int64_t reached = mode == Mode::Beginning ? 0 : -1;
    for (const std::int64_t wanted : iterations) {
        std::int64_t from = wanted;
        if (mode != Mode::Shallow && mode != Mode::Pre) {
            const auto next = std::upper_bound(captures.begin(), captures.end(), wanted);
            const std::int64_t capture = mode == Mode::Beginning || next == captures.begin() ? 0 : *(next - 1);
            from = std::max(reached, capture);
            if (reached < 0 || from > reached) restoring += restoreModel(timings);
        } else {
            restoring += restoreModel(timings);
        }
        for (std::int64_t index = std::min(from, wanted); index <= wanted; ++index)
            running += iterationModel(timings, mode, index) * (index == wanted ? share : 1);
        reached = wanted + 1;
    }
    total += scaled(running, kind, timings);
    total += scaled(restoring, "restore", timings);
    return total;
}

}  // namespace hindcast::replay
