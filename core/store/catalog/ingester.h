// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "core/base/result.h"
#include "core/store/catalog/catalog.h"
#include "core/store/project.h"

namespace hindcast::store {

/// Reads what recorders and replay workers appended to their folders into the catalog and the columns, incrementally:
/// running writers are followed, torn tails left for the next call, new versions numbered. Several processes on a host
/// may each have one: a call holds SQLite's write lock, the others wait for it. One object per thread.
class Ingester {
public:
    static base::Result<Ingester> open(const Project& project);
    Ingester(Ingester&&) noexcept;
    Ingester& operator=(Ingester&&) noexcept;
    ~Ingester();

    /// Takes in what is there now and returns what changed since this object's last call, by whichever process. Cheap
    /// when nothing was written (live views call it at 10 Hz). Busy when another process ingests for longer than
    /// `wait`. Commits at least once a second of work, so that readers see a long first ingest grow.
    base::Result<CatalogChanges> ingestOnce(std::chrono::milliseconds wait = std::chrono::seconds(30));

    /// What a rewritten journal holds that the old one did not.
    enum class Rewritten {
        Captures,  ///< values, loops and notes are what they were
        All,
    };
    /// Runs `change`, which puts other journals in the place of those of `sources` (versions or replays), and takes
    /// them in, both while nobody else can ingest: readers of the catalog see the state before or the one after. When
    /// this process dies between the two, the next ingest notices. For the holder of the lease, after ingestOnce().
    base::Result<void> replaceJournals(const std::vector<base::Uuid>& sources, Rewritten what,
                                       const std::function<base::Result<void>()>& change);

    /// Removes column files and names that nothing refers to any more. Removed rows are overwritten in the catalog;
    /// older states of its pages go with the log when its last reader closes it. Busy when another process uses the
    /// index for longer than `wait`.
    base::Result<void> shrink(std::chrono::milliseconds wait = std::chrono::seconds(30));

private:
    struct Impl;
    explicit Ingester(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> m_impl;
};

/// Deletes catalog.db and columns/ and builds them again from nothing but the folders. Loses nothing: numbers, tags and
/// all else are in annotations/. Readers that are open keep the old index until they open again.
base::Result<void> reindex(const Project& project);

}  // namespace hindcast::store
