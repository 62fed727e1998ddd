// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/refusals.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/core/replay/temporary_folder.h"

namespace hindcast::replay {
namespace {

namespace fs = std::filesystem;

class Refusals : public testing::Test {
protected:
    Refusals() {
        m_task.project = "/home/someone-else/project";
        m_task.presentProject = m_folder.path() / "project";
    }
    std::string refused(const std::string& output, SandboxLevel level = SandboxLevel::Landlocked) const {
        return refusalIn("Traceback (most recent call last):\n" + output + "\n", level, m_task);
    }
    static std::string denied(const fs::path& path) {
        return "PermissionError: [Errno 13] Permission denied: '" + path.string() + "'";
    }

    TemporaryFolder m_folder;
    Task m_task;
};

TEST_F(Refusals, UnderLandlockAPathThatTheUserCouldWriteWasRefusedByIt) {
    EXPECT_EQ(refused(denied(m_folder.path() / "result.csv")),
              "replays may not write to " + (m_folder.path() / "result.csv").string() +
                  "; allow it with `hindcast allow write " + m_folder.path().string() + "`");
    EXPECT_EQ(refused(denied(m_folder.path() / "new folder" / "a.txt")).substr(0, 24), "replays may not write to");
}

TEST_F(Refusals, UnderLandlockAPathThatTheUserCannotWriteEitherIsAnotherMatter) {
    if (::geteuid() == 0) GTEST_SKIP() << "who may write everywhere cannot tell";
    EXPECT_EQ(refused(denied("/proc/version")), "");
}

TEST_F(Refusals, UnderLandlockNoOneIsToldToOpenTheProjectItselfToReplays) {
    const std::string text = refused(denied(m_task.presentProject / "out" / "best.pt"));
    EXPECT_NE(text.find("absolute path"), std::string::npos) << text;
    EXPECT_EQ(text.find("hindcast allow write"), std::string::npos) << text;
}

TEST_F(Refusals, ADenialWithoutAPathIsOneOfTheNetworkUnlessThatIsAllowed) {
    const std::string output = "<urlopen error [Errno 13] Permission denied>";
    EXPECT_NE(refused(output).find("hindcast allow network"), std::string::npos);
    EXPECT_EQ(refused(output, SandboxLevel::None), "");
    m_task.allowed.network = true;
    EXPECT_EQ(refused(output), "");
}

TEST_F(Refusals, InNamespacesAReadOnlyFileSystemAndAMissingNetworkSpeak) {
    const std::string write = "OSError: [Errno 30] Read-only file system: '/data/cache/x'";
    EXPECT_NE(refused(write, SandboxLevel::Bound).find("`hindcast allow write /data/cache`"), std::string::npos);
    const std::string lookUp = "socket.gaierror: [Errno -3] Temporary failure in name resolution";
    EXPECT_NE(refused(lookUp, SandboxLevel::Overlaid).find("hindcast allow network"), std::string::npos);
    EXPECT_EQ(refused(denied(m_folder.path() / "x"), SandboxLevel::Bound), "");
    EXPECT_EQ(refused(write, SandboxLevel::None), "");
    EXPECT_NE(
        refused("sh: 1: cannot create /data/x: Read-only file system", SandboxLevel::Bound).find("write to /data/x;"),
        std::string::npos);
    EXPECT_EQ(refused("ValueError: no such class", SandboxLevel::Bound), "");
}

}  // namespace
}  // namespace hindcast::replay
