// SPDX-License-Identifier: Apache-2.0
#include "core/store/source/snapshot.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/format/journal/journal_reader.h"
#include "core/store/source/git_repository.h"
#include "core/store/source/snapshot_message.h"
#include "core/store/source/source_lock.h"
#include "core/store/source/work_tree.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::size_t kMostSkippedListed = 2000;
/// A file changed this shortly before it was read may change again within one tick of the clock: it is read anew next
/// time.
constexpr std::int64_t kRacySeconds = 3;

git_index_time timeOf(const timespec& time) {
    return {static_cast<std::int32_t>(time.tv_sec), static_cast<std::uint32_t>(time.tv_nsec)};
}

bool sameTime(const git_index_time& a, const git_index_time& b) {
    return a.seconds == b.seconds && a.nanoseconds == b.nanoseconds;
}

std::uint32_t modeOf(const struct stat& info) {
    if (S_ISLNK(info.st_mode)) return GIT_FILEMODE_LINK;
    return (info.st_mode & S_IXUSR) != 0 ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB;
}

bool sameFile(const struct stat& a, const struct stat& b) {
    return a.st_ino == b.st_ino && a.st_size == b.st_size && a.st_mode == b.st_mode &&
           sameTime(timeOf(a.st_mtim), timeOf(b.st_mtim)) && sameTime(timeOf(a.st_ctim), timeOf(b.st_ctim));
}

git_index_entry entryOf(const std::string& path, const struct stat& info) {
    git_index_entry entry{};
    entry.path = path.c_str();
    entry.mode = modeOf(info);
    entry.file_size = static_cast<std::uint32_t>(info.st_size);
    entry.ino = static_cast<std::uint32_t>(info.st_ino);
    entry.dev = static_cast<std::uint32_t>(info.st_dev);
    entry.ctime = timeOf(info.st_ctim);
    // A file that may still change within one clock tick gets no time: the next snapshot reads it again.
    if (info.st_mtim.tv_sec < base::wallClockMicros() / 1'000'000 - kRacySeconds) entry.mtime = timeOf(info.st_mtim);
    return entry;
}

bool isKnown(const git_index_entry* known, const struct stat& info) {
    return known != nullptr && known->mode == modeOf(info) &&
           known->file_size == static_cast<std::uint32_t>(info.st_size) &&
           known->ino == static_cast<std::uint32_t>(info.st_ino) && known->mtime.seconds != 0 &&
           sameTime(known->mtime, timeOf(info.st_mtim)) && sameTime(known->ctime, timeOf(info.st_ctim));
}

/// Content of a file or target of a link, exactly as on disk.
Result<base::Bytes> readRaw(const fs::path& path, const struct stat& info) {
    if (!S_ISLNK(info.st_mode)) return base::readFile(path);
    base::Bytes target(static_cast<std::size_t>(std::max<off_t>(info.st_size, 255)) + 1);
    const ssize_t length = readlink(path.c_str(), reinterpret_cast<char*>(target.data()), target.size());
    if (length < 0) return Error::fromErrno(errno, "cannot read the link " + path.string());
    target.resize(static_cast<std::size_t>(length));
    return target;
}

/// One snapshot in the making.
class Taker {
public:
    Taker(const Project& project, const SnapshotLimits& limits, git_repository* repository)
        : m_project(project), m_limits(limits), m_repository(repository) {}

    Result<git_oid> take(Snapshot& out);

private:
    void applyLimits(std::vector<WorkTreeFile>& files);
    void openKnown();
    Result<void> add(const WorkTreeFile& file);
    Result<git_oid> store(const WorkTreeFile& file, struct stat& info);
    void keepKnown();

    const Project& m_project;
    const SnapshotLimits& m_limits;
    git_repository* m_repository;
    GitIndex m_known;  ///< private index of an earlier snapshot, with stat data
    GitIndex m_index;  ///< what this one holds
    Snapshot* m_out = nullptr;
};

void Taker::applyLimits(std::vector<WorkTreeFile>& files) {
    std::vector<std::size_t> order(files.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&files](std::size_t a, std::size_t b) { return files[a].info.st_size < files[b].info.st_size; });
    std::uint64_t total = 0;
    std::vector<char> keep(files.size(), 0);
    for (const std::size_t i : order) {
        const auto bytes = static_cast<std::uint64_t>(files[i].info.st_size);
        const bool tooLarge = bytes > m_limits.fileBytes;
        if (!tooLarge && total + bytes <= m_limits.totalBytes) {
            keep[i] = 1;
            total += bytes;
            continue;
        }
        m_out->skipped.push_back(
            {files[i].path, bytes,
             tooLarge ? "larger than the limit of " + std::to_string(m_limits.fileBytes) + " bytes for one file"
                      : "the snapshot reached its limit of " + std::to_string(m_limits.totalBytes) + " bytes"});
    }
    std::size_t i = 0;
    std::erase_if(files, [&](const WorkTreeFile&) { return keep[i++] == 0; });
}

