// SPDX-License-Identifier: Apache-2.0
#include "core/store/catalog/page_checksums.h"

#include <sqlite3.h>

#include <cstdint>
#include <cstring>

#include "core/base/bytes.h"
#include "core/format/digest.h"

namespace hindcast::store {

namespace {

constexpr const char* kName = "hindcast";
constexpr int kReserved = 8;
constexpr int kSmallestPage = 512;
constexpr int kHeaderBytes = 100;
constexpr int kReservedAt = 20;  ///< in the header: bytes that each page reserves
constexpr char kMagic[] = "SQLite format 3";

/// Begins the memory that SQLite gives for an open file; that of the layer below follows.
struct ChecksumFile {
    sqlite3_file file;
    sqlite3_file* below() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
sqlite3_file* below(sqlite3_file* file) {
    return reinterpret_cast<ChecksumFile*>(file)->below();
}
sqlite3_vfs* below(sqlite3_vfs* vfs) {
    return static_cast<sqlite3_vfs*>(vfs->pAppData);
}

bool isPage(int bytes) {
    return bytes >= kSmallestPage && (bytes & (bytes - 1)) == 0;
}

std::uint64_t checksumOf(const void* page, int bytes) {
    return format::checksum64({static_cast<const std::byte*>(page), static_cast<std::size_t>(bytes - kReserved)});
}

bool isRight(const void* page, int bytes) {
    std::uint64_t stored = 0;
    std::memcpy(&stored, static_cast<const char*>(page) + bytes - kReserved, sizeof stored);
    return stored == checksumOf(page, bytes);
}

int readPage(sqlite3_file* file, void* buffer, int bytes, sqlite3_int64 offset) {
    const int code = below(file)->pMethods->xRead(below(file), buffer, bytes, offset);
    if (code != SQLITE_OK) return code;  // also a read behind the end, which SQLite makes of an empty file
    const bool header = offset == 0 && bytes >= kHeaderBytes;
    if (header &&
        (std::memcmp(buffer, kMagic, sizeof kMagic) != 0 || static_cast<const char*>(buffer)[kReservedAt] != kReserved))
        return SQLITE_CORRUPT;
    return isPage(bytes) && !isRight(buffer, bytes) ? SQLITE_CORRUPT : SQLITE_OK;
}

int writePage(sqlite3_file* file, const void* buffer, int bytes, sqlite3_int64 offset) {
    if (isPage(bytes)) {
        // SQLite leaves the reserved bytes of its buffer to us.
        const std::uint64_t checksum = checksumOf(buffer, bytes);
        std::memcpy(static_cast<char*>(const_cast<void*>(buffer)) + bytes - kReserved, &checksum, sizeof checksum);
    }
    return below(file)->pMethods->xWrite(below(file), buffer, bytes, offset);
}

/// Version 2: without xFetch, so that SQLite reads pages instead of mapping them.
const sqlite3_io_methods kMethods = {
    2,
    [](sqlite3_file* file) { return below(file)->pMethods->xClose(below(file)); },
    readPage,
    writePage,
    [](sqlite3_file* file, sqlite3_int64 size) { return below(file)->pMethods->xTruncate(below(file), size); },
    [](sqlite3_file* file, int flags) { return below(file)->pMethods->xSync(below(file), flags); },
    [](sqlite3_file* file, sqlite3_int64* size) { return below(file)->pMethods->xFileSize(below(file), size); },
    [](sqlite3_file* file, int level) { return below(file)->pMethods->xLock(below(file), level); },
    [](sqlite3_file* file, int level) { return below(file)->pMethods->xUnlock(below(file), level); },
    [](sqlite3_file* file, int* out) { return below(file)->pMethods->xCheckReservedLock(below(file), out); },
    [](sqlite3_file* file, int what, void* with) {
        return below(file)->pMethods->xFileControl(below(file), what, with);
    },
    [](sqlite3_file* file) { return below(file)->pMethods->xSectorSize(below(file)); },
    [](sqlite3_file* file) { return below(file)->pMethods->xDeviceCharacteristics(below(file)); },
    [](sqlite3_file* file, int region, int bytes, int extend, void volatile** out) {
        return below(file)->pMethods->xShmMap(below(file), region, bytes, extend, out);
    },
    [](sqlite3_file* file, int offset, int count, int flags) {
        return below(file)->pMethods->xShmLock(below(file), offset, count, flags);
    },
    [](sqlite3_file* file) { below(file)->pMethods->xShmBarrier(below(file)); },
    [](sqlite3_file* file, int remove) { return below(file)->pMethods->xShmUnmap(below(file), remove); },
    nullptr,
    nullptr,
};

int openFile(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
    if ((flags & SQLITE_OPEN_MAIN_DB) == 0) return below(vfs)->xOpen(below(vfs), name, file, flags, out);
    file->pMethods = nullptr;
    const int code = below(vfs)->xOpen(below(vfs), name, below(file), flags, out);
    if (code == SQLITE_OK) file->pMethods = &kMethods;
    return code;
}

sqlite3_vfs makeLayer() {
    sqlite3_vfs* const real = sqlite3_vfs_find(nullptr);
    sqlite3_vfs layer = *real;  // all but opening is the real one's, which looks at its own argument in xOpen alone
    layer.szOsFile = real->szOsFile + static_cast<int>(sizeof(ChecksumFile));
    layer.pNext = nullptr;
    layer.zName = kName;
    layer.pAppData = real;
    layer.xOpen = openFile;
    return layer;
}

}  // namespace

const char* checksummedPages() {
    static sqlite3_vfs layer = makeLayer();
    static const int registered = sqlite3_vfs_register(&layer, 0);
    return registered == SQLITE_OK ? kName : nullptr;
}

void reserveChecksums(sqlite3* database) {
    int bytes = kReserved;
    sqlite3_file_control(database, "main", SQLITE_FCNTL_RESERVE_BYTES, &bytes);
}

}  // namespace hindcast::store
