// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/query/facts.h"
#include "core/query/filter/version_filter.h"
#include "core/query/pivot/pivot.h"
#include "core/query/pivot/version_values.h"

/// A pivot, version by version. Private to this folder: pivot() and the SQL table read through it.
namespace hindcast::query {

/// The chosen versions, or all of them oldest first. NotFound names one that is not there.
base::Result<std::vector<VersionFact>> chosenVersions(const Facts& facts,
                                                      const std::optional<std::vector<base::Uuid>>& chosen);

/// Everything that the store has a name for, and `further` names.
base::Result<Vocabulary> vocabularyOf(const Facts& facts, const std::vector<std::string>& further);

/// InvalidArgument when one of the names means nothing in this store.
base::Result<void> checkNames(const Facts& facts, const std::vector<std::string>& names);

class PivotReader {
public:
    /// `facts` must outlive the reader. The loops are those of the asked names in these versions.
    static base::Result<std::unique_ptr<PivotReader>> open(const store::Project& project, const Facts& facts,
                                                           const std::vector<VersionFact>& versions,
                                                           const PivotRequest& request);

    const std::vector<std::string>& loops() const { return m_loops; }
    const std::vector<std::string>& names() const { return m_names; }
    /// Whether the passes of a loop have labels in these versions, and they are asked for.
    bool isLabelled(const std::string& loop) const { return m_labelled.contains(loop); }
    /// The columns without rows.
    Rows header() const;
    /// About as many rows as these versions have together; 0 with a filter.
    std::size_t expectedRows(const std::vector<VersionFact>& versions) const;
    /// Appends the rows of one version.
    base::Result<void> append(const VersionFact& version, const ReadRange& range, Rows& to);

private:
    PivotReader(const Facts& facts, const PivotRequest& request) : m_facts(facts), m_provenance(request.provenance) {}
    base::Result<void> findLoops(const std::vector<VersionFact>& versions, bool labels);
    VersionRows askedRows(const VersionValues& values) const;
    base::Result<std::optional<std::vector<bool>>> kept(const VersionRows& rows, const VersionValues& values);

    const Facts& m_facts;
    bool m_provenance;
    bool m_everyVersion = false;       ///< no names asked: each version has a row
    std::vector<std::string> m_names;  ///< asked; those of the filter follow in the reader's
    std::vector<std::string> m_loops;
    std::set<std::string> m_labelled;
    bool m_readsLabels = false;  ///< to show them, or for the filter
    std::optional<Expression> m_expression;
    std::unique_ptr<VersionReader> m_reader;
};

}  // namespace hindcast::query
