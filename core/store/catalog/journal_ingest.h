// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/format/journal/journal_reader.h"
#include "core/store/catalog/catalog_writer.h"
#include "core/store/catalog/event_ingest.h"
#include "core/store/columns/column_writer.h"

/// Internal to this folder: follows the journal of one version or replay into the catalog.
namespace hindcast::store {

/// A row of `sources` as far as following it needs.
struct SourceRow {
    std::int64_t id = 0;
    base::Uuid uuid;
    bool isReplay = false;
    std::int64_t version = 0;  ///< sources.id of the version
    base::Uuid versionUuid;
    std::uint64_t position = 0;
    std::string state;
    bool finished = false;  ///< sealed and taken in
    std::string journal;    ///< journalIdentity() of the file that was read, "" when none was
};

/// Tells a journal from the one that housekeeping puts in its place. `finished`: nobody appends to it any more.
std::string journalIdentity(const fs::path& folder, bool finished);

class JournalIngest {
public:
    JournalIngest(const Project& project, CatalogWriter& catalog, const SourceRow& row);

    const SourceRow& row() const { return m_row; }
    /// Another process took in more, or a transaction failed: begin from the catalog's row.
    void reload(const SourceRow& row);

    /// Whether there may be something to do, from two stat calls; asks for the state of a silent writer at most once a
    /// second.
    bool mayHaveNews(std::int64_t nowMicros) const;

    /// Takes in up to about `limitBytes` of the journal inside the open transaction. True when more can be read now.
    base::Result<bool> advance(std::size_t limitBytes, std::int64_t nowMicros);

    /// Takes in the captures of a finished journal anew: it was rewritten, and all else in it is what it was.
    base::Result<void> retakeCaptures();

private:
    fs::path folder() const;
    base::Result<void> take(const format::Frame& frame, ColumnWriter& columns);
    base::Result<void> takeCapture(const format::Frame& frame);
    base::Result<void> takeFidelity(const format::Frame& frame);
    base::Result<void> takeNote(const format::Frame& frame);
    base::Result<void> takeEnd(const format::Frame& frame);
    base::Result<void> updateState(std::int64_t nowMicros, bool sealed);
    base::Result<void> savePosition(std::uint64_t position, std::int64_t frames, bool sealed);
    base::Result<void> countStoredBytes();

    const Project& m_project;
    CatalogWriter& m_catalog;
    SourceRow m_row;
    EventIngest m_events;
    std::optional<format::JournalReader> m_reader;
    std::uint64_t m_sizeSeen = 0;   ///< of the journal when it was read last
    std::int64_t m_stateAsked = 0;  ///< micros
    std::int64_t m_endStamp = 0;
    std::int64_t m_captures = 0;  ///< in this call
    std::int64_t m_values = 0;
};

}  // namespace hindcast::store
