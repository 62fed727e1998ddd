// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/store/scratch.h"
#include "tests/core/store/store_fixture.h"

namespace hindcast::store {
namespace {

using ProjectTest = StoreTest;

TEST_F(ProjectTest, IsFoundFromAFileDeepInsideIt) {
    writeFile(root() / "src" / "deep" / "train.py", "");
    const auto found = Project::find(root() / "src" / "deep" / "train.py");
    ASSERT_DONE(found);
    EXPECT_EQ(found->root(), root());
}

TEST_F(ProjectTest, SaysHowToMakeAStoreWhereThereIsNone) {
    std::filesystem::create_directories(m_folder / "elsewhere");
    const auto found = Project::find(m_folder / "elsewhere");
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code(), base::ErrorCode::NotFound);
    EXPECT_NE(found.error().text().find("hindcast run"), std::string::npos);
}

TEST_F(ProjectTest, RefusesANewerLayout) {
    writeFile(root() / ".hindcast" / "FORMAT", "hindcast-store 2\n");
    const auto opened = Project::open(root());
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code(), base::ErrorCode::NewerFormat);
}

TEST_F(ProjectTest, CallsAnUnreadableLayoutDamaged) {
    writeFile(root() / ".hindcast" / "FORMAT", "nonsense");
    const auto opened = Project::open(root());
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code(), base::ErrorCode::Damaged);
}

TEST_F(ProjectTest, KeepsItsStoreFromOthersAndOutOfTheRepository) {
    struct stat info {};
    ASSERT_EQ(stat(project().store().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0700U);
    EXPECT_EQ(readFile(project().store() / ".gitignore"), "*\n");
}

TEST_F(ProjectTest, IsNeverMadeInAHomeFolder) {
    const std::filesystem::path home = m_folder / "home";
    std::filesystem::create_directories(home);
    const std::string before = getenv("HOME") != nullptr ? getenv("HOME") : "";
    setenv("HOME", home.c_str(), 1);
    const auto made = Project::create(home);
    setenv("HOME", before.c_str(), 1);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code(), base::ErrorCode::Refused);
    EXPECT_FALSE(std::filesystem::exists(home / ".hindcast"));
}

TEST_F(ProjectTest, OfAScriptIsItsWorkTreeOrItsOwnFolder) {
    writeFile(m_folder / "repository" / ".git" / "HEAD", "ref: refs/heads/main\n");
    writeFile(m_folder / "repository" / "src" / "train.py", "");
    writeFile(m_folder / "plain" / "train.py", "");
    EXPECT_EQ(Project::rootFor(m_folder / "repository" / "src" / "train.py"), m_folder / "repository");
    EXPECT_EQ(Project::rootFor(m_folder / "plain" / "train.py"), m_folder / "plain");
}

TEST_F(ProjectTest, PutsTheIndexIntoTheCacheWhenTheStoreCannotBeWritten) {
    if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
    ASSERT_EQ(chmod(project().store().c_str(), 0500), 0);
    const auto opened = Project::open(root());
    chmod(project().store().c_str(), 0700);
    ASSERT_DONE(opened);
    EXPECT_FALSE(opened->isWritable());
    EXPECT_NE(opened->indexFolder(), opened->store());
}

TEST_F(ProjectTest, PrunesOldScratchFoldersButNotYoungOnesOrLocks) {
    const auto scratch = project().scratch();
    writeFile(scratch / "old" / "file", "x");
    writeFile(scratch / "young" / "file", "x");
    writeFile(scratch / "numbers.lock", "");
    const timespec longAgo[2] = {{1000, 0}, {1000, 0}};
    for (const auto& path : {scratch / "old" / "file", scratch / "old", scratch / "numbers.lock"})
        ASSERT_EQ(utimensat(AT_FDCWD, path.c_str(), longAgo, 0), 0);
    const auto removed = pruneScratch(project());
    ASSERT_DONE(removed);
    EXPECT_EQ(*removed, 1);
    EXPECT_FALSE(std::filesystem::exists(scratch / "old"));
    EXPECT_TRUE(std::filesystem::exists(scratch / "young"));
    EXPECT_TRUE(std::filesystem::exists(scratch / "numbers.lock"));
}

}  // namespace
}  // namespace hindcast::store
