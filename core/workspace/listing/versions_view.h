// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <vector>

#include "core/base/result.h"
#include "core/workspace/store_handles.h"
#include "core/workspace/views.h"

namespace hindcast::workspace {

/// Rows of the versions list, the names and the timeline's cells, from the catalog. Keeps what it has read until told
/// that a version changed, so that a list of a thousand versions is cheap to ask for again. One thread.
class VersionsView {
public:
    explicit VersionsView(const StoreHandles& store) : m_store(store) {}

    /// Newest first.
    base::Result<std::vector<VersionView>> versions();
    base::Result<std::vector<NameView>> names();
    base::Result<std::vector<CellView>> cells(const base::Uuid& version) const;
    void forget(const base::Uuid& version) { m_known.erase(version); }

private:
    struct Known {
        store::VersionOverview overview;
        std::map<std::string, double> lastValues;
    };
    base::Result<void> learn(const std::vector<store::VersionRow>& rows);
    base::Result<void> learn(const base::Uuid& version, store::VersionOverview overview);
    base::Result<std::optional<double>> lastReplayed(const base::Uuid& version, const store::NameRow& name,
                                                     std::int64_t outerIterations) const;

    const StoreHandles& m_store;
    std::map<base::Uuid, Known> m_known;
};

}  // namespace hindcast::workspace
