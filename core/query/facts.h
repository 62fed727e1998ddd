// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/query/rows/rows.h"
#include "core/store/annotations/annotations.h"
#include "core/store/catalog/database.h"
#include "core/store/project.h"

namespace hindcast::query {

/// A version as queries know it.
struct VersionFact {
    std::int64_t id = 0;  ///< of the catalog, changes with reindex
    base::Uuid uuid;
    std::optional<int> number;
    bool hasSource = false;
    bool imported = false;  ///< another tool recorded it

    /// The number; where there is none, the first characters of the UUID.
    void addTo(Column& column) const;
};

/// What an argument of one version was.
struct ArgumentFact {
    std::int64_t position = 0;
    Column cell{"argument"};  ///< one cell
};

/// How many values a version has of a name; of a coordinate, all that are stored.
struct ValueCount {
    std::int64_t recorded = 0;
    std::int64_t replayed = 0;
};

/// An outermost loop of a version.
struct OuterLoop {
    std::string loop;
    std::int64_t lastIndex = -1;
    std::int64_t passes = 0;  ///< of the entry that has most
    bool isDense = true;      ///< each index up to the last was a pass
};

/// Questions about the catalog that concern many versions at once: one SQL statement each, over catalog_schema.h. An
/// index that was never filled answers with nothing. One object per thread.
class Facts {
public:
    static base::Result<Facts> open(const store::Project& project);

    /// Oldest first.
    base::Result<std::vector<VersionFact>> versions() const;
    base::Result<std::vector<std::string>> loggedNames() const;    ///< sorted
    base::Result<std::vector<std::string>> argumentNames() const;  ///< in the order scripts ask for them
    /// Loop names that occur anywhere.
    base::Result<std::set<std::string>> loopNames() const;
    /// Names that live probes would log; a computed name is a pattern with '*'.
    std::vector<std::string> probedNames() const;

    /// Loop paths of these names in these versions (by id); each once, in the order in which they were first entered.
    base::Result<std::vector<std::vector<std::string>>> pathsOf(const std::vector<std::string>& names,
                                                                const std::set<std::int64_t>& versions) const;
    /// Logged names that have values outside every loop, sorted.
    base::Result<std::vector<std::string>> runLevelNames() const;
    /// Versions (by id) that have values of the name, and how many.
    base::Result<std::map<std::int64_t, ValueCount>> versionsWith(const std::string& name) const;
    base::Result<std::map<std::int64_t, ArgumentFact>> argument(const std::string& name) const;
    base::Result<std::set<std::string>> loopsOf(std::int64_t version) const;
    base::Result<std::vector<OuterLoop>> outerLoops(std::int64_t version) const;
    /// Indices of passes of an outermost loop that the catalog keeps one by one, ascending: all of them where there are
    /// few (isSampledPass).
    base::Result<std::vector<std::int64_t>> keptPasses(std::int64_t version, const std::string& loop) const;
    /// Names that the version has values of, sorted.
    base::Result<std::vector<std::string>> namesOf(std::int64_t version) const;
    /// Loop paths whose passes have labels in this version: a label says what a pass was, where that is not its number.
    base::Result<std::vector<std::vector<std::string>>> labelledPaths(const std::set<std::int64_t>& versions) const;
    /// The catalog's count of changes; 0 before the first.
    base::Result<std::int64_t> tick() const;

    const store::AnnotationView& annotations() const { return m_annotations->view(); }
    /// Whether a live probe would give this version a value of the name.
    bool isReplayable(const VersionFact& version, const std::string& name) const;

private:
    Facts(std::optional<store::Database> catalog, store::Annotations annotations);
    base::Result<std::vector<std::string>> texts(const char* sql) const;

    // Owned by pointer: statements of a moved object stay valid.
    std::unique_ptr<std::optional<store::Database>> m_catalog;
    std::unique_ptr<store::Annotations> m_annotations;
};

/// Whether `name` fits `pattern`, in which '*' stands for any text.
bool fitsPattern(const std::string& name, const std::string& pattern);

/// What a script's loop path is called in columns: a loop inside another of the same name is "epoch.2".
std::vector<std::string> loopLabels(const std::vector<std::string>& path);
/// All loops of the paths: outer before inner ones, those beside each other in the order of the paths.
std::vector<std::string> loopColumns(const std::vector<std::vector<std::string>>& paths);

}  // namespace hindcast::query
