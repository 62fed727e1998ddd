// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/query/facts.h"
#include "core/query/filter/expression.h"
#include "core/query/pivot/alignment.h"
#include "core/store/columns/value_reader.h"

/// What asked names are in one version, and the cells they give. Private to this folder.
namespace hindcast::query {

/// Values of the asked names in one version; parallel to the names.
struct VersionValues {
    VersionFact version;
    std::vector<store::ValueScan> scans;
    std::vector<const Column*> arguments;  ///< one cell; null where the name is logged, or no argument of this version
    std::vector<bool> replayable;          ///< a probe would produce it
    std::vector<store::ValueSeries> labels;  ///< of passes, where they were asked for

    bool anyArgument() const;
};

/// Which part of a version to read.
struct ReadRange {
    std::int64_t firstOuter = std::numeric_limits<std::int64_t>::min();
    std::int64_t lastOuter = std::numeric_limits<std::int64_t>::max();
    bool diverged = false;
    bool labels = false;  ///< also what passes were
};

/// Reads versions for a fixed list of names. Knows beforehand which version has which, so that nothing is looked for in
/// vain. Keeps pointers into itself: not movable, held by pointer.
class VersionReader {
public:
    static base::Result<std::unique_ptr<VersionReader>> open(const store::Project& project, const Facts& facts,
                                                             std::vector<std::string> names);
    const std::vector<std::string>& names() const { return m_names; }
    base::Result<VersionValues> read(const VersionFact& version, const ReadRange& range) const;
    /// One series a nesting in which the version has values of the name, whatever the reader's names are.
    base::Result<std::vector<store::ValueSeries>> seriesOf(const VersionFact& version, const std::string& name) const;
    /// What is known without reading values: arguments. Nothing counts as replayable.
    VersionValues outline(const VersionFact& version) const;
    /// Whether the version recorded a value of the name.
    bool recorded(const VersionFact& version, std::size_t name) const;
    /// About as many rows as the version has: values of the name that has most.
    std::size_t expectedRows(const VersionFact& version) const;

private:
    VersionReader(const Facts& facts, store::ValueReader values, std::vector<std::string> names)
        : m_facts(facts), m_values(std::move(values)), m_names(std::move(names)) {}

    const Facts& m_facts;
    store::ValueReader m_values;
    std::vector<std::string> m_names;
    std::vector<std::map<std::int64_t, ValueCount>> m_present;
    std::vector<std::map<std::int64_t, ArgumentFact>> m_arguments;
};

/// Series of the first `count` names, ready to align.
std::vector<AskedSeries> seriesOf(const VersionValues& values, std::size_t count);

/// Rows of one version. Without any coordinates it is one row, when that was asked for.
struct VersionRows {
    std::vector<AlignedBlock> blocks;
    bool bare = false;  ///< one row outside every loop, for arguments
    std::size_t count() const;
};

/// Which rows to add: all when null.
using Kept = const std::vector<bool>*;

/// Appends one value of a series.
void addSeriesCell(Column& to, const store::ValueSeries& series, std::size_t row);

// Each appends one cell for every (kept) row.
void addLoop(Column& to, const VersionRows& rows, const std::string& label, Kept kept);
/// What the passes of the loop were.
void addLabels(Column& to, const VersionRows& rows, const VersionValues& values, const std::string& label, Kept kept);
void addValues(Column& to, const VersionRows& rows, const VersionValues& values, std::size_t name, Kept kept);
/// "recorded", "replayed", or "imported" of what another tool recorded.
std::string_view sourceWord(const VersionFact& version, const store::ValueScan& scan, const store::ValueSeries& series,
                            std::size_t row);
/// That; of a missing value "replayable" when a probe would produce it.
void addSources(Column& to, const VersionRows& rows, const VersionValues& values, std::size_t name, Kept kept);
/// "recorded", "exact", "exact-logs", "numeric", "unverified", "diverged".
void addFidelities(Column& to, const VersionRows& rows, const VersionValues& values, std::size_t name, Kept kept);
/// The version's number in every (kept) row.
void addVersion(Column& to, const VersionRows& rows, const VersionFact& version, Kept kept);
/// Columns as an expression reads them. `names`: what `values` is parallel to.
Rows rowsFor(const std::vector<Reference>& references, const VersionRows& rows, const VersionValues& values,
             const std::vector<std::string>& names);

}  // namespace hindcast::query
