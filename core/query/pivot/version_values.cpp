// SPDX-License-Identifier: Apache-2.0
#include "core/query/pivot/version_values.h"

#include <algorithm>
#include <optional>

#include "core/query/pivot/pass_labels.h"

namespace hindcast::query {

using base::Result;
using store::ValueKind;
using store::ValueSeries;

bool VersionValues::anyArgument() const {
    return std::any_of(arguments.begin(), arguments.end(), [](const Column* argument) { return argument != nullptr; });
}

Result<std::unique_ptr<VersionReader>> VersionReader::open(const store::Project& project, const Facts& facts,
                                                           std::vector<std::string> names) {
    HINDCAST_ASSIGN(auto values, store::ValueReader::open(project));
    std::unique_ptr<VersionReader> reader(new VersionReader(facts, std::move(values), std::move(names)));
    for (const std::string& name : reader->m_names) {
        HINDCAST_ASSIGN(auto present, facts.versionsWith(name));
        reader->m_present.push_back(std::move(present));
        HINDCAST_ASSIGN(auto arguments, facts.argument(name));
        reader->m_arguments.push_back(std::move(arguments));
    }
    return reader;
}

bool VersionReader::recorded(const VersionFact& version, std::size_t name) const {
    const auto found = m_present[name].find(version.id);
    return found != m_present[name].end() && found->second.recorded > 0;
}

std::size_t VersionReader::expectedRows(const VersionFact& version) const {
    std::int64_t most = 1;
    for (const auto& present : m_present) {
        const auto found = present.find(version.id);
        if (found != present.end()) most = std::max(most, std::max(found->second.recorded, found->second.replayed));
    }
    return static_cast<std::size_t>(most);
}

VersionValues VersionReader::outline(const VersionFact& version) const {
    VersionValues out;
    out.version = version;
    out.scans.resize(m_names.size());
    out.replayable.resize(m_names.size(), false);
    for (std::size_t i = 0; i < m_names.size(); ++i) {
        const auto argument = m_arguments[i].find(version.id);
        const bool logged = m_present[i].contains(version.id);
        out.arguments.push_back(!logged && argument != m_arguments[i].end() ? &argument->second.cell : nullptr);
    }
    return out;
}

Result<VersionValues> VersionReader::read(const VersionFact& version, const ReadRange& range) const {
    VersionValues out = outline(version);
    const store::ScanOptions options{
        .firstOuter = range.firstOuter, .lastOuter = range.lastOuter, .diverged = range.diverged};
    std::vector<std::size_t> present;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < m_names.size(); ++i) {
        out.replayable[i] = m_facts.isReplayable(version, m_names[i]);
        if (!m_present[i].contains(version.id)) continue;
        present.push_back(i);
        names.push_back(m_names[i]);
    }
    HINDCAST_ASSIGN(auto scans, m_values.scanTogether(version.uuid, names, options));
    for (std::size_t i = 0; i < scans.size(); ++i) out.scans[present[i]] = std::move(scans[i]);
    if (range.labels) {
        HINDCAST_ASSIGN(store::ValueScan labels, m_values.labels(version.uuid, options));
        out.labels = std::move(labels.series);
    }
    return out;
}

Result<std::vector<ValueSeries>> VersionReader::seriesOf(const VersionFact& version, const std::string& name) const {
    HINDCAST_ASSIGN(store::ValueScan scan, m_values.scan(version.uuid, name));
    return std::move(scan.series);
}

std::vector<AskedSeries> seriesOf(const VersionValues& values, std::size_t count) {
    std::vector<AskedSeries> asked;
    for (std::size_t name = 0; name < count; ++name) {
        for (const ValueSeries& series : values.scans[name].series) asked.push_back({name, &series});
    }
    return asked;
}

std::size_t VersionRows::count() const {
    std::size_t rows = bare ? 1 : 0;
    for (const AlignedBlock& block : blocks) rows += block.keys.count;
    return rows;
}

/// Calls `add(block, row)` for each kept row; block is null for the bare row.
template <class Add>
static void eachRow(const VersionRows& rows, Kept kept, Add add) {
    std::size_t at = 0;
    for (const AlignedBlock& block : rows.blocks) {
        for (std::size_t row = 0; row < block.keys.count; ++row, ++at) {
            if (kept == nullptr || (*kept)[at]) add(&block, row);
        }
    }
    if (rows.bare && (kept == nullptr || (*kept)[at])) add(nullptr, 0);
}

