// SPDX-License-Identifier: Apache-2.0
// Preloaded into a program (LD_PRELOAD): counts its system calls on files below one folder, and lets the n-th fail,
// fall short or be the last one that the process makes. Settings are environment variables:
//   HINDCAST_FAULT_FOLDER  absolute, resolved path; calls on other files are left alone
//   HINDCAST_FAULT_CALL    write, sync, rename, open, truncate, mkdir, remove or read; empty: only log
//   HINDCAST_FAULT_AT      which call of that kind, from 1
//   HINDCAST_FAULT_HOW     error: fails once with EIO; full: fails with ENOSPC from then on, the first write half done;
//                          short: half is written or read, which is no failure; kill: half is written, then SIGKILL
//   HINDCAST_FAULT_LOG     a file; one line for each call: kind, path, bytes, and FAULT where one was injected;
//   "synced" where a
//                          sync has come back
//   HINDCAST_FAULT_PROGRAM only processes with this name (comm) are touched
// Counts are of one process. Memory maps are not seen.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define EXPORTED __attribute__((visibility("default")))

enum How { kError, kFull, kShort, kKill };
enum Verdict { kGoOn, kFail, kHalf, kHalfThenFail, kHalfThenDie };

static struct {
    bool active;
    const char* folder;
    size_t folderLength;
    const char* call;
    long at;
    enum How how;
    int log;
} g_settings;
static atomic_long g_count;

static const char* setting(const char* name) {
    const char* value = getenv(name);
    return value != NULL ? value : "";
}

static bool isThisProgram(const char* wanted) {
    char name[32] = "";
    const int file = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/comm", O_RDONLY | O_CLOEXEC, 0);
    const long got = syscall(SYS_read, file, name, sizeof name - 1);
    syscall(SYS_close, file);
    if (got > 0 && name[got - 1] == '\n') name[got - 1] = '\0';
    return *wanted == '\0' || strcmp(name, wanted) == 0;
}