void Taker::openKnown() {
    git_index* raw = nullptr;
    const fs::path path = m_project.codeGit() / "hindcast-index";
    if (git_index_open(&raw, path.c_str()) == 0) {
        m_known.reset(raw);
        return;
    }
    std::error_code ignored;
    fs::remove(path, ignored);  // unreadable: it only saves time
    if (git_index_open(&raw, path.c_str()) == 0) m_known.reset(raw);
}

Result<git_oid> Taker::store(const WorkTreeFile& file, struct stat& info) {
    const fs::path path = m_project.root() / file.path;
    constexpr int kTries = 4;
    for (int attempt = 1;; ++attempt) {
        if (lstat(path.c_str(), &info) != 0) return Error::fromErrno(errno, "cannot stat " + path.string());
        HINDCAST_ASSIGN(const base::Bytes bytes, readRaw(path, info));
        struct stat after {};
        const bool still = lstat(path.c_str(), &after) == 0 && sameFile(info, after);
        // A file that is being written all the time is stored as it was read last.
        if (!still && attempt < kTries) continue;
        git_oid id{};
        const int code = git_blob_create_from_buffer(&id, m_repository, bytes.data(), bytes.size());
        if (code != 0) return gitError(code, "cannot store " + file.path);
        if (!still) info.st_mtim = {};
        m_out->bytes += bytes.size();
        return id;
    }
}

Result<void> Taker::add(const WorkTreeFile& file) {
    const git_index_entry* known =
        m_known == nullptr ? nullptr : git_index_get_bypath(m_known.get(), file.path.c_str(), 0);
    git_index_entry entry{};
    if (isKnown(known, file.info)) {
        entry = *known;
        entry.path = file.path.c_str();
        m_out->bytes += static_cast<std::uint64_t>(file.info.st_size);
    } else {
        struct stat info {};
        auto id = store(file, info);
        if (!id) {
            if (id.error().code() == ErrorCode::DiskFull || id.error().text().starts_with("cannot store"))
                return std::move(id).error();
            m_out->skipped.push_back({file.path, static_cast<std::uint64_t>(file.info.st_size), id.error().text()});
            return {};
        }
        entry = entryOf(file.path, info);
        entry.id = *id;
        ++m_out->filesRead;
    }
    const int code = git_index_add(m_index.get(), &entry);
    if (code != 0) return gitError(code, "cannot add " + file.path + " to the snapshot");
    ++m_out->files;
    return {};
}

/// Saves the stat data for the next snapshot. Another process may be doing the same: then this one's is not needed.
void Taker::keepKnown() {
    if (m_known == nullptr || git_index_clear(m_known.get()) != 0) return;
    const std::size_t count = git_index_entrycount(m_index.get());
    for (std::size_t i = 0; i < count; ++i)
        if (git_index_add(m_known.get(), git_index_get_byindex(m_index.get(), i)) != 0) return;
    git_index_write(m_known.get());
}

Result<git_oid> Taker::take(Snapshot& out) {
    m_out = &out;
    HINDCAST_ASSIGN(WorkTreeListing listing, listWorkTree(m_project));
    out.skipped = std::move(listing.skipped);
    applyLimits(listing.files);
    openKnown();
    git_index* raw = nullptr;
    int code = git_index_new(&raw);
    if (code != 0) return gitError(code, "cannot make an index");
    m_index.reset(raw);
    for (const WorkTreeFile& file : listing.files) HINDCAST_TRY(add(file));
    git_oid tree{};
    code = git_index_write_tree_to(&tree, m_index.get(), m_repository);
    if (code != 0 && m_known != nullptr) {
        // An object that the private index knows is gone: forget the index and read everything.
        std::error_code ignored;
        fs::remove(m_project.codeGit() / "hindcast-index", ignored);
        m_known.reset();
        out = Snapshot{};
        return take(out);
    }
    if (code != 0) return gitError(code, "cannot write the tree of a snapshot");
    keepKnown();
    return tree;
}

/// Paths that changed after the version's process started.
std::vector<std::string> changedSinceStart(const Project& project, const base::Uuid& version,
                                           git_repository* repository, const git_oid& treeId) {
    const auto text = base::readTextFile(project.versionFolder(version) / "run.json");
    if (!text) return {};
    const auto run = nlohmann::json::parse(*text, nullptr, false);
    if (!run.is_object() || !run.contains("startedMicros") || !run["startedMicros"].is_number_integer()) return {};
    struct Walk {
        const Project& project;
        std::int64_t started;
        std::vector<std::string> changed;
    } walk{project, run["startedMicros"].get<std::int64_t>(), {}};
    git_tree* raw = nullptr;
    if (git_tree_lookup(&raw, repository, &treeId) != 0) return {};
    const GitTree tree(raw);
    const auto look = [](const char* root, const git_tree_entry* entry, void* payload) {
        auto& state = *static_cast<Walk*>(payload);
        if (git_tree_entry_type(entry) != GIT_OBJECT_BLOB) return 0;
        const std::string path = std::string(root) + git_tree_entry_name(entry);
        struct stat info {};
        if (lstat((state.project.root() / path).c_str(), &info) != 0) return 0;
        const std::int64_t changed = std::int64_t{info.st_mtim.tv_sec} * 1'000'000 + info.st_mtim.tv_nsec / 1000;
        if (changed > state.started) state.changed.push_back(path);
        return 0;
    };
    git_tree_walk(tree.get(), GIT_TREEWALK_PRE, look, &walk);
    return std::move(walk.changed);
}

