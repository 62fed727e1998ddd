// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/format/events/event_cursor.h"
#include "core/store/catalog/catalog_writer.h"
#include "core/store/columns/column_writer.h"
#include "core/store/columns/value_block.h"

/// Internal to this folder: EVENTS blocks of one journal into columns, loops, iterations and arguments.
namespace hindcast::store {

/// How often a pass of an outermost loop gets a row of its own: each of the first 4,096, then every 2nd, 4th, … so that
/// a loop of millions of passes costs a few thousand rows.
bool isSampledPass(std::int64_t pass);

class EventIngest {
public:
    EventIngest(CatalogWriter& catalog, std::int64_t source, std::int64_t version, bool isReplay)
        : m_catalog(catalog), m_source(source), m_version(version), m_isReplay(isReplay) {}

    /// Takes in one block; rows gather in memory until flush() or until a block of a column is full.
    base::Result<void> take(base::BytesView payload, ColumnWriter& columns);
    /// Writes everything gathered. After it, the catalog holds all that was taken.
    base::Result<void> flush(ColumnWriter& columns);
    /// Number of values since the last flush.
    std::int64_t values() const { return m_values; }
    /// Drops what was gathered (the transaction failed) and what is known of open loops.
    void forget();

private:
    /// An open loop of a thread.
    struct OpenLoop {
        std::string loop;
        std::int64_t occurrence = 0;
        std::int64_t entered = 0;  ///< 0: not known, the loop was open when this program began to follow
        std::int64_t passes = 0;
        std::int64_t index = -1;
        bool changed = false;
    };
    struct Thread {
        std::vector<OpenLoop> stack;
        std::int64_t path = 0;  ///< paths.id of the stack
    };
    struct Totals {
        std::int64_t entries = 0;
        std::int64_t passes = 0;
        std::int64_t micros = 0;
        std::int64_t timedPasses = 0;
    };
    struct Series {
        SeriesKey key;
        ValueSeries rows;
    };
    /// The series a name of the current block goes to, while the loops stay the same.
    struct Target {
        std::int64_t path = -1;
        Series* series = nullptr;
    };

    base::Result<void> adoptStack(const format::EventCursor& cursor, Thread& thread);
    base::Result<void> updatePath(Thread& thread);
    base::Result<void> enter(const format::EventCursor& cursor, Thread& thread, std::uint16_t number);
    base::Result<void> pass(const format::EventCursor& cursor, Thread& thread, std::uint16_t number);
    base::Result<void> label(const format::EventCursor& cursor, const Thread& thread, ColumnWriter& columns);
    base::Result<void> leave(const format::EventCursor& cursor, Thread& thread, std::uint16_t number);
    base::Result<void> value(const format::EventCursor& cursor, const Thread& thread, ColumnWriter& columns);
    base::Result<void> argument(const format::EventCursor& cursor);
    base::Result<Series*> seriesFor(const format::EventCursor& cursor, const Thread& thread);
    Series& seriesAt(std::int64_t name, const Thread& thread);
    base::Result<void> writeWhenFull(Series& series, ColumnWriter& columns);
    base::Result<void> saveLoop(const Thread& thread, std::uint16_t number, std::size_t depth, std::int64_t left,
                                const char* how);
    base::Result<void> loadPasses(OpenLoop& open, std::int64_t path, std::uint16_t number);
    bool keepsRows(const Thread& thread, std::size_t depth) const;

    CatalogWriter& m_catalog;
    std::int64_t m_source;
    std::int64_t m_version;
    bool m_isReplay;
    std::map<std::uint16_t, Thread> m_threads;
    std::map<std::pair<std::int64_t, std::int64_t>, Series> m_series;  ///< by (name, path)
    std::vector<Target> m_targets;                                     ///< by the block's name numbers
    std::map<std::int64_t, Totals> m_totals;                           ///< by path
    std::int64_t m_values = 0;
};

}  // namespace hindcast::store
