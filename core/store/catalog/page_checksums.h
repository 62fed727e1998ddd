// SPDX-License-Identifier: Apache-2.0
#pragma once

struct sqlite3;

/// SQLite finds damage to the structure of a database, not to what is in it: a flipped bit would be an answer. So every
/// page of catalog.db ends in 8 bytes with the XXH3-64 of the rest, written with the page and compared whenever one is
/// read; a page that differs is SQLITE_CORRUPT, and the index is built anew. Pages in the -wal file have SQLite's own
/// checksums. A database that another program wrote pages to without them counts as damaged.
namespace hindcast::store {

/// Name of the SQLite file layer that does so, for sqlite3_open_v2: every connection to catalog.db uses it. Registers
/// it on first use; any thread.
const char* checksummedPages();

/// Makes room for the checksums in a database that is not written yet. After opening it for writing.
void reserveChecksums(sqlite3* database);

}  // namespace hindcast::store