/// The common case, in which columns are copied and not put together cell by cell.
static bool isOneBlock(const VersionRows& rows, Kept kept) {
    return kept == nullptr && !rows.bare && rows.blocks.size() == 1;
}

static std::size_t keptCount(const VersionRows& rows, Kept kept) {
    return kept == nullptr ? rows.count() : static_cast<std::size_t>(std::count(kept->begin(), kept->end(), true));
}

/// The series and row that a name's cell comes from: the deepest that has a value here. Null: none.
static std::pair<const ValueSeries*, std::size_t> cellAt(const AlignedBlock& block, std::size_t row, std::size_t name) {
    for (const AlignedSeries& series : block.series) {
        if (series.asked.column != name) continue;
        if (const std::int64_t at = series.at(row); at >= 0) return {series.asked.series, static_cast<std::size_t>(at)};
    }
    return {nullptr, 0};
}

/// Level of a loop in a block's rows; absent when it is none of them.
static std::optional<std::size_t> levelOf(const AlignedBlock* block, const std::string& label) {
    if (block == nullptr) return std::nullopt;
    const auto labels = loopLabels(block->loops);
    const auto found = std::find(labels.begin(), labels.end(), label);
    if (found == labels.end()) return std::nullopt;
    return static_cast<std::size_t>(found - labels.begin());
}

void addLoop(Column& to, const VersionRows& rows, const std::string& label, Kept kept) {
    if (isOneBlock(rows, kept) && rows.blocks.front().keys.depth.empty()) {
        const AlignedBlock& block = rows.blocks.front();
        if (const auto level = levelOf(&block, label))
            return to.addInts(block.keys.index[*level].data(), block.keys.count);
    }
    const AlignedBlock* current = nullptr;
    std::optional<std::size_t> level;
    eachRow(rows, kept, [&](const AlignedBlock* block, std::size_t row) {
        if (block != current) {
            current = block;
            level = levelOf(block, label);
        }
        if (block != nullptr && level && *level < block->keys.depthAt(row)) {
            to.addInt(block->keys.index[*level][row]);
        } else {
            to.addMissing();
        }
    });
}

void addLabels(Column& to, const VersionRows& rows, const VersionValues& values, const std::string& label, Kept kept) {
    const AlignedBlock* current = nullptr;
    std::optional<std::size_t> level;
    LabelRows labels;
    eachRow(rows, kept, [&](const AlignedBlock* block, std::size_t row) {
        if (block != current) {
            current = block;
            level = levelOf(block, label);
            labels = level ? labelsBeside(values.labels, block->loops, *level, block->keys) : LabelRows{};
        }
        if (block != nullptr && level && *level < block->keys.depthAt(row)) {
            labels.addTo(to, row);
        } else {
            to.addMissing();
        }
    });
}

void addSeriesCell(Column& to, const ValueSeries& series, std::size_t row) {
    switch (series.kindAt(row)) {
        case ValueKind::Double:
            return to.addDouble(series.numbers[row]);
        case ValueKind::Int:
            return to.addInt(series.integers[row]);
        case ValueKind::Bool:
            return to.addBool(series.numbers[row] != 0);
        case ValueKind::None:
            return to.addNone();
        case ValueKind::Text:
            return to.addText(CellKind::Text, series.texts[row]);
        case ValueKind::BigInt:
            return to.addText(CellKind::BigInt, series.texts[row]);
        case ValueKind::Rich:
            return to.addText(CellKind::Rich, series.texts[row]);
    }
}

/// The series of a name where it has one in this block; null: several, or none.
static const AlignedSeries* onlySeriesOf(const AlignedBlock& block, std::size_t name) {
    const AlignedSeries* only = nullptr;
    for (const AlignedSeries& series : block.series) {
        if (series.asked.column != name) continue;
        if (only != nullptr) return nullptr;
        only = &series;
    }
    return only;
}

/// A series of doubles: as it lies, or each value as often as it stands in rows that follow each other.
static void addNumbers(Column& to, const AlignedSeries& series, std::size_t count) {
    const double* const numbers = series.asked.series->numbers.data();
    if (series.rows.empty()) return to.addDoubles(numbers, count);
    for (std::size_t from = 0; from < count;) {
        const std::int32_t row = series.rows[from];
        const auto end = std::find_if(series.rows.begin() + static_cast<std::ptrdiff_t>(from), series.rows.end(),
                                      [row](std::int32_t other) { return other != row; });
        const auto next = static_cast<std::size_t>(end - series.rows.begin());
        if (row < 0) {
            to.addMissing();
        } else {
            to.addDouble(numbers[row]);
        }
        to.repeatLast(next - from - 1);
        from = next;
    }
}

