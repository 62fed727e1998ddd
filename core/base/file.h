// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace hindcast::base {

namespace fs = std::filesystem;

/// Owner of one POSIX file descriptor. What is created is 0600; in a folder with setgid, which is how a store shared by
/// a group looks, the group gets the reading and writing rights that it has in the folder. Every system call on files
/// in the project goes through this class or the functions below, so that a short write, EINTR or a failed sync is
/// handled in one place. Not shared between threads without a lock.
class File {
public:
    enum class Mode {
        Read,          ///< existing file, read only
        CreateNew,     ///< must not exist; 0600; read and write
        OpenOrCreate,  ///< 0600; read and write
        Append,        ///< created when absent; every write goes to the end
    };

    static Result<File> open(const fs::path& path, Mode mode);

    File(File&& other) noexcept;
    File& operator=(File&& other) noexcept;
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File();

    /// Writes all of it at the current position, or fails.
    Result<void> write(BytesView bytes);
    /// Reads up to `count` bytes at `offset`; shorter only at the end of the file.
    Result<Bytes> readAt(std::uint64_t offset, std::size_t count) const;
    /// Reads up to `count` bytes at `offset` into `buffer`, which grows when it is smaller and never shrinks; says how
    /// many.
    Result<std::size_t> readInto(std::uint64_t offset, Bytes& buffer, std::size_t count) const;
    /// Reads exactly out.size() bytes at `offset`, or fails with Damaged (the file is shorter).
    Result<void> readExactlyAt(std::uint64_t offset, std::span<std::byte> out) const;
    Result<std::uint64_t> size() const;
    Result<void> truncate(std::uint64_t size);
    /// fdatasync.
    Result<void> sync();
    /// Closes now and reports what close() says.
    Result<void> close();
    /// Whether both descriptors are of one file on disk, whatever its name is now.
    bool isSameFile(const File& other) const;
    /// Takes an exclusive advisory lock (flock) without waiting; false when another process holds it.
    Result<bool> tryLock();
    /// The same, shared with others that share it.
    Result<bool> tryLockShared();
    int descriptor() const { return m_descriptor; }
    const fs::path& path() const { return m_path; }

private:
    File(int descriptor, fs::path path) : m_descriptor(descriptor), m_path(std::move(path)) {}

    int m_descriptor = -1;
    fs::path m_path;
};

/// Whole file; fails with InvalidArgument above `limitBytes`.
Result<Bytes> readFile(const fs::path& path, std::uint64_t limitBytes = std::uint64_t{1} << 32);
Result<std::string> readTextFile(const fs::path& path, std::uint64_t limitBytes = std::uint64_t{1} << 30);

/// Writes to a temporary name beside `path`, syncs, renames over it, syncs the folder: readers see the old or the new.
Result<void> writeFileAtomically(const fs::path& path, BytesView bytes);

/// Creates the folder and its parents, 0700 for what it creates (setgid and the group's rights follow the folder around
/// it).
Result<void> makeFolder(const fs::path& path);
Result<void> syncFolder(const fs::path& path);
Result<void> removeTree(const fs::path& path);

/// Names in a folder, sorted; an absent folder is an empty list.
Result<std::vector<std::string>> listFolder(const fs::path& path);

/// Whether a process that holds flock on this file exists (used to tell a running writer from a crashed one).
/// An absent file is not locked.
bool isLockedByAnother(const fs::path& path);

}  // namespace hindcast::base
