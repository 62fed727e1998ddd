// SPDX-License-Identifier: Apache-2.0
#include "core/base/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace hindcast::base {

static constexpr std::uint64_t kKernelFileBytes = std::uint64_t{64} << 10;

static Error failure(std::string_view verb, const fs::path& path) {
    const int number = errno;
    return Error::fromErrno(number, std::string(verb) + " " + path.string());
}

/// Rights of what is made in `folder`: the owner's alone, and the group's too where the folder passes its group on
/// (setgid), as far as it lets the group in itself. That is what a store shared by a group looks like.
static mode_t rightsIn(const fs::path& folder) {
    struct stat info {};
    const bool shared = ::stat(folder.empty() ? "." : folder.c_str(), &info) == 0 && (info.st_mode & S_ISGID) != 0;
    return shared ? S_IRUSR | S_IWUSR | (info.st_mode & (S_IRGRP | S_IWGRP)) : S_IRUSR | S_IWUSR;
}

/// The same for a folder that is made in `parent`.
static mode_t folderRightsIn(const fs::path& parent) {
    const mode_t rights = rightsIn(parent);
    if ((rights & S_IRGRP) == 0) return S_IRWXU;
    return S_IRWXU | S_ISGID | S_IXGRP | (rights & (S_IRGRP | S_IWGRP));
}

static int flagsOf(File::Mode mode) {
    switch (mode) {
        case File::Mode::Read:
            return O_RDONLY;
        case File::Mode::CreateNew:
            return O_RDWR | O_CREAT | O_EXCL;
        case File::Mode::OpenOrCreate:
            return O_RDWR | O_CREAT;
        case File::Mode::Append:
            return O_RDWR | O_CREAT | O_APPEND;
    }
    return O_RDONLY;
}

Result<File> File::open(const fs::path& path, Mode mode) {
    const bool makes = mode != Mode::Read;
    const bool fresh = makes && ::access(path.c_str(), F_OK) != 0;
    const mode_t rights = fresh ? rightsIn(path.parent_path()) : S_IRUSR | S_IWUSR;
    int descriptor;
    do {
        descriptor = ::open(path.c_str(), flagsOf(mode) | O_CLOEXEC, rights);
    } while (descriptor < 0 && errno == EINTR);
    if (descriptor < 0) return failure("cannot open", path);
    File file(descriptor, path);
    // A personal umask must not shut the group out of a shared store. Where the file is another's, it is as they made
    // it.
    if (fresh && rights != (S_IRUSR | S_IWUSR)) static_cast<void>(::fchmod(descriptor, rights));
    return file;
}

File::File(File&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)), m_path(std::move(other.m_path)) {}

File& File::operator=(File&& other) noexcept {
    std::swap(m_descriptor, other.m_descriptor);
    std::swap(m_path, other.m_path);
    return *this;
}

File::~File() {
    if (m_descriptor >= 0) ::close(m_descriptor);
}

Result<void> File::write(BytesView bytes) {
    while (!bytes.empty()) {
        const ssize_t wrote = ::write(m_descriptor, bytes.data(), bytes.size());
        if (wrote < 0) {
            if (errno == EINTR) continue;
            return failure("cannot write", m_path);
        }
        bytes = bytes.subspan(static_cast<std::size_t>(wrote));
    }
    return {};
}

