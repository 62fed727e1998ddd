// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"
#include "core/base/uuid.h"

namespace hindcast::store {

namespace fs = std::filesystem;

/// One project folder with its store (`.hindcast/`). A plain value: copies freely, holds no descriptors or locks,
/// usable from any thread. Opening costs a few stat calls; it never changes the user's files.
class Project {
public:
    /// The project that `from` (a file or a folder, existing or not) belongs to: walks up to the nearest folder with
    /// `.hindcast/`. Without one: NotFound with a sentence that says how to make a store. A newer layout: NewerFormat.
    static base::Result<Project> find(const fs::path& from);

    /// The store in exactly this folder. NotFound, NewerFormat or Damaged (a FORMAT file that says nothing known).
    static base::Result<Project> open(const fs::path& root);

    /// Makes the store of this folder or opens the one that is there. It is 0700, or open to the folder's group where
    /// the environment says HINDCAST_SHARED=group (all members may record) or group-read (they may look). Refused in a
    /// home folder and in `/`. Safe when several processes do it at once.
    static base::Result<Project> create(const fs::path& root);

    /// Where the store of a script would be: the folder that has one already, else the root of its git work tree, else
    /// the script's own folder. Pure look-up; nothing is created.
    static fs::path rootFor(const fs::path& script);

    const fs::path& root() const { return m_root; }  ///< absolute, the user's project folder
    fs::path store() const { return m_root / ".hindcast"; }
    fs::path versions() const { return store() / "versions"; }
    fs::path replays() const { return store() / "replays"; }
    fs::path packs() const { return store() / "packs"; }
    fs::path codeGit() const { return store() / "code.git"; }
    fs::path annotations() const { return store() / "annotations"; }
    fs::path scratch() const { return store() / "scratch"; }
    fs::path versionFolder(const base::Uuid& version) const { return versions() / version.text(); }
    fs::path replayFolder(const base::Uuid& replay) const { return replays() / replay.text(); }

    /// Where the rebuildable indexes are: the store itself, or this user's and host's cache when the store is read-only
    /// or lies on a network file system (SQLite's WAL needs shared memory of one host).
    const fs::path& indexFolder() const { return m_indexFolder; }
    fs::path catalogFile() const { return m_indexFolder / "catalog.db"; }
    fs::path columns() const { return m_indexFolder / "columns"; }

    /// False: nothing may be added to the store (annotations, snapshots, replays); reading and indexing work.
    bool isWritable() const { return m_writable; }

private:
    Project(fs::path root, fs::path indexFolder, bool writable)
        : m_root(std::move(root)), m_indexFolder(std::move(indexFolder)), m_writable(writable) {}

    fs::path m_root;
    fs::path m_indexFolder;
    bool m_writable = true;
};

/// `hindcast` in this user's cache: for what can be made again.
fs::path userCacheFolder();

}  // namespace hindcast::store