void addValues(Column& to, const VersionRows& rows, const VersionValues& values, std::size_t name, Kept kept) {
    if (const Column* argument = values.arguments[name]) return to.addRepeated(*argument, 0, keptCount(rows, kept));
    if (isOneBlock(rows, kept)) {
        const AlignedSeries* const only = onlySeriesOf(rows.blocks.front(), name);
        if (only != nullptr && only->asked.series->kinds.empty())
            return addNumbers(to, *only, rows.blocks.front().keys.count);
    }
    eachRow(rows, kept, [&](const AlignedBlock* block, std::size_t row) {
        const auto [series, at] =
            block == nullptr ? std::pair<const ValueSeries*, std::size_t>{} : cellAt(*block, row, name);
        if (series == nullptr) {
            to.addMissing();
        } else {
            addSeriesCell(to, *series, at);
        }
    });
}

/// Appends for each row the word that `wordOf(series, row)` says; of an argument `argument`, of a missing value
/// `missing`.
template <class WordOf>
static void addWords(Column& to, const VersionRows& rows, const VersionValues& values, std::size_t name, Kept kept,
                     std::string_view argument, std::string_view missing, WordOf wordOf) {
    eachRow(rows, kept, [&](const AlignedBlock* block, std::size_t row) {
        if (values.arguments[name] != nullptr) return to.addText(CellKind::Text, argument);
        const auto [series, at] =
            block == nullptr ? std::pair<const ValueSeries*, std::size_t>{} : cellAt(*block, row, name);
        if (series != nullptr) return to.addText(CellKind::Text, wordOf(*series, at));
        if (!missing.empty()) return to.addText(CellKind::Text, missing);
        to.addMissing();
    });
}

std::string_view sourceWord(const VersionFact& version, const store::ValueScan& scan, const ValueSeries& series,
                            std::size_t row) {
    const std::int32_t replay = series.replayAt(row);
    if (replay < 0) return version.imported ? "imported" : "recorded";
    return scan.replays[static_cast<std::size_t>(replay)].mode == store::kImportMode ? "imported" : "replayed";
}

void addSources(Column& to, const VersionRows& rows, const VersionValues& values, std::size_t name, Kept kept) {
    const std::string_view missing = values.replayable[name] ? "replayable" : "";
    const std::string_view argument = values.version.imported ? "imported" : "recorded";
    addWords(to, rows, values, name, kept, argument, missing, [&](const ValueSeries& series, std::size_t row) {
        return sourceWord(values.version, values.scans[name], series, row);
    });
}

void addFidelities(Column& to, const VersionRows& rows, const VersionValues& values, std::size_t name, Kept kept) {
    addWords(to, rows, values, name, kept, "recorded", "",
             [](const ValueSeries& series, std::size_t row) { return store::fidelityName(series.fidelityAt(row)); });
}

void addVersion(Column& to, const VersionRows& rows, const VersionFact& version, Kept kept) {
    Column one("version");
    version.addTo(one);
    to.addRepeated(one, 0, keptCount(rows, kept));
}

Rows rowsFor(const std::vector<Reference>& references, const VersionRows& rows, const VersionValues& values,
             const std::vector<std::string>& names) {
    Rows out;
    out.count = rows.count();
    for (const Reference& reference : references) {
        Column& column = out.columns.emplace_back(reference.name);
        const auto name =
            static_cast<std::size_t>(std::find(names.begin(), names.end(), reference.name) - names.begin());
        if (reference.what == Reference::What::Version) {
            addVersion(column, rows, values.version, nullptr);
        } else if (reference.aspect == Reference::Aspect::Label) {
            addLabels(column, rows, values, reference.name, nullptr);
        } else if (reference.what == Reference::What::Loop) {
            addLoop(column, rows, reference.name, nullptr);
        } else if (reference.aspect == Reference::Aspect::Source) {
            addSources(column, rows, values, name, nullptr);
        } else if (reference.aspect == Reference::Aspect::Fidelity) {
            addFidelities(column, rows, values, name, nullptr);
        } else {
            addValues(column, rows, values, name, nullptr);
        }
    }
    return out;
}

}  // namespace hindcast::query
