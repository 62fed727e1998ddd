// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/store/catalog/catalog_writer.h"
#include "core/store/catalog/journal_ingest.h"

/// Internal to this folder: which folders of versions/ and replays/ the catalog knows.
namespace hindcast::store {

/// All rows of `sources`.
base::Result<std::map<base::Uuid, SourceRow>> loadSources(CatalogWriter& catalog);

/// Adds a folder from its run.json. Absent while it cannot be added: run.json is not there yet, or (a replay) its
/// version is not known. A damaged run.json beside a journal gives a version without facts. NewerFormat folders stay
/// out.
base::Result<std::optional<SourceRow>> registerSource(const Project& project, CatalogWriter& catalog,
                                                      const base::Uuid& uuid, bool isReplay,
                                                      const std::map<base::Uuid, SourceRow>& known);

/// Forgets a source whose folder is gone; of a version, its replays too.
base::Result<void> removeSource(CatalogWriter& catalog, const SourceRow& row);

}  // namespace hindcast::store
