// SPDX-License-Identifier: Apache-2.0
#include "core/store/source/snapshot.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "core/base/clock.h"
#include "core/base/process.h"
#include "core/store/catalog/ingester.h"
#include "core/store/source/source_trees.h"
#include "tests/core/store/store_fixture.h"

namespace hindcast::store {
namespace {

namespace fs = std::filesystem;

class SnapshotTest : public StoreTest {
protected:
    /// Runs git in the project; its output.
    std::string git(const std::vector<std::string>& arguments, const fs::path& folder = {}) {
        base::ProcessSpec spec;
        spec.command = {"git", "-c", "user.name=t", "-c", "user.email=t@t", "-c", "protocol.file.allow=always"};
        spec.command.insert(spec.command.end(), arguments.begin(), arguments.end());
        spec.folder = folder.empty() ? root() : folder;
        const auto output = must(base::runCommand(spec, "", std::chrono::seconds(60)));
        EXPECT_EQ(output.status, 0) << arguments.front() << ": " << output.err;
        return output.out;
    }
    void makeRepository() {
        git({"init", "-q", "-b", "main"});
        writeFile(root() / "train.py", "print('hello')\n");
        git({"add", "train.py"});
        git({"commit", "-q", "-m", "first"});
    }
    Snapshot take() {
        m_version = base::Uuid::make();
        return must(recordSnapshot(project(), m_version));
    }
    std::vector<std::string> paths() {
        std::vector<std::string> out;
        for (const SourceFile& file : must(must(SourceTrees::open(project())).list(m_version)))
            out.push_back(file.path);
        return out;
    }
    std::string stored(const std::string& path) {
        return must(must(SourceTrees::open(project())).readFile(m_version, path));
    }
    static std::string reasonFor(const Snapshot& snapshot, const std::string& path) {
        for (const SkippedFile& file : snapshot.skipped)
            if (file.path == path) return file.reason;
        return "(not listed)";
    }
    /// Names, modes, times and contents of everything below the project but the store.
    std::map<std::string, std::string> photograph() {
        std::map<std::string, std::string> out;
        for (auto it = fs::recursive_directory_iterator(root()); it != fs::recursive_directory_iterator(); ++it) {
            if (it->path().filename() == ".hindcast") {
                it.disable_recursion_pending();
                continue;
            }
            struct stat info {};
            lstat(it->path().c_str(), &info);
            std::string text = std::to_string(info.st_mode) + " " + std::to_string(info.st_mtim.tv_sec) + "." +
                               std::to_string(info.st_mtim.tv_nsec) + " " + std::to_string(info.st_ino) + " ";
            if (it->is_regular_file() && !it->is_symlink()) text += readFile(it->path());
            out[it->path().string()] = text;
        }
        return out;
    }