static Result<std::size_t> readSome(int descriptor, const fs::path& path, std::uint64_t offset,
                                    std::span<std::byte> out) {
    std::size_t filled = 0;
    while (filled < out.size()) {
        const ssize_t got =
            ::pread(descriptor, out.data() + filled, out.size() - filled, static_cast<off_t>(offset + filled));
        if (got < 0) {
            if (errno == EINTR) continue;
            return failure("cannot read", path);
        }
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    return filled;
}

Result<Bytes> File::readAt(std::uint64_t offset, std::size_t count) const {
    Bytes out(count);
    HINDCAST_ASSIGN(const std::size_t filled, readSome(m_descriptor, m_path, offset, out));
    out.resize(filled);
    return out;
}

Result<std::size_t> File::readInto(std::uint64_t offset, Bytes& buffer, std::size_t count) const {
    if (buffer.size() < count) buffer.resize(count);
    return readSome(m_descriptor, m_path, offset, std::span(buffer).first(count));
}

Result<void> File::readExactlyAt(std::uint64_t offset, std::span<std::byte> out) const {
    HINDCAST_ASSIGN(const std::size_t filled, readSome(m_descriptor, m_path, offset, out));
    if (filled != out.size())
        return Error(ErrorCode::Damaged, m_path.string() + " ends before the bytes that were asked for");
    return {};
}

Result<std::uint64_t> File::size() const {
    struct stat info {};
    if (fstat(m_descriptor, &info) != 0) return failure("cannot stat", m_path);
    return static_cast<std::uint64_t>(info.st_size);
}

Result<void> File::truncate(std::uint64_t size) {
    if (ftruncate(m_descriptor, static_cast<off_t>(size)) != 0) return failure("cannot truncate", m_path);
    return {};
}

Result<void> File::sync() {
    if (fdatasync(m_descriptor) != 0) return failure("cannot sync", m_path);
    return {};
}

Result<void> File::close() {
    const int descriptor = std::exchange(m_descriptor, -1);
    // After EINTR the descriptor is gone on Linux: closing again could hit another thread's file.
    if (descriptor >= 0 && ::close(descriptor) != 0 && errno != EINTR) return failure("cannot close", m_path);
    return {};
}

bool File::isSameFile(const File& other) const {
    struct stat mine {};
    struct stat theirs {};
    return fstat(m_descriptor, &mine) == 0 && fstat(other.m_descriptor, &theirs) == 0 && mine.st_ino == theirs.st_ino &&
           mine.st_dev == theirs.st_dev;
}

static Result<bool> tryFlock(int descriptor, int kind, const fs::path& path) {
    if (flock(descriptor, kind | LOCK_NB) == 0) return true;
    if (errno == EWOULDBLOCK) return false;
    return failure("cannot lock", path);
}

Result<bool> File::tryLock() {
    return tryFlock(m_descriptor, LOCK_EX, m_path);
}
Result<bool> File::tryLockShared() {
    return tryFlock(m_descriptor, LOCK_SH, m_path);
}

Result<Bytes> readFile(const fs::path& path, std::uint64_t limitBytes) {
    HINDCAST_ASSIGN(const File file, File::open(path, File::Mode::Read));
    HINDCAST_ASSIGN(const std::uint64_t size, file.size());
    if (size > limitBytes)
        return Error(ErrorCode::InvalidArgument, path.string() + " is larger than the limit for such a file");
    // Files of the kernel say 0 and hold a line or two.
    return file.readAt(0, static_cast<std::size_t>(size > 0 ? size : std::min(limitBytes, kKernelFileBytes)));
}

Result<std::string> readTextFile(const fs::path& path, std::uint64_t limitBytes) {
    HINDCAST_ASSIGN(const Bytes bytes, readFile(path, limitBytes));
    return std::string(textOf(bytes));
}

Result<void> writeFileAtomically(const fs::path& path, BytesView bytes) {
    const fs::path temporary = path.string() + ".new-" + std::to_string(getpid());
    ::unlink(temporary.c_str());
    {
        HINDCAST_ASSIGN(File file, File::open(temporary, File::Mode::CreateNew));
        HINDCAST_TRY(file.write(bytes));
        HINDCAST_TRY(file.sync());
        HINDCAST_TRY(file.close());
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) return failure("cannot rename to", path);
    return syncFolder(path.parent_path());
}

/// 0, or what went wrong.
static int makeOneFolder(const fs::path& path) {
    const mode_t rights = folderRightsIn(path.parent_path());
    if (::mkdir(path.c_str(), rights & 0777) != 0) return errno;
    if (rights != S_IRWXU) static_cast<void>(::chmod(path.c_str(), rights));
    return 0;
}

Result<void> makeFolder(const fs::path& path) {
    if (path.empty()) return {};
    int number = makeOneFolder(path);
    if (number == ENOENT && path != path.parent_path()) {
        HINDCAST_TRY(makeFolder(path.parent_path()));
        number = makeOneFolder(path);
    }
    if (number == 0) return {};
    std::error_code ignored;
    if (number != EEXIST) return Error::fromErrno(number, "cannot create " + path.string());
    if (fs::is_directory(path, ignored)) return {};
    return Error(ErrorCode::Io, path.string() + " is in the way: it is not a folder");
}

Result<void> syncFolder(const fs::path& path) {
    const int descriptor = ::open(path.empty() ? "." : path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return failure("cannot open folder", path);
    const int outcome = fsync(descriptor);
    const int number = errno;
    ::close(descriptor);
    // Some network file systems cannot sync a folder; the file itself is synced already.
    if (outcome != 0 && number != EINVAL && number != EROFS)
        return Error::fromErrno(number, "cannot sync " + path.string());
    return {};
}

Result<void> removeTree(const fs::path& path) {
    std::error_code code;
    fs::remove_all(path, code);
    if (code) return Error::fromErrno(code.value(), "cannot remove " + path.string());
    return {};
}

Result<std::vector<std::string>> listFolder(const fs::path& path) {
    std::vector<std::string> names;
    std::error_code code;
    fs::directory_iterator it(path, code);
    if (code == std::errc::no_such_file_or_directory) return names;
    for (; !code && it != fs::directory_iterator(); it.increment(code)) names.push_back(it->path().filename().string());
    if (code) return Error::fromErrno(code.value(), "cannot list " + path.string());
    std::sort(names.begin(), names.end());
    return names;
}

bool isLockedByAnother(const fs::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return false;
    const bool locked = flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(descriptor);
    return locked;
}

}  // namespace hindcast::base