__attribute__((constructor)) static void readSettings(void) {
    const char* how = setting("HINDCAST_FAULT_HOW");
    g_settings.folder = setting("HINDCAST_FAULT_FOLDER");
    g_settings.folderLength = strlen(g_settings.folder);
    g_settings.call = setting("HINDCAST_FAULT_CALL");
    g_settings.at = atol(setting("HINDCAST_FAULT_AT"));
    g_settings.how = !strcmp(how, "full")    ? kFull
                     : !strcmp(how, "short") ? kShort
                     : !strcmp(how, "kill")  ? kKill
                                             : kError;
    const char* log = setting("HINDCAST_FAULT_LOG");
    g_settings.log =
        *log == '\0' ? -1 : (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    g_settings.active = g_settings.folderLength > 0 && isThisProgram(setting("HINDCAST_FAULT_PROGRAM"));
}

static bool isBelowFolder(const char* path) {
    return strncmp(path, g_settings.folder, g_settings.folderLength) == 0 &&
           (path[g_settings.folderLength] == '/' || path[g_settings.folderLength] == '\0');
}

/// Absolute path of `name` as seen from the folder `from`.
static void absolutePath(int from, const char* name, char out[PATH_MAX]) {
    out[0] = '\0';
    if (name[0] != '/') {
        char link[64];
        if (from == AT_FDCWD)
            snprintf(link, sizeof link, "/proc/self/cwd");
        else
            snprintf(link, sizeof link, "/proc/self/fd/%d", from);
        const long length = syscall(SYS_readlinkat, AT_FDCWD, link, out, PATH_MAX - 1);
        out[length > 0 ? length : 0] = '\0';
        strncat(out, "/", PATH_MAX - strlen(out) - 1);
    }
    strncat(out, name, PATH_MAX - strlen(out) - 1);
}

static void note(const char* kind, const char* path, size_t bytes, bool fault) {
    if (g_settings.log < 0) return;
    char line[PATH_MAX + 64];
    const int length = snprintf(line, sizeof line, "%s %s %zu%s\n", kind, path, bytes, fault ? " FAULT" : "");
    syscall(SYS_write, g_settings.log, line, (size_t)length);
}

/// What is to become of one call; errno is set when it fails.
static enum Verdict judge(const char* kind, const char* path, size_t bytes) {
    if (!g_settings.active || !isBelowFolder(path)) return kGoOn;
    const bool counts = strcmp(kind, g_settings.call) == 0;
    const long number = counts ? atomic_fetch_add(&g_count, 1) + 1 : 0;
    const bool first = counts && number == g_settings.at;
    const bool later = counts && number > g_settings.at && g_settings.how == kFull;
    note(kind, path, bytes, first || later);
    if (!first && !later) return kGoOn;
    errno = g_settings.how == kFull ? ENOSPC : EIO;
    if (later || g_settings.how == kError) return kFail;
    if (g_settings.how == kFull) return kHalfThenFail;
    return g_settings.how == kShort ? kHalf : kHalfThenDie;
}

static enum Verdict judgeName(const char* kind, int from, const char* name) {
    if (!g_settings.active) return kGoOn;
    char path[PATH_MAX];
    absolutePath(from, name, path);
    return judge(kind, path, 0);
}

static enum Verdict judgeDescriptor(const char* kind, int descriptor, size_t bytes) {
    if (!g_settings.active) return kGoOn;
    char link[64];
    char path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const long length = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    if (length <= 0) return kGoOn;
    path[length] = '\0';
    return judge(kind, path, bytes);
}

/// For calls that do all or nothing: true when the call must fail.
static bool refused(enum Verdict verdict) {
    if (verdict == kHalfThenDie) raise(SIGKILL);
    return verdict == kFail || verdict == kHalfThenFail;
}

/// Ends a transfer of `bytes` of which half was to be done: `done` says how that went.
static long halved(enum Verdict verdict, long done) {
    if (verdict == kHalfThenDie) raise(SIGKILL);
    return done;
}

static long transfer(const char* kind, long number, int descriptor, void* buffer, size_t bytes, off_t offset) {
    const int before = errno;
    const enum Verdict verdict = judgeDescriptor(kind, descriptor, bytes);
    if (verdict == kFail || (verdict == kHalfThenFail && bytes < 2)) return -1;
    errno = before;
    if (verdict == kGoOn) return syscall(number, descriptor, buffer, bytes, offset);
    return halved(verdict, syscall(number, descriptor, buffer, (bytes + 1) / 2, offset));
}

EXPORTED ssize_t write(int descriptor, const void* buffer, size_t bytes) {
    return transfer("write", SYS_write, descriptor, (void*)buffer, bytes, 0);
}
EXPORTED ssize_t pwrite(int descriptor, const void* buffer, size_t bytes, off_t offset) {
    return transfer("write", SYS_pwrite64, descriptor, (void*)buffer, bytes, offset);
}
EXPORTED ssize_t pwrite64(int descriptor, const void* buffer, size_t bytes, off_t offset) {
    return pwrite(descriptor, buffer, bytes, offset);
}
EXPORTED ssize_t read(int descriptor, void* buffer, size_t bytes) {
    return transfer("read", SYS_read, descriptor, buffer, bytes, 0);
}
EXPORTED ssize_t pread(int descriptor, void* buffer, size_t bytes, off_t offset) {
    return transfer("read", SYS_pread64, descriptor, buffer, bytes, offset);
}
EXPORTED ssize_t pread64(int descriptor, void* buffer, size_t bytes, off_t offset) {
    return pread(descriptor, buffer, bytes, offset);
}
EXPORTED ssize_t writev(int descriptor, const struct iovec* parts, int count) {
    if (refused(judgeDescriptor("write", descriptor, (size_t)count))) return -1;
    return syscall(SYS_writev, descriptor, parts, count);
}
EXPORTED ssize_t copy_file_range(int in, off_t* inOffset, int out, off_t* outOffset, size_t bytes, unsigned flags) {
    if (refused(judgeDescriptor("write", out, bytes))) return -1;
    return syscall(SYS_copy_file_range, in, inOffset, out, outOffset, bytes, flags);
}
EXPORTED ssize_t sendfile(int out, int in, off_t* offset, size_t bytes) {
    if (refused(judgeDescriptor("write", out, bytes))) return -1;
    return syscall(SYS_sendfile, out, in, offset, bytes);
}
EXPORTED ssize_t sendfile64(int out, int in, off_t* offset, size_t bytes) {
    return sendfile(out, in, offset, bytes);
}

static int syncFile(long number, int descriptor) {
    if (refused(judgeDescriptor("sync", descriptor, 0))) return -1;
    const int outcome = (int)syscall(number, descriptor);
    const int problem = errno;
    if (outcome == 0) judgeDescriptor("synced", descriptor, 0);  // so that the log tells what came after it
    errno = problem;
    return outcome;
}

EXPORTED int fsync(int descriptor) {
    return syncFile(SYS_fsync, descriptor);
}
EXPORTED int fdatasync(int descriptor) {
    return syncFile(SYS_fdatasync, descriptor);
}

EXPORTED int ftruncate(int descriptor, off_t length) {
    if (refused(judgeDescriptor("truncate", descriptor, (size_t)length))) return -1;
    return (int)syscall(SYS_ftruncate, descriptor, length);
}
EXPORTED int ftruncate64(int descriptor, off_t length) {
    return ftruncate(descriptor, length);
}
EXPORTED int fallocate(int descriptor, int mode, off_t offset, off_t length) {
    if (refused(judgeDescriptor("truncate", descriptor, (size_t)length))) return -1;
    return (int)syscall(SYS_fallocate, descriptor, mode, offset, length);
}
EXPORTED int fallocate64(int descriptor, int mode, off_t offset, off_t length) {
    return fallocate(descriptor, mode, offset, length);
}
EXPORTED int posix_fallocate(int descriptor, off_t offset, off_t length) {
    const int before = errno;
    const int outcome = fallocate(descriptor, 0, offset, length) == 0 ? 0 : errno;
    errno = before;
    return outcome;
}
EXPORTED int posix_fallocate64(int descriptor, off_t offset, off_t length) {
    return posix_fallocate(descriptor, offset, length);
}

EXPORTED int renameat2(int from, const char* name, int to, const char* newName, unsigned flags) {
    if (refused(judgeName("rename", to, newName))) return -1;
    return (int)syscall(SYS_renameat2, from, name, to, newName, flags);
}
EXPORTED int renameat(int from, const char* name, int to, const char* newName) {
    return renameat2(from, name, to, newName, 0);
}
EXPORTED int rename(const char* name, const char* newName) {
    return renameat2(AT_FDCWD, name, AT_FDCWD, newName, 0);
}
EXPORTED int linkat(int from, const char* name, int to, const char* newName, int flags) {
    if (refused(judgeName("rename", to, newName))) return -1;
    return (int)syscall(SYS_linkat, from, name, to, newName, flags);
}
EXPORTED int link(const char* name, const char* newName) {
    return linkat(AT_FDCWD, name, AT_FDCWD, newName, 0);
}

EXPORTED int mkdirat(int from, const char* name, mode_t mode) {
    return refused(judgeName("mkdir", from, name)) ? -1 : (int)syscall(SYS_mkdirat, from, name, mode);
}
EXPORTED int mkdir(const char* name, mode_t mode) {
    return mkdirat(AT_FDCWD, name, mode);
}

EXPORTED int unlinkat(int from, const char* name, int flags) {
    return refused(judgeName("remove", from, name)) ? -1 : (int)syscall(SYS_unlinkat, from, name, flags);
}
EXPORTED int unlink(const char* name) {
    return unlinkat(AT_FDCWD, name, 0);
}
EXPORTED int rmdir(const char* name) {
    return unlinkat(AT_FDCWD, name, AT_REMOVEDIR);
}

static int openFile(int from, const char* name, int flags, va_list more) {
    const bool creates = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
    const mode_t mode = creates ? va_arg(more, mode_t) : 0;
    if (refused(judgeName("open", from, name))) return -1;
    return (int)syscall(SYS_openat, from, name, flags, mode);
}

#define OPEN_NAMED(function)                                          \
    EXPORTED int function(const char* name, int flags, ...) {         \
        va_list more;                                                 \
        va_start(more, flags);                                        \
        const int descriptor = openFile(AT_FDCWD, name, flags, more); \
        va_end(more);                                                 \
        return descriptor;                                            \
    }
#define OPEN_AT(function)                                               \
    EXPORTED int function(int from, const char* name, int flags, ...) { \
        va_list more;                                                   \
        va_start(more, flags);                                          \
        const int descriptor = openFile(from, name, flags, more);       \
        va_end(more);                                                   \
        return descriptor;                                              \
    }
OPEN_NAMED(open)
OPEN_NAMED(open64)
OPEN_AT(openat)
OPEN_AT(openat64)
