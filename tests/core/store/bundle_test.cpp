// SPDX-License-Identifier: Apache-2.0
#include "core/store/bundle/bundle.h"

#include <cstring>

#include "core/base/file.h"
#include "core/format/version_reader.h"
#include "core/store/annotations/annotations.h"
#include "core/store/bundle/tar.h"
#include "core/store/catalog/catalog.h"
#include "core/store/catalog/ingester.h"
#include "core/store/check/fsck.h"
#include "core/store/columns/value_reader.h"
#include "core/store/pack/pack.h"
#include "core/store/source/snapshot.h"
#include "core/store/source/source_trees.h"
#include "tests/core/store/store_fixture.h"

namespace hindcast::store {
namespace {

namespace fs = std::filesystem;

class BundleTest : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        m_before = getenv("XDG_CACHE_HOME") != nullptr ? getenv("XDG_CACHE_HOME") : "";
        setenv("XDG_CACHE_HOME", (m_folder / "cache").c_str(), 1);
    }
    void TearDown() override {
        m_before.empty() ? unsetenv("XDG_CACHE_HOME") : setenv("XDG_CACHE_HOME", m_before.c_str(), 1);
        StoreTest::TearDown();
    }
    static std::vector<float> weights(int epoch) {
        return std::vector<float>(80'000, 1.5F + static_cast<float>(epoch));
    }
    base::Uuid record(int number) {
        RunWriter run(project(), base::Uuid::make());
        run.enter("epoch");
        for (int epoch = 0; epoch < 3; ++epoch)
            run.capture(epoch, weights(epoch)).next().number("loss", number).flush();
        run.leave();
        run.end();
        writeFile(root() / "train.py", "print(" + std::to_string(number) + ")\n");
        must(recordSnapshot(project(), run.uuid()));
        return run.uuid();
    }
    base::Uuid replay(const base::Uuid& version) {
        format::ReplayInfo info;
        info.version = version.text();
        info.mode = "deep";
        info.probes = {{"p", 1, "norm", "00", "text"}};
        RunWriter run(project(), base::Uuid::make(), info);
        run.enter("epoch").next().number("norm", 3, 0).flush();
        run.end();
        return run.uuid();
    }
    Project elsewhere() {
        fs::create_directories(m_folder / "elsewhere");
        return must(Project::create(m_folder / "elsewhere"));
    }
    static void expectWhole(const Project& project, const base::Uuid& version) {
        auto reader = must(format::VersionReader::open(project.versionFolder(version)));
        ASSERT_EQ(reader.captures().size(), 3U);
        for (std::size_t i = 0; i < 3; ++i) {
            const auto capture = must(reader.capture(i));
            std::vector<float> read(capture.tensors.at(0).rawBytes / sizeof(float));
            ASSERT_DONE(reader.readTensor(capture.tensors[0], std::as_writable_bytes(std::span(read))));
            EXPECT_EQ(read, weights(static_cast<int>(i)));
        }
        for (const Damage& damage : must(fsck(project)).damages) ADD_FAILURE() << damage.path << ": " << damage.what;
    }
    fs::path file() const { return m_folder / "chosen.tar"; }

    std::string m_before;
};

TEST_F(BundleTest, HoldsTheChosenVersionsAndNothingOfTheOthers) {
    const base::Uuid left = record(1);
    const base::Uuid chosen = record(2);
    const base::Uuid again = replay(chosen);
    must(must(Ingester::open(project())).ingestOnce());
    must(must(Annotations::open(project())).setTag(chosen, "good", true));
    must(must(Annotations::open(project())).setTag(left, "bad", true));
    must(packVersions(project(), {left}));
    const BundleReport report = must(exportBundle(project(), {chosen}, file()));
    EXPECT_EQ(report.replays, 1);
    EXPECT_TRUE(isBundle(file()));
    EXPECT_EQ(readFile(file()).find(left.text()), std::string::npos);
    const Project opened = must(Project::open(must(openBundle(file()))));
    must(must(Ingester::open(opened)).ingestOnce());
    const auto versions = must(must(Catalog::open(opened)).versions());
    ASSERT_EQ(versions.size(), 1U);
    EXPECT_EQ(versions[0].uuid, chosen);
    EXPECT_EQ(versions[0].number, 2);
    EXPECT_EQ(versions[0].tags, std::vector<std::string>{"good"});
    EXPECT_EQ(must(must(ValueReader::open(opened)).scan(chosen, "loss")).series.at(0).count, 3U);
    EXPECT_EQ(must(must(Catalog::open(opened)).replays(chosen)).at(0).uuid, again);
    EXPECT_EQ(must(SourceTrees::open(opened)).readFile(chosen, "train.py").value(), "print(2)\n");
    EXPECT_FALSE(must(SourceTrees::open(opened)).has(left));
    expectWhole(opened, chosen);
    // A second opening finds what the first unpacked.
    EXPECT_EQ(must(openBundle(file())), opened.root());
}

TEST_F(BundleTest, IsTakenInOnceWithNewNumbersAndTheSameIdentity) {
    const base::Uuid first = record(1);
    const base::Uuid second = record(2);
    replay(second);
    must(must(Ingester::open(project())).ingestOnce());
    must(packVersions(project(), {first, second}));
    must(must(Annotations::open(project())).setTag(second, "good", true));
    must(exportBundle(project(), {first, second}, file()));
    const Project target = elsewhere();
    {
        RunWriter own(target, base::Uuid::make());
        own.enter("epoch").capture(0, weights(0)).next().flush();
        own.end();
    }
    must(must(Ingester::open(target)).ingestOnce());
    const BundleReport report = must(importBundle(target, file()));
    EXPECT_EQ(report.versions, (std::vector<base::Uuid>{first, second}));
    EXPECT_EQ(report.replays, 1);
    const auto row = must(must(Catalog::open(target)).version(second));
    ASSERT_TRUE(row.has_value());
    EXPECT_EQ(row->number, 3);
    EXPECT_EQ(row->tags, std::vector<std::string>{"good"});
    EXPECT_EQ(must(SourceTrees::open(target)).readFile(first, "train.py").value(), "print(1)\n");
    expectWhole(target, first);
    expectWhole(target, second);
    const BundleReport secondTime = must(importBundle(target, file()));
    EXPECT_TRUE(secondTime.versions.empty());
    EXPECT_EQ(secondTime.replays, 0);
    EXPECT_EQ(secondTime.knownAlready.size(), 2U);
    EXPECT_EQ(must(must(Catalog::open(target)).versions()).size(), 3U);
    // Nothing of the import is left behind.
    for (const std::string& name : must(base::listFolder(target.scratch())))
        EXPECT_FALSE(fs::is_directory(target.scratch() / name)) << name;
}

TEST_F(BundleTest, ADamagedOneIsRefusedAndChangesNothing) {
    const base::Uuid version = record(1);
    must(exportBundle(project(), {version}, file()));
    std::string bytes = readFile(file());
    const std::size_t segment = bytes.find("HCSEGMNT");
    ASSERT_NE(segment, std::string::npos);
    bytes[segment + 200] = static_cast<char>(bytes[segment + 200] ^ 1);
    writeFile(file(), bytes);
    const Project target = elsewhere();
    const auto imported = importBundle(target, file());
    ASSERT_FALSE(imported);
    EXPECT_EQ(imported.error().code(), base::ErrorCode::Damaged);
    EXPECT_TRUE(must(base::listFolder(target.versions())).empty());
    writeFile(file(), readFile(file()).substr(0, bytes.size() / 2));
    EXPECT_FALSE(importBundle(target, file()));
    EXPECT_TRUE(must(base::listFolder(target.versions())).empty());
}

TEST_F(BundleTest, RefusesNamesThatLeaveTheFolder) {
    writeFile(m_folder / "tree" / "FORMAT", "hindcast-store 1\n");
    writeFile(m_folder / "tree" / "xx" / "evil", "gotcha");
    ASSERT_DONE(writeTar(m_folder / "tree", ".hindcast", "FORMAT", file()));
    std::string bytes = readFile(file());
    const std::string before = ".hindcast/xx/evil";
    const std::size_t at = bytes.find(before);
    ASSERT_NE(at, std::string::npos);
    const std::string after = ".hindcast/../evil";
    bytes.replace(at, before.size(), after);
    // The header's checksum follows: both names have other letters.
    int sum = 0;
    for (std::size_t i = 0; i < 512; ++i) sum += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(bytes[at + i]);
    char text[16];
    std::snprintf(text, sizeof text, "%06o", sum);
    std::memcpy(bytes.data() + at + 148, text, 7);
    writeFile(file(), bytes);
    const auto read = readTar(file(), ".hindcast", m_folder / "out" / "store");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code(), base::ErrorCode::Damaged);
    EXPECT_FALSE(fs::exists(m_folder / "out" / "evil"));
}

TEST_F(BundleTest, RefusesWhatIsBeingRecordedAndAFileThatIsThere) {
    RunWriter run(project(), base::Uuid::make());
    run.enter("epoch").next().number("loss", 1).flush();
    EXPECT_EQ(exportBundle(project(), {run.uuid()}, file()).error().code(), base::ErrorCode::Refused);
    EXPECT_FALSE(fs::exists(file()));
    writeFile(file(), "mine");
    EXPECT_EQ(exportBundle(project(), {}, file()).error().code(), base::ErrorCode::InvalidArgument);
    EXPECT_EQ(readFile(file()), "mine");
}

}  // namespace
}  // namespace hindcast::store
