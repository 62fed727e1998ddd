// SPDX-License-Identifier: Apache-2.0
#include "core/base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hindcast::base {
namespace {

class FileTest : public testing::Test {
protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "hindcast-file-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        m_folder = pattern;
    }
    void TearDown() override { fs::remove_all(m_folder); }

    fs::path m_folder;
};

TEST_F(FileTest, AtomicWriteReplacesTheWholeFileAndLeavesNothingBeside) {
    const fs::path path = m_folder / "a";
    ASSERT_TRUE(writeFileAtomically(path, bytesOf("long first content")));
    ASSERT_TRUE(writeFileAtomically(path, bytesOf("second")));
    EXPECT_EQ(*readTextFile(path), "second");
    EXPECT_EQ(listFolder(m_folder)->size(), 1U);
}

TEST_F(FileTest, ErrorsOfTheSystemAreToldApart) {
    EXPECT_EQ(File::open(m_folder / "absent", File::Mode::Read).error().code(), ErrorCode::NotFound);
    ASSERT_TRUE(writeFileAtomically(m_folder / "a", bytesOf("x")));
    EXPECT_EQ(File::open(m_folder / "a", File::Mode::CreateNew).error().code(), ErrorCode::Io);
    auto full = File::open("/dev/full", File::Mode::OpenOrCreate);
    ASSERT_TRUE(full);
    EXPECT_EQ(full->write(bytesOf("x")).error().code(), ErrorCode::DiskFull);
}

TEST_F(FileTest, ReadingPastTheEndIsDamageWhenExactBytesWereAskedFor) {
    ASSERT_TRUE(writeFileAtomically(m_folder / "a", bytesOf("12345")));
    const auto file = File::open(m_folder / "a", File::Mode::Read);
    ASSERT_TRUE(file);
    EXPECT_EQ(file->readAt(3, 10)->size(), 2U);
    Bytes ten(10);
    EXPECT_EQ(file->readExactlyAt(0, ten).error().code(), ErrorCode::Damaged);
}

TEST_F(FileTest, ALockIsSeenFromASecondOpenFileAndGoesWithItsOwner) {
    const fs::path path = m_folder / "lock";
    EXPECT_FALSE(isLockedByAnother(path));
    {
        auto owner = File::open(path, File::Mode::OpenOrCreate);
        ASSERT_TRUE(owner);
        ASSERT_TRUE(*owner->tryLock());
        EXPECT_TRUE(isLockedByAnother(path));
        auto second = File::open(path, File::Mode::OpenOrCreate);
        EXPECT_FALSE(*second->tryLock());
    }
    EXPECT_FALSE(isLockedByAnother(path));
}

TEST_F(FileTest, FoldersAreMadeWithTheirParentsAndPrivate) {
    ASSERT_TRUE(makeFolder(m_folder / "a/b/c"));
    struct stat info {};
    ASSERT_EQ(stat((m_folder / "a/b/c").c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0700U);
    ASSERT_TRUE(writeFileAtomically(m_folder / "file", bytesOf("x")));
    EXPECT_FALSE(makeFolder(m_folder / "file"));
}

}  // namespace
}  // namespace hindcast::base