/// One sync of the file system instead of one per object.
void syncFileSystemOf(const fs::path& folder) {
    const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return;
    syncfs(descriptor);
    close(descriptor);
}

}  // namespace

Result<Snapshot> recordSnapshot(const Project& project, const base::Uuid& version, const SnapshotLimits& limits) {
    if (!project.isWritable())
        return Error(ErrorCode::Refused, "the store in " + project.root().string() + " is read-only");
    HINDCAST_ASSIGN(const SourceLock lock, lockForSnapshot(project));
    HINDCAST_ASSIGN(const GitRepository repository, makeCodeRepository(project));
    Snapshot snapshot;
    Taker taker(project, limits, repository.get());
    HINDCAST_ASSIGN(const git_oid tree, taker.take(snapshot));
    snapshot.git = readGitFacts(project);
    snapshot.changedSince = changedSinceStart(project, version, repository.get(), tree);
    if (snapshot.skipped.size() > kMostSkippedListed) snapshot.skipped.resize(kMostSkippedListed);
    if (snapshot.filesRead > 0) syncFileSystemOf(project.codeGit());
    HINDCAST_ASSIGN(snapshot.commit,
                    commitVersion(repository.get(), version, tree, snapshotMessage(version, snapshot)));
    return snapshot;
}

static Result<void> addPackedFile(git_repository* repository, git_index* index, const base::Bytes& payload,
                                  Snapshot& out) {
    base::ByteReader reader(payload);
    const std::string path(reader.getText());
    const std::uint64_t mode = reader.getVarint();
    if (reader.failed() || path.empty())
        return Error(ErrorCode::Damaged, "a file record of source.pack cannot be read");
    const base::BytesView content = base::BytesView(payload).subspan(reader.position());
    git_index_entry entry{};
    entry.path = path.c_str();
    entry.mode = S_ISLNK(static_cast<mode_t>(mode)) ? GIT_FILEMODE_LINK
                 : (mode & S_IXUSR) != 0            ? GIT_FILEMODE_BLOB_EXECUTABLE
                                                    : GIT_FILEMODE_BLOB;
    int code = git_blob_create_from_buffer(&entry.id, repository, content.data(), content.size());
    if (code == 0) code = git_index_add(index, &entry);
    if (code != 0) return gitError(code, "cannot store " + path);
    ++out.files;
    out.bytes += content.size();
    return {};
}

Result<void> importSourcePack(const Project& project, const base::Uuid& version) {
    const fs::path pack = project.versionFolder(version) / "source.pack";
    std::error_code ignored;
    if (!fs::exists(pack, ignored)) return Error(ErrorCode::NothingToDo, "the version has no source.pack");
    HINDCAST_ASSIGN(const auto reader, format::JournalReader::open(pack, format::JournalType::SourcePack));
    HINDCAST_ASSIGN(const SourceLock lock, lockForSnapshot(project));
    HINDCAST_ASSIGN(const GitRepository repository, makeCodeRepository(project));
    git_index* raw = nullptr;
    int code = git_index_new(&raw);
    if (code != 0) return gitError(code, "cannot make an index");
    const GitIndex index(raw);
    Snapshot snapshot;
    std::uint64_t offset = format::JournalReader::start();
    for (;;) {
        HINDCAST_ASSIGN(const format::FrameBatch batch, reader.readFrom(offset));
        for (const format::Frame& frame : batch.frames)
            if (frame.kind == format::FrameKind::File)
                HINDCAST_TRY(addPackedFile(repository.get(), index.get(), frame.payload, snapshot));
        offset = batch.next;
        if (batch.stop == format::FrameBatch::Stop::Sealed) break;
        if (batch.stop == format::FrameBatch::Stop::More) continue;
        return Error(ErrorCode::NothingToDo, "source.pack of " + version.text() + " is not complete (yet)");
    }
    git_oid tree{};
    code = git_index_write_tree_to(&tree, index.get(), repository.get());
    if (code != 0) return gitError(code, "cannot write the tree of " + version.text());
    syncFileSystemOf(project.codeGit());
    HINDCAST_ASSIGN(const std::string commit,
                    commitVersion(repository.get(), version, tree, snapshotMessage(version, snapshot)));
    fs::remove(pack, ignored);
    return {};
}

}  // namespace hindcast::store
