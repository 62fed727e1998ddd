// SPDX-License-Identifier: Apache-2.0
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/store/annotations/annotations.h"
#include "core/store/catalog/catalog.h"
#include "core/store/catalog/ingester.h"
#include "core/store/columns/value_reader.h"
#include "core/store/pack/pack.h"
#include "core/store/source/snapshot.h"
#include "core/store/source/source_trees.h"
#include "tests/core/store/store_fixture.h"

namespace hindcast::store {
namespace {

namespace fs = std::filesystem;

constexpr gid_t kTeam = 54321;

/// A store whose folder belongs to a group of its own. Other users are played by children with another uid, so the
/// tests that need one run where they are root, as in CI.
class SharedStoreTest : public StoreTest {
protected:
    /// libgit2 looks for the user's settings once a process; those of root are not for the others to see.
    static void SetUpTestSuite() { setenv("HOME", "/", 1); }

    /// Makes a second project as HINDCAST_SHARED says, in a folder of the team.
    Project makeShared(const char* with) {
        const fs::path folder = m_folder / "team";
        fs::create_directories(folder);
        fs::permissions(m_folder, fs::perms(0755));
        if (chown(folder.c_str(), static_cast<uid_t>(-1), kTeam) != 0) ADD_FAILURE() << "cannot chown";
        if (chmod(folder.c_str(), 02775) != 0) ADD_FAILURE() << "cannot chmod";
        setenv("HINDCAST_SHARED", with, 1);
        auto made = Project::create(folder);
        unsetenv("HINDCAST_SHARED");
        return must(std::move(made));
    }
    static mode_t rightsOf(const fs::path& path) {
        struct stat info {};
        return stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
    }
    /// Runs `act` as somebody else of the group `group`, with a personal umask; true when it says so and nothing threw.
    static bool asSomebody(uid_t user, gid_t group, const fs::path& home, const std::function<bool()>& act) {
        const pid_t child = fork();
        if (child == 0) {
            umask(077);
            setenv("HOME", home.c_str(), 1);
            setenv("XDG_CACHE_HOME", home.c_str(), 1);
            bool done = setgroups(0, nullptr) == 0 && setgid(group) == 0 && setuid(user) == 0;
            try {
                done = done && act();
            } catch (const std::exception& error) {
                fprintf(stderr, "as user %u: %s\n", user, error.what());
                done = false;
            }
            _exit(done ? 0 : 1);
        }
        int status = 1;
        waitpid(child, &status, 0);
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    fs::path homeOf(uid_t user) {
        const fs::path home = m_folder / ("home-" + std::to_string(user));
        fs::create_directories(home);
        if (chown(home.c_str(), user, static_cast<gid_t>(-1)) != 0) ADD_FAILURE() << "cannot chown";
        return home;
    }
    static base::Uuid record(const Project& project, double loss) {
        RunWriter run(project, base::Uuid::make());
        run.enter("epoch").capture(0, std::vector<float>(500, 2.5F)).next().number("loss", loss).flush();
        run.leave();
        run.end();
        must(recordSnapshot(project, run.uuid()));
        must(must(Ingester::open(project)).ingestOnce());
        return run.uuid();
    }
};

TEST_F(SharedStoreTest, IsItsOwnersAloneUnlessAskedOtherwise) {
    const base::Uuid version = record(project(), 1);
    for (const auto& entry : fs::recursive_directory_iterator(project().store())) {
        // libgit2 makes its files with rights of its own; the folder around keeps others out.
        if (entry.path().string().find("/code.git") != std::string::npos) continue;
        EXPECT_EQ(rightsOf(entry.path()), entry.is_directory() ? 0700U : 0600U) << entry.path();
    }
    EXPECT_EQ(rightsOf(project().store()), 0700U);
    EXPECT_TRUE(fs::exists(project().versionFolder(version)));
}

TEST_F(SharedStoreTest, ASetgidProjectFolderAloneSharesNothing) {
    const fs::path folder = m_folder / "setgid";
    fs::create_directories(folder);
    ASSERT_EQ(chmod(folder.c_str(), 02775), 0);
    const Project made = must(Project::create(folder));
    EXPECT_EQ(rightsOf(made.store()) & 0777, 0700U);
    EXPECT_EQ(rightsOf(made.versions()) & 0777, 0700U);
}

TEST_F(SharedStoreTest, RefusesAWordItDoesNotKnow) {
    setenv("HINDCAST_SHARED", "everybody", 1);
    const auto made = Project::create(m_folder / "other");
    unsetenv("HINDCAST_SHARED");
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code(), base::ErrorCode::InvalidArgument);
}

TEST_F(SharedStoreTest, AGroupRecordsReadsAndPacksTogether) {
    if (geteuid() != 0) GTEST_SKIP() << "needs root to play other users";
    const Project team = makeShared("group");
    EXPECT_EQ(rightsOf(team.store()), 02770U);
    EXPECT_EQ(rightsOf(team.versions()), 02770U);
    ASSERT_EQ(chown(team.root().c_str(), 1001, kTeam), 0);
    const auto hand = [&team] { return record(team, 1), true; };
    ASSERT_TRUE(asSomebody(1001, kTeam, homeOf(1001), hand));
    EXPECT_TRUE(asSomebody(1002, kTeam, homeOf(1002), [&team] {
        const Project project = must(Project::find(team.root()));
        record(project, 2);
        const auto versions = must(must(Catalog::open(project)).versions());
        if (versions.size() != 2) return false;
        for (const VersionRow& row : versions) {
            if (must(must(ValueReader::open(project)).scan(row.uuid, "loss")).series.at(0).count != 1) return false;
            if (!must(SourceTrees::open(project)).has(row.uuid)) return false;
        }
        must(must(Annotations::open(project)).setTag(versions[0].uuid, "good", true));
        return must(packVersions(project, {versions[0].uuid, versions[1].uuid})).versions == 2;
    }));
    EXPECT_TRUE(asSomebody(1001, kTeam, homeOf(1001), [&team] {
        must(must(Ingester::open(team)).ingestOnce());
        const auto versions = must(must(Catalog::open(team)).versions());
        return versions.size() == 2 && versions[0].tags == std::vector<std::string>{"good"};
    }));
    EXPECT_FALSE(asSomebody(1003, 1003, homeOf(1003), [&team] { return Project::open(team.root()).has_value(); }));
}

TEST_F(SharedStoreTest, AReaderWithoutTheRightToWriteHasItsIndexInItsCache) {
    if (geteuid() != 0) GTEST_SKIP() << "needs root to play other users";
    const Project team = makeShared("group-read");
    EXPECT_EQ(rightsOf(team.store()), 02750U);
    record(team, 1);
    EXPECT_TRUE(asSomebody(1002, kTeam, homeOf(1002), [&team] {
        const Project project = must(Project::find(team.root()));
        if (project.isWritable() || project.indexFolder() == project.store()) return false;
        must(must(Ingester::open(project)).ingestOnce());
        const auto versions = must(must(Catalog::open(project)).versions());
        if (versions.size() != 1 || versions[0].number != 1) return false;
        if (packVersions(project, {versions[0].uuid}).error().code() != base::ErrorCode::Refused) return false;
        return must(must(ValueReader::open(project)).scan(versions[0].uuid, "loss")).series.at(0).count == 1;
    }));
}

}  // namespace
}  // namespace hindcast::store
