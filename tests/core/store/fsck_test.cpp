// SPDX-License-Identifier: Apache-2.0
#include "core/store/check/fsck.h"

#include <algorithm>
#include <random>

#include "core/store/annotations/annotations.h"
#include "core/store/catalog/ingester.h"
#include "core/store/columns/value_reader.h"
#include "core/store/source/snapshot.h"
#include "tests/core/store/store_fixture.h"

namespace hindcast::store {
namespace {

namespace fs = std::filesystem;

class FsckTest : public StoreTest {
protected:
    /// A whole small store: a version with three captures, its source, a tag, an index.
    void makeStore() {
        RunWriter run(project(), base::Uuid::make());
        run.enter("epoch");
        for (int epoch = 0; epoch < 3; ++epoch) {
            std::vector<float> weights(300);
            for (std::size_t i = 0; i < weights.size(); ++i)
                weights[i] = static_cast<float>(i) * 0.37F + static_cast<float>(epoch);
            run.capture(epoch, weights).next().number("loss", 0.1 * epoch).flush();
        }
        run.leave();
        run.end();
        m_run = run.folder();
        writeFile(root() / "train.py", "print(1)\n");
        must(recordSnapshot(project(), run.uuid()));
        must(must(Annotations::open(project())).setTag(run.uuid(), "good", true));
        must(must(Ingester::open(project())).ingestOnce());
    }
    FsckReport check() { return must(fsck(project())); }

    fs::path m_run;
};

TEST_F(FsckTest, FindsNothingInAWholeStore) {
    makeStore();
    const FsckReport report = check();
    for (const Damage& damage : report.damages)
        ADD_FAILURE() << damage.path << ": " << damage.what << " — " << damage.costs;
    EXPECT_EQ(report.versions, 1);
    EXPECT_EQ(report.captures, 3);
    EXPECT_EQ(report.chunks, 3);
    EXPECT_GE(report.objects, 3);
    EXPECT_GE(report.annotations, 2);
}

TEST_F(FsckTest, SaysWhichCaptureADeletedSegmentCosts) {
    makeStore();
    fs::remove(m_run / "segments" / "seg-000001");
    const FsckReport report = check();
    ASSERT_EQ(report.damages.size(), 1U);
    EXPECT_EQ(report.damages[0].path, "versions/" + m_run.filename().string() + "/segments/seg-000001");
    EXPECT_EQ(report.damages[0].what, "it is missing");
    EXPECT_NE(report.damages[0].costs.find("1 capture: boundary epoch=1"), std::string::npos)
        << report.damages[0].costs;
}

TEST_F(FsckTest, FindsAFlippedBitAnywhere) {
    makeStore();
    std::mt19937 random(3);
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(project().store())) {
        const std::string path = entry.path().lexically_relative(project().store()).string();
        const bool content = path.starts_with("versions/") || path.starts_with("annotations/") ||
                             path.starts_with("code.git/objects/") || path.starts_with("columns/");
        if (entry.is_regular_file() && content) files.push_back(entry.path());
    }
    ASSERT_GE(files.size(), 9U);
    for (const fs::path& file : files) {
        if (file.filename() == "run.json")
            continue;  // text: a flipped letter in a value is a right document; see below
        const std::string whole = readFile(file);
        for (int trial = 0; trial < 12; ++trial) {
            std::string flipped = whole;
            // Bytes 12 to 16 of our file heads are reserved, 32 to 40 of a journal's the start: all else is covered by
            // a checksum or checked.
            std::size_t at = random() % whole.size();
            const bool ours = file.string().find("/code.git/") == std::string::npos &&
                              file.string().find("/columns/") == std::string::npos;
            if (ours && at < 40) at = at % 8;
            flipped[at] = static_cast<char>(flipped[at] ^ (1 << random() % 8));
            fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
            fs::remove(file);
            writeFile(file, flipped);
            const FsckReport report = check();
            // The tail of an annotation file may be a killed writer's: it cannot be told from a torn one.
            const bool tail = file.string().find("/annotations/") != std::string::npos && at > 40;
            if (!tail) {
                EXPECT_FALSE(report.damages.empty()) << file << " byte " << at << " of " << whole.size();
            }
        }
        fs::remove(file);
        writeFile(file, whole);
    }
    EXPECT_TRUE(check().damages.empty());
}

TEST_F(FsckTest, TakesATornTailOfACrashedRunForNoDamage) {
    RunWriter run(project(), base::Uuid::make());
    run.enter("epoch").next().number("loss", 1).flush();
    run.next().number("loss", 2).flush();
    run.abandon();
    const fs::path journal = run.folder() / "journal";
    fs::resize_file(journal, fs::file_size(journal) - 5);
    EXPECT_TRUE(check().damages.empty());
}

TEST_F(FsckTest, FindsDamageInTheMiddleOfACrashedRun) {
    RunWriter run(project(), base::Uuid::make());
    run.enter("epoch").next().number("loss", 1).flush();
    const std::size_t first = fs::file_size(run.folder() / "journal");
    run.next().number("loss", 2).flush();
    run.abandon();
    std::string bytes = readFile(run.folder() / "journal");
    bytes[first - 2] = static_cast<char>(bytes[first - 2] ^ 4);
    writeFile(run.folder() / "journal", bytes);
    const FsckReport report = check();
    ASSERT_EQ(report.damages.size(), 1U);
    EXPECT_NE(report.damages[0].what.find("frames go on at"), std::string::npos);
}

TEST_F(FsckTest, FindsLostSourcesAndSaysWhoseTheyAre) {
    makeStore();
    fs::remove_all(project().codeGit());
    const FsckReport report = check();
    ASSERT_EQ(report.damages.size(), 1U);
    EXPECT_NE(report.damages[0].costs.find(m_run.filename().string()), std::string::npos);
}

TEST_F(FsckTest, FindsARunJsonThatIsGoneOrDoesNotParse) {
    makeStore();
    writeFile(m_run / "run.json", "{\"format\": 1,");
    EXPECT_EQ(check().damages.size(), 1U);
    fs::remove(m_run / "run.json");
    ASSERT_EQ(check().damages.size(), 1U);
    EXPECT_NE(check().damages[0].costs.find("cannot be replayed"), std::string::npos);
}

TEST_F(FsckTest, SaysThatADamagedIndexCostsNothingAndReindexRepairsIt) {
    makeStore();
    for (const auto& entry : fs::directory_iterator(project().columns())) writeFile(entry.path(), "short");
    const FsckReport report = check();
    ASSERT_FALSE(report.damages.empty());
    EXPECT_NE(report.damages[0].costs.find("nothing"), std::string::npos);
    ASSERT_DONE(reindex(project()));
    EXPECT_TRUE(check().damages.empty());
    const auto version = *base::Uuid::parse(m_run.filename().string());
    EXPECT_EQ(must(must(ValueReader::open(project())).scan(version, "loss")).series.at(0).count, 3U);
}

TEST_F(FsckTest, StopsWhenItIsToldTo) {
    makeStore();
    const auto stopped = fsck(project(), [](const std::string&) { return false; });
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code(), base::ErrorCode::Cancelled);
}

}  // namespace
}  // namespace hindcast::store