    base::Uuid m_version;
};

TEST_F(SnapshotTest, LeavesTheUsersRepositoryExactlyAsItWas) {
    makeRepository();
    writeFile(root() / "untracked.py", "x = 1\n");
    writeFile(root() / "train.py", "print('changed')\n");
    writeFile(root() / "staged.py", "staged\n");
    git({"add", "staged.py"});
    git({"status"});
    const auto before = photograph();
    const std::string status = git({"--no-optional-locks", "status", "--porcelain"});
    take();
    take();
    EXPECT_EQ(photograph(), before);
    EXPECT_EQ(git({"--no-optional-locks", "status", "--porcelain"}), status);
    EXPECT_EQ(git({"for-each-ref"}).find("hindcast"), std::string::npos);
}

TEST_F(SnapshotTest, HoldsTrackedAndUntrackedFilesButNotIgnoredOnes) {
    makeRepository();
    writeFile(root() / ".gitignore", "*.log\nout/\n!keep.log\n");
    writeFile(root() / "sub" / ".gitignore", "local.txt\n");
    writeFile(root() / ".git" / "info" / "exclude", "private.txt\n");
    for (const char* name :
         {"new.py", "a.log", "keep.log", "out/x.bin", "sub/local.txt", "sub/other.txt", "private.txt"})
        writeFile(root() / name, name);
    writeFile(root() / "tracked.log", "ignored by rule, tracked by hand");
    git({"add", "-f", "tracked.log"});
    const Snapshot snapshot = take();
    EXPECT_EQ(paths(), (std::vector<std::string>{".gitignore", "keep.log", "new.py", "sub/.gitignore", "sub/other.txt",
                                                 "tracked.log", "train.py"}));
    EXPECT_EQ(snapshot.files, 7U);
    EXPECT_EQ(reasonFor(snapshot, "out/"), "ignored by git");
}

TEST_F(SnapshotTest, IsByteExactWhateverTheRepositoryFilters) {
    makeRepository();
    writeFile(root() / ".gitattributes", "*.txt eol=crlf\n*.py ident\nsecret.py export-ignore\n*.sub export-subst\n");
    const std::map<std::string, std::string> contents = {{"mixed.txt", "one\r\ntwo\nthree\r\n"},
                                                         {"ident.py", "# $Id$\n# $Id: abc$\n"},
                                                         {"secret.py", "not dropped\n"},
                                                         {"version.sub", "$Format:%H$\n"},
                                                         {"binary.dat", std::string("\0\r\n\xff\x00", 5)}};
    git({"config", "core.autocrlf", "true"});
    for (const auto& [name, content] : contents) writeFile(root() / name, content);
    take();
    const fs::path out = m_folder / "exported";
    must(must(SourceTrees::open(project())).exportTree(m_version, out));
    for (const auto& [name, content] : contents) {
        EXPECT_EQ(stored(name), content) << name;
        EXPECT_EQ(readFile(out / name), content) << name;
    }
}

TEST_F(SnapshotTest, KeepsSecretsOutEvenWhenTheyAreTracked) {
    makeRepository();
    for (const char* name :
         {".env", ".env.local", "prod.env", "server.pem", "id_rsa", "id_ed25519.old", "tls.key", "deep/.env", ".netrc"})
        writeFile(root() / name, "TOKEN=1");
    git({"add", "-f", ".env", "tls.key"});
    const Snapshot snapshot = take();
    EXPECT_EQ(paths(), std::vector<std::string>{"train.py"});
    EXPECT_EQ(reasonFor(snapshot, ".env"), "may hold a secret");
    EXPECT_EQ(reasonFor(snapshot, "deep/.env"), "may hold a secret");
    base::ProcessSpec grep;
    grep.command = {"git",  "--git-dir", project().codeGit().string(),
                    "grep", "TOKEN",     "refs/versions/" + m_version.text()};
    EXPECT_EQ(must(base::runCommand(grep, "", std::chrono::seconds(30))).out, "");
}

TEST_F(SnapshotTest, OfAPlainFolderLeavesOutCachesAndEnvironments) {
    for (const char* name :
         {"train.py", "data/x.csv", "__pycache__/train.cpython-311.pyc", "node_modules/a/index.js", ".venv/bin/python",
          "myenv/pyvenv.cfg", "myenv/lib/python3.11/os.py", "pkg/__pycache__/x.pyc", ".mypy_cache/x"})
        writeFile(root() / name, name);
    const Snapshot snapshot = take();
    EXPECT_EQ(paths(), (std::vector<std::string>{"data/x.csv", "train.py"}));
    EXPECT_FALSE(snapshot.git.has_value());
    EXPECT_EQ(reasonFor(snapshot, "myenv/"), "virtual environment or installed packages");
}

TEST_F(SnapshotTest, KeepsModesLinksAndOddNames) {
    writeFile(root() / "run.sh", "#!/bin/sh\n");
    fs::permissions(root() / "run.sh", fs::perms::owner_all);
    fs::create_symlink("run.sh", root() / "link");
    fs::create_symlink("/nowhere/at/all", root() / "dangling");
    fs::create_directory_symlink("data", root() / "folder-link");
    for (const std::string name : {"with space.py", "ünïcode.py", "line\nbreak.py", "-dash.py", "data/x.py"})
        writeFile(root() / name, name);
    writeFile(root() / "empty.py", "");
    take();
    const fs::path out = m_folder / "exported";
    must(must(SourceTrees::open(project())).exportTree(m_version, out));
    EXPECT_EQ(fs::read_symlink(out / "link"), "run.sh");
    EXPECT_EQ(fs::read_symlink(out / "dangling"), "/nowhere/at/all");
    EXPECT_EQ(fs::read_symlink(out / "folder-link"), "data");
    EXPECT_NE(fs::status(out / "run.sh").permissions() & fs::perms::owner_exec, fs::perms::none);
    EXPECT_EQ(fs::status(out / "empty.py").permissions() & fs::perms::owner_exec, fs::perms::none);
    EXPECT_EQ(fs::file_size(out / "empty.py"), 0U);
    EXPECT_EQ(readFile(out / "line\nbreak.py"), "line\nbreak.py");
    EXPECT_EQ(readFile(out / "ünïcode.py"), "ünïcode.py");
}

TEST_F(SnapshotTest, TakesSubmodulesAndNestedRepositoriesWithTheirDirtyFiles) {
    const fs::path library = m_folder / "library";
    fs::create_directories(library);
    git({"init", "-q", "-b", "main"}, library);
    writeFile(library / "lib.py", "clean\n");
    git({"add", "."}, library);
    git({"commit", "-q", "-m", "lib"}, library);
    makeRepository();
    git({"submodule", "--quiet", "add", library.string(), "vendor/lib"});
    writeFile(root() / "vendor" / "lib" / "lib.py", "dirty\n");
    writeFile(root() / "vendor" / "lib" / "extra.py", "untracked in the submodule\n");
    git({"clone", "-q", library.string(), "nested"});
    writeFile(root() / "nested" / ".gitignore", "*.tmp\n");
    writeFile(root() / "nested" / "x.tmp", "ignored there\n");
    take();
    EXPECT_EQ(stored("vendor/lib/lib.py"), "dirty\n");
    EXPECT_EQ(stored("vendor/lib/extra.py"), "untracked in the submodule\n");
    EXPECT_EQ(stored("nested/lib.py"), "clean\n");
    const auto all = paths();
    EXPECT_EQ(std::count_if(all.begin(), all.end(),
                            [](const std::string& path) { return path.find(".git/") != std::string::npos; }),
              0);
    EXPECT_EQ(std::find(all.begin(), all.end(), "nested/x.tmp"), all.end());
}

TEST_F(SnapshotTest, SkipsWhatIsTooLargeAndSaysSo) {
    writeFile(root() / "train.py", "x");
    writeFile(root() / "big.bin", std::string(5000, 'b'));
    for (int i = 0; i < 5; ++i) writeFile(root() / ("part" + std::to_string(i)), std::string(900, 'p'));
    m_version = base::Uuid::make();
    const Snapshot snapshot = must(recordSnapshot(project(), m_version, {1000, 2000}));
    EXPECT_EQ(snapshot.files, 3U);  // the smallest first: the script and two parts
    EXPECT_EQ(stored("train.py"), "x");
    EXPECT_NE(reasonFor(snapshot, "big.bin").find("larger than the limit"), std::string::npos);
    EXPECT_NE(reasonFor(snapshot, "part4").find("reached its limit"), std::string::npos);
    const Snapshot facts = must(must(SourceTrees::open(project())).facts(m_version));
    EXPECT_EQ(facts.skipped.size(), snapshot.skipped.size());
}

TEST_F(SnapshotTest, ReadsOnlyWhatChangedTheSecondTime) {
    for (int i = 0; i < 20; ++i) {
        const fs::path file = root() / ("f" + std::to_string(i));
        writeFile(file, std::to_string(i));
        const timespec old[2] = {{1'000'000, 0}, {1'000'000, 0}};  // not racily young
        ASSERT_EQ(utimensat(AT_FDCWD, file.c_str(), old, 0), 0);
    }
    EXPECT_EQ(take().filesRead, 20U);
    EXPECT_EQ(take().filesRead, 0U);
    writeFile(root() / "f3", "9");
    fs::remove(root() / "f4");
    const Snapshot third = take();
    EXPECT_EQ(third.filesRead, 1U);
    EXPECT_EQ(third.files, 19U);
    EXPECT_EQ(stored("f3"), "9");
}

TEST_F(SnapshotTest, SeesAChangeThatKeepsSizeAndTime) {
    writeFile(root() / "train.py", "aaa");
    take();
    writeFile(root() / "train.py", "bbb");  // within the clock's grain of the first
    take();
    EXPECT_EQ(stored("train.py"), "bbb");
}

TEST_F(SnapshotTest, NotesTheRepositorysHeadBranchAndDirt) {
    makeRepository();
    git({"remote", "add", "origin", "https://user:token@example.org/x.git"});
    const Snapshot clean = take();
    ASSERT_TRUE(clean.git.has_value());
    EXPECT_EQ(clean.git->head + "\n", git({"rev-parse", "HEAD"}));
    EXPECT_EQ(clean.git->branch, "main");
    EXPECT_EQ(clean.git->remote, "https://example.org/x.git");
    EXPECT_FALSE(clean.git->dirty);
    writeFile(root() / "train.py", "changed\n");
    EXPECT_TRUE(take().git->dirty);
}

TEST_F(SnapshotTest, SurvivesARepositoryWithoutACommit) {
    git({"init", "-q", "-b", "main"});
    writeFile(root() / "train.py", "x");
    const Snapshot snapshot = take();
    EXPECT_EQ(snapshot.files, 1U);
    ASSERT_TRUE(snapshot.git.has_value());
    EXPECT_EQ(snapshot.git->head, "");
    EXPECT_EQ(snapshot.git->branch, "main");
}

TEST_F(SnapshotTest, OfAFolderInsideARepositoryHonoursTheOuterIgnoreFile) {
    const fs::path outer = m_folder / "outer";
    fs::create_directories(outer / "inner");
    git({"init", "-q", "-b", "main"}, outer);
    writeFile(outer / ".gitignore", "*.log\n");
    writeFile(outer / "beside.py", "not of this project");
    const Project inner = must(Project::create(outer / "inner"));
    writeFile(inner.root() / "train.py", "x");
    writeFile(inner.root() / "a.log", "x");
    const base::Uuid version = base::Uuid::make();
    must(recordSnapshot(inner, version));
    const auto files = must(must(SourceTrees::open(inner)).list(version));
    ASSERT_EQ(files.size(), 1U);
    EXPECT_EQ(files[0].path, "train.py");
}

TEST_F(SnapshotTest, NamesFilesThatChangedAfterTheRunBegan) {
    writeFile(root() / "train.py", "x");
    const timespec old[2] = {{1'000'000, 0}, {1'000'000, 0}};
    ASSERT_EQ(utimensat(AT_FDCWD, (root() / "train.py").c_str(), old, 0), 0);
    const RunWriter run(project(), base::Uuid::make());
    writeFile(root() / "late.py", "y");
    const Snapshot snapshot = must(recordSnapshot(project(), run.uuid()));
    EXPECT_EQ(snapshot.changedSince, std::vector<std::string>{"late.py"});
}

TEST_F(SnapshotTest, IsImportedFromASourcePack) {
    const RunWriter run(project(), base::Uuid::make());
    {
        auto pack = must(format::JournalWriter::create(
            run.folder() / "source.pack", {format::JournalType::SourcePack, run.uuid(), base::wallClockMicros()}));
        for (const auto& [path, mode] :
             std::map<std::string, unsigned>{{"train.py", 0100644}, {"pkg/run.sh", 0100755}}) {
            base::ByteWriter payload;
            payload.putText(path);
            payload.putVarint(mode);
            payload.putBytes(base::bytesOf("content of " + path + "\r\n"));
            must(pack.append(format::FrameKind::File, payload.view()));
        }
        const auto early = importSourcePack(project(), run.uuid());
        EXPECT_EQ(early.error().code(), base::ErrorCode::NothingToDo);  // not sealed yet
        must(pack.seal());
    }
    Ingester ingester = must(Ingester::open(project()));
    ASSERT_DONE(ingester.ingestOnce());
    EXPECT_FALSE(fs::exists(run.folder() / "source.pack"));
    m_version = run.uuid();
    EXPECT_EQ(stored("pkg/run.sh"), "content of pkg/run.sh\r\n");
    EXPECT_TRUE(must(must(Catalog::open(project())).version(run.uuid()))->hasSource);
}

TEST_F(SnapshotTest, SaysWhichVersionHasNoSource) {
    const SourceTrees trees = must(SourceTrees::open(project()));
    EXPECT_FALSE(trees.has(base::Uuid::make()));
    EXPECT_EQ(trees.list(base::Uuid::make()).error().code(), base::ErrorCode::NotFound);
    writeFile(root() / "train.py", "x");
    take();
    EXPECT_TRUE(trees.has(m_version));
    EXPECT_EQ(trees.readFile(m_version, "nothing.py").error().code(), base::ErrorCode::NotFound);
}

}  // namespace
}  // namespace hindcast::store
