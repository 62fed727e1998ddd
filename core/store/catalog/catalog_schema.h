// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

/// The schema of catalog.db: a contract for read-only SQL (core/query attaches the file). Times are micros since 1970;
/// `id` numbers are of this index only and change with reindex, UUIDs never do. Loop paths and coordinates are JSON
/// arrays.
namespace hindcast::store {

/// An index of another number is thrown away and built again.
inline constexpr int kCatalogSchema = 5;

/// What stands for a name in `series` and `blocks` where the values are the labels of passes. No row of `names` has it.
inline constexpr std::int64_t kPassLabels = 0;

inline constexpr const char* kCatalogSql = R"sql(
-- schema, tick (counts committed changes), removed (tick of the latest deletion), generation (of column files), lease
-- (number of the last housekeeping that is taken in)
CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- one row per folder of versions/ and replays/; `position` is where the journal is read next
CREATE TABLE sources(
  id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, is_replay INTEGER NOT NULL,
  version INTEGER NOT NULL,                 -- sources.id of the version; of a version: its own id
  state TEXT NOT NULL,                      -- recording, complete, incomplete, crashed
  started INTEGER NOT NULL, ended INTEGER NOT NULL DEFAULT 0,
  reason TEXT NOT NULL DEFAULT '', exception TEXT NOT NULL DEFAULT '', exit TEXT NOT NULL DEFAULT '',
  position INTEGER NOT NULL DEFAULT 0, sequence INTEGER NOT NULL DEFAULT 0, finished INTEGER NOT NULL DEFAULT 0,
  "values" INTEGER NOT NULL DEFAULT 0, captures INTEGER NOT NULL DEFAULT 0, stored_bytes INTEGER NOT NULL DEFAULT 0,
  journal TEXT NOT NULL DEFAULT '',         -- which file was read: another one is there when housekeeping wrote it anew
  tick INTEGER NOT NULL DEFAULT 0);
CREATE INDEX sources_by_tick ON sources(tick);
CREATE INDEX sources_by_version ON sources(version);
CREATE INDEX sources_open ON sources(id) WHERE finished = 0;

CREATE TABLE versions(
  id INTEGER PRIMARY KEY, number INTEGER, script TEXT NOT NULL, project TEXT NOT NULL, folder TEXT NOT NULL,
  argv TEXT NOT NULL, forced TEXT NOT NULL, interpreter TEXT NOT NULL, host TEXT NOT NULL,
  git_head TEXT, git_branch TEXT, git_remote TEXT, git_dirty INTEGER,
  job TEXT, rank INTEGER, world INTEGER, has_source INTEGER NOT NULL DEFAULT 0,
  imported TEXT NOT NULL DEFAULT '',        -- kind of the tool that recorded it, '' = Hindcast
  imported_from TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '', pinned INTEGER NOT NULL DEFAULT 0, baseline INTEGER NOT NULL DEFAULT 0);
CREATE TABLE tags(version INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY(version, tag)) WITHOUT ROWID;
CREATE TABLE aliases(name TEXT PRIMARY KEY, uuid TEXT NOT NULL) WITHOUT ROWID;

-- hc.arg: value has its SQL type (bool as integer, numbers beyond 64 bits and others as text)
CREATE TABLE arguments(version INTEGER NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL, type TEXT NOT NULL, value, text TEXT NOT NULL,
  PRIMARY KEY(version, name)) WITHOUT ROWID;

CREATE TABLE names(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE paths(id INTEGER PRIMARY KEY, depth INTEGER NOT NULL, loops TEXT NOT NULL UNIQUE);   -- ["epoch","step"]

-- values of one name of one version; the values themselves are in columns/. Name 0: what passes were (their label, where it is not the index)
CREATE TABLE series(version INTEGER NOT NULL, name INTEGER NOT NULL, path INTEGER NOT NULL, recorded INTEGER NOT NULL DEFAULT 0,
  replayed INTEGER NOT NULL DEFAULT 0, kinds INTEGER NOT NULL DEFAULT 0, tick INTEGER NOT NULL DEFAULT 0,
  last REAL,                                -- the number that was recorded last; NULL without one, and for a NaN
  PRIMARY KEY(version, name, path)) WITHOUT ROWID;
CREATE INDEX series_by_tick ON series(tick);
CREATE INDEX series_by_name ON series(name);

-- column blocks: bytes [offset, offset + bytes) of columns/<version uuid>.<generation>
CREATE TABLE blocks(id INTEGER PRIMARY KEY, version INTEGER NOT NULL, name INTEGER NOT NULL, path INTEGER NOT NULL,
  source INTEGER NOT NULL,                  -- 0 recorded, else sources.id of the replay
  generation INTEGER NOT NULL, offset INTEGER NOT NULL, bytes INTEGER NOT NULL, count INTEGER NOT NULL,
  first_outer INTEGER NOT NULL, last_outer INTEGER NOT NULL, smallest REAL, largest REAL, numbers INTEGER NOT NULL);
CREATE INDEX blocks_by_series ON blocks(version, name);
CREATE TABLE column_files(version INTEGER PRIMARY KEY, generation INTEGER NOT NULL, size INTEGER NOT NULL, garbage INTEGER NOT NULL);

-- entries of outermost loops and of loops directly inside them
CREATE TABLE loops(version INTEGER NOT NULL, thread INTEGER NOT NULL, path INTEGER NOT NULL, outer_occurrence INTEGER NOT NULL,
  outer_index INTEGER NOT NULL,             -- enclosing pass; -1, -1 for outermost loops
  occurrence INTEGER NOT NULL, entered INTEGER NOT NULL, "left" INTEGER NOT NULL DEFAULT 0, passes INTEGER NOT NULL DEFAULT 0,
  last_index INTEGER NOT NULL DEFAULT -1, how TEXT NOT NULL DEFAULT '',
  PRIMARY KEY(version, thread, path, outer_occurrence, outer_index, occurrence)) WITHOUT ROWID;
CREATE INDEX loops_outermost ON loops(version) WHERE outer_index = -1 AND outer_occurrence = -1;
CREATE TABLE loop_totals(version INTEGER NOT NULL, path INTEGER NOT NULL, entries INTEGER NOT NULL, passes INTEGER NOT NULL,
  micros INTEGER NOT NULL, timed_passes INTEGER NOT NULL, PRIMARY KEY(version, path)) WITHOUT ROWID;

-- passes of outermost loops; a row covers index up to the next row's (one pass each for the first 4096, then doubling spans)
CREATE TABLE iterations(version INTEGER NOT NULL, thread INTEGER NOT NULL, path INTEGER NOT NULL, occurrence INTEGER NOT NULL,
  "index" INTEGER NOT NULL, started INTEGER NOT NULL, label TEXT,
  PRIMARY KEY(version, thread, path, occurrence, "index")) WITHOUT ROWID;

CREATE TABLE captures(version INTEGER NOT NULL, sequence INTEGER NOT NULL, point TEXT NOT NULL, loop TEXT NOT NULL, occurrence INTEGER NOT NULL,
  "index" INTEGER NOT NULL, coordinates TEXT NOT NULL, -- [["epoch",0,3],["step",0,99]]; loop/occurrence/index: its outermost level
  passes INTEGER NOT NULL, stored INTEGER NOT NULL, bytes INTEGER NOT NULL, tensors INTEGER NOT NULL, stamp INTEGER NOT NULL, offset INTEGER NOT NULL,
  PRIMARY KEY(version, sequence)) WITHOUT ROWID;

CREATE TABLE replays(id INTEGER PRIMARY KEY, mode TEXT NOT NULL, loop TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  superseded INTEGER NOT NULL DEFAULT 0);   -- id, version and state: sources
CREATE TABLE replay_probes(replay INTEGER NOT NULL, position INTEGER NOT NULL, probe TEXT NOT NULL, revision INTEGER NOT NULL, name TEXT NOT NULL,
  memo TEXT NOT NULL, text TEXT NOT NULL, superseded INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(replay, position)) WITHOUT ROWID;
CREATE INDEX replay_probes_by_memo ON replay_probes(memo);
CREATE TABLE fidelity(replay INTEGER NOT NULL, loop TEXT NOT NULL, occurrence INTEGER NOT NULL, "index" INTEGER NOT NULL, mode TEXT NOT NULL,
  grade TEXT NOT NULL, details TEXT NOT NULL, PRIMARY KEY(replay, loop, occurrence, "index")) WITHOUT ROWID;

CREATE TABLE notes(source INTEGER NOT NULL, sequence INTEGER NOT NULL, kind TEXT NOT NULL, stamp INTEGER NOT NULL, json TEXT NOT NULL,
  PRIMARY KEY(source, sequence)) WITHOUT ROWID;

-- merged annotations, newest state
CREATE TABLE probes(id TEXT NOT NULL, revision INTEGER NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL,
  text TEXT NOT NULL, expression TEXT NOT NULL, removed INTEGER NOT NULL, PRIMARY KEY(id, revision)) WITHOUT ROWID;
CREATE TABLE placements(probe TEXT NOT NULL, revision INTEGER NOT NULL, uuid TEXT NOT NULL, decision TEXT NOT NULL, file TEXT NOT NULL,
  line INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY(probe, uuid)) WITHOUT ROWID;
)sql";

}  // namespace hindcast::store
