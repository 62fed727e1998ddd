// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/write/exported_runs.h"

#include <algorithm>
#include <limits>
#include <map>

#include "core/store/catalog/catalog.h"
#include "core/store/columns/value_reader.h"

namespace hindcast::exchange {

using base::Result;
using store::ValueKind;
using store::ValueScan;
using store::ValueSeries;

namespace {

/// How many passes the loops of one version have at most, by their path.
class Spans {
public:
    void add(const ValueSeries& series) {
        std::string path;
        for (std::size_t level = 0; level < series.loops.size(); ++level) {
            path += series.loops[level] + "\n";
            for (std::size_t row = 0; row < series.count; ++row) widen(path, series.index[level][row]);
        }
    }
    void add(const store::LoopRow& loop) {
        std::string path;
        for (const store::Level& level : loop.at) path += level.loop + "\n";
        widen(path + loop.loop + "\n", loop.lastIndex);
    }
    std::int64_t stepOf(const ValueSeries& series, std::size_t row) const {
        std::int64_t step = 0;
        std::string path;
        for (std::size_t level = 0; level < series.loops.size(); ++level) {
            path += series.loops[level] + "\n";
            // Steps beyond what 64 bits hold wrap: no tracker could show them anyway.
            const auto wide = static_cast<std::uint64_t>(step) * static_cast<std::uint64_t>(m_spans.at(path));
            step = static_cast<std::int64_t>(wide + static_cast<std::uint64_t>(series.index[level][row]));
        }
        return step;
    }

private:
    void widen(const std::string& path, std::int64_t index) {
        std::int64_t& span = m_spans.try_emplace(path, 1).first->second;
        if (index < std::numeric_limits<std::int64_t>::max()) span = std::max(span, index + 1);
    }

    std::map<std::string, std::int64_t> m_spans;
};

bool isNumber(ValueKind kind) {
    return kind == ValueKind::Double || kind == ValueKind::Int || kind == ValueKind::Bool;
}

/// Reads one version.
class Gatherer {
public:
    Gatherer(const store::Catalog& catalog, const store::ValueReader& reader, const ExportChoice& choice,
             ExportedRuns& out)
        : m_catalog(catalog), m_reader(reader), m_choice(choice), m_out(out) {}

    Result<void> gather(const store::VersionRow& version) {
        std::map<std::string, ValueScan> scans;
        HINDCAST_ASSIGN(const auto names, m_catalog.names(version.uuid));
        for (const store::NameRow& name : names) {
            if (!wanted(name)) continue;
            HINDCAST_ASSIGN(scans[name.name], m_reader.scan(version.uuid, name.name));
        }
        HINDCAST_ASSIGN(const auto loops, m_catalog.loops(version.uuid));
        Spans spans;
        for (const store::LoopRow& loop : loops) spans.add(loop);
        for (const auto& [name, scan] : scans)
            for (const ValueSeries& series : scan.series) spans.add(series);
        HINDCAST_ASSIGN(const auto iterations, m_catalog.iterations(version.uuid));
        m_starts.clear();
        for (const store::IterationRow& pass : iterations) m_starts[{pass.loop, pass.first}] = pass.startedMicros;
        HINDCAST_ASSIGN(const auto arguments, m_catalog.arguments(version.uuid));
        std::map<std::string, ExportedRun> runs;
        for (const auto& [name, scan] : scans) {
            m_out.diverged += scan.hiddenDiverged;
            for (const ValueSeries& series : scan.series) add(version, name, scan, series, spans, runs);
        }
        for (auto& [label, run] : runs) {
            run.arguments = arguments;
            m_out.runs.push_back(std::move(run));
        }
        return {};
    }

private:
    bool wanted(const store::NameRow& name) const {
        const bool asked = m_choice.names.empty() ||
                           std::find(m_choice.names.begin(), m_choice.names.end(), name.name) != m_choice.names.end();
        return asked && (m_choice.recorded || name.replayed > 0);
    }

    static std::string sourceOf(const store::VersionRow& version, const ValueScan& scan, const ValueSeries& series,
                                std::size_t row) {
        const std::int32_t replay = series.replayAt(row);
        if (replay < 0) return version.imported.empty() ? "recorded" : "imported";
        return scan.replays[static_cast<std::size_t>(replay)].mode == store::kImportMode ? "imported" : "replayed";
    }

    static std::string labelOf(const store::VersionRow& version, const std::string& source,
                               const std::string& fidelity) {
        std::string label = version.number ? "v" + std::to_string(*version.number) : version.uuid.text().substr(0, 8);
        if (source != "replayed") return label;
        return label + ".replayed" + (fidelity == "exact" ? "" : "." + fidelity);
    }

    std::int64_t microsOf(const store::VersionRow& version, const ValueSeries& series, std::size_t row) const {
        if (series.loops.empty()) return version.startedMicros;
        const auto found = m_starts.find({series.loops.front(), series.index[0][row]});
        return found == m_starts.end() ? version.startedMicros : found->second;
    }

    void add(const store::VersionRow& version, const std::string& name, const ValueScan& scan,
             const ValueSeries& series, const Spans& spans, std::map<std::string, ExportedRun>& runs) {
        for (std::size_t row = 0; row < series.count; ++row) {
            const std::string source = sourceOf(version, scan, series, row);
            if (source != "replayed" && !m_choice.recorded) continue;
            if (!isNumber(series.kindAt(row))) {
                ++m_out.notNumbers;
                continue;
            }
            const std::string fidelity(store::fidelityName(series.fidelityAt(row)));
            const std::string label = labelOf(version, source, fidelity);
            ExportedRun& run =
                runs.try_emplace(label, ExportedRun{version, label, source, fidelity, {}, {}}).first->second;
            if (run.series.empty() || run.series.back().name != name) run.series.push_back({name, {}, {}, {}});
            run.series.back().steps.push_back(spans.stepOf(series, row));
            run.series.back().micros.push_back(microsOf(version, series, row));
            run.series.back().values.push_back(series.numbers[row]);
            ++m_out.values;
        }
    }

    const store::Catalog& m_catalog;
    const store::ValueReader& m_reader;
    const ExportChoice& m_choice;
    ExportedRuns& m_out;
    std::map<std::pair<std::string, std::int64_t>, std::int64_t> m_starts;
};

}  // namespace

Result<ExportedRuns> gatherRuns(const store::Project& project, const ExportChoice& choice) {
    HINDCAST_ASSIGN(const store::Catalog catalog, store::Catalog::open(project));
    HINDCAST_ASSIGN(const store::ValueReader reader, store::ValueReader::open(project));
    ExportedRuns out;
    Gatherer gatherer(catalog, reader, choice, out);
    for (const base::Uuid& uuid : choice.versions) {
        HINDCAST_ASSIGN(const auto version, catalog.version(uuid));
        if (version) HINDCAST_TRY(gatherer.gather(*version));
    }
    return out;
}

}  // namespace hindcast::exchange
