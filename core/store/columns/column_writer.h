// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/store/catalog/catalog_writer.h"
#include "core/store/columns/value_block.h"

/// Internal to this folder: appends values to the column file of one version. A file only grows; what the committed
/// `blocks` rows name is there, whatever follows belongs to a transaction that never ended. Small blocks are merged
/// with what comes next, so that a version that is followed live has few.
namespace hindcast::store {

/// Where a block is, and how the series of rows it belongs to is called.
struct SeriesKey {
    std::int64_t name = 0;
    std::int64_t path = 0;
    std::int64_t source = 0;  ///< 0 recorded, else the replay
    auto operator<=>(const SeriesKey&) const = default;
};

/// File of a version's columns in one generation.
fs::path columnFilePath(const Project& project, const base::Uuid& version, std::int64_t generation);

class ColumnWriter {
public:
    ColumnWriter(const Project& project, CatalogWriter& catalog, std::int64_t versionId, const base::Uuid& version)
        : m_project(project), m_catalog(catalog), m_versionId(versionId), m_version(version) {}

    /// Adds rows to a series. Between begin() and commit() of the catalog.
    base::Result<void> add(const SeriesKey& key, const ValueSeries& rows);

    /// Rewrites the file without what merging left behind, when that is worth it. The old file is removed by
    /// dropOldFiles after commit.
    base::Result<void> compact();

private:
    struct Block {
        std::int64_t id = 0;
        std::uint64_t offset = 0;
        std::size_t bytes = 0;
        std::int64_t count = 0;
    };
    base::Result<void> openFile();
    base::Result<std::vector<Block>> tailToMerge(const SeriesKey& key, std::int64_t adding);
    base::Result<void> readInto(const Block& block, ValueSeries& rows);
    base::Result<void> writeBlock(const SeriesKey& key, const ValueSeries& rows);
    base::Result<void> countRows(const SeriesKey& key, const BlockSummary& added, std::optional<double> last);
    base::Result<void> saveFile();

    const Project& m_project;
    CatalogWriter& m_catalog;
    std::int64_t m_versionId;
    base::Uuid m_version;
    std::optional<base::File> m_file;
    std::int64_t m_generation = 0;
    std::uint64_t m_size = 0;
    std::uint64_t m_garbage = 0;
};

/// Removes files of columns/ that no committed row names. Readers that have one open keep it.
base::Result<void> dropOldFiles(const Project& project, CatalogWriter& catalog);

}  // namespace hindcast::store
