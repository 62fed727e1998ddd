// SPDX-License-Identifier: Apache-2.0
#include "core/store/pack/pack.h"

#include <numeric>

#include "core/base/file.h"
#include "core/format/version_reader.h"
#include "core/store/catalog/catalog.h"
#include "core/store/catalog/ingester.h"
#include "core/store/check/fsck.h"
#include "core/store/columns/value_reader.h"
#include "core/store/lease.h"
#include "tests/core/store/store_fixture.h"

namespace hindcast::store {
namespace {

namespace fs = std::filesystem;

std::vector<float> weights(int seed, std::size_t count = 100'000) {
    std::vector<float> out(count);
    for (std::size_t i = 0; i < count; ++i)
        out[i] = 1.0F / static_cast<float>(i % 977 + 1) + 0.001F * static_cast<float>(seed);
    return out;
}

class PackTest : public StoreTest {
protected:
    /// A finished version whose captures hold these weights, the first alike in all versions.
    base::Uuid record(const std::vector<int>& seeds, bool seal = true) {
        RunWriter run(project(), base::Uuid::make());
        run.enter("epoch");
        std::int64_t epoch = 0;
        for (const int seed : seeds) {
            run.capture(epoch, weights(seed)).next().number("loss", 0.25 * seed).flush();
            ++epoch;
        }
        run.leave();
        seal ? run.end() : run.abandon();
        return run.uuid();
    }
    PackReport pack() {
        std::vector<base::Uuid> versions;
        for (const std::string& name : must(base::listFolder(project().versions())))
            versions.push_back(*base::Uuid::parse(name));
        return must(packVersions(project(), versions));
    }
    /// Reads every tensor of a version and compares it with what was captured.
    void expectWhole(const base::Uuid& version, const std::vector<int>& seeds) {
        auto reader = must(format::VersionReader::open(project().versionFolder(version)));
        expectWhole(reader, seeds);
    }
    static void expectWhole(format::VersionReader& reader, const std::vector<int>& seeds) {
        ASSERT_EQ(reader.captures().size(), seeds.size());
        for (std::size_t i = 0; i < seeds.size(); ++i) {
            const auto capture = must(reader.capture(i));
            std::vector<float> read(capture.tensors.at(0).rawBytes / sizeof(float));
            ASSERT_DONE(reader.readTensor(capture.tensors[0], std::as_writable_bytes(std::span(read))));
            EXPECT_EQ(read, weights(seeds[i]));
        }
    }
    void expectNoDamage() {
        for (const Damage& damage : must(fsck(project())).damages)
            ADD_FAILURE() << damage.path << ": " << damage.what << " — " << damage.costs;
    }
    std::size_t segmentsOf(const base::Uuid& version) {
        return must(base::listFolder(project().versionFolder(version) / "segments")).size();
    }
    std::uintmax_t packedBytes() {
        std::uintmax_t bytes = 0;
        for (const std::string& name : must(base::listFolder(project().packs())))
            bytes += fs::file_size(project().packs() / name);
        return bytes;
    }
};

TEST_F(PackTest, StoresEqualChunksOfAllVersionsOnce) {
    const base::Uuid first = record({0, 1, 2});
    const base::Uuid second = record({0, 1, 3});
    must(must(Ingester::open(project())).ingestOnce());
    const PackReport report = pack();
    EXPECT_EQ(report.versions, 2);
    EXPECT_EQ(report.copied, 8);  // two chunks each of weights 0, 1, 2 and 3
    EXPECT_EQ(report.shared, 4);
    EXPECT_TRUE(report.skipped.empty());
    EXPECT_GT(report.freedBytes, report.writtenBytes);
    EXPECT_EQ(segmentsOf(first) + segmentsOf(second), 0U);
    expectWhole(first, {0, 1, 2});
    expectWhole(second, {0, 1, 3});
    expectNoDamage();
    EXPECT_EQ(pack().versions, 0);
}

TEST_F(PackTest, KeepsValuesNumbersAndCapturesOfTheIndex) {
    const base::Uuid version = record({0, 1});
    must(must(Ingester::open(project())).ingestOnce());
    const auto before = must(must(Catalog::open(project())).captures(version));
    pack();
    const Catalog catalog = must(Catalog::open(project()));
    const auto after = must(catalog.captures(version));
    ASSERT_EQ(after.size(), before.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
        EXPECT_EQ(after[i].sequence, before[i].sequence);
        EXPECT_TRUE(after[i].stored);
    }
    EXPECT_EQ(must(catalog.version(version))->number, 1);
    EXPECT_EQ(must(must(ValueReader::open(project())).scan(version, "loss")).series.at(0).count, 2U);
    // Nothing is left to notice: the index knows the new journal.
    EXPECT_FALSE(must(must(Ingester::open(project())).ingestOnce()).removed);
}

TEST_F(PackTest, LeavesRecordingAndCrashedVersionsAlone) {
    const base::Uuid crashed = record({0}, false);
    RunWriter recording(project(), base::Uuid::make());
    recording.enter("epoch").capture(0, weights(0)).next().flush();
    const PackReport report = pack();
    EXPECT_EQ(report.versions, 0);
    EXPECT_EQ(report.skipped.size(), 2U);
    EXPECT_EQ(segmentsOf(crashed), 1U);
    EXPECT_EQ(segmentsOf(recording.uuid()), 1U);
    expectWhole(crashed, {0});
}

TEST_F(PackTest, LeavesADamagedVersionAsItIs) {
    const base::Uuid version = record({0, 1});
    const fs::path segment = project().versionFolder(version) / "segments" / "seg-000001";
    std::string bytes = readFile(segment);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 8);
    writeFile(segment, bytes);
    const std::string journal = readFile(project().versionFolder(version) / "journal");
    const PackReport report = pack();
    ASSERT_EQ(report.skipped.size(), 1U);
    EXPECT_EQ(readFile(project().versionFolder(version) / "journal"), journal);
    EXPECT_EQ(segmentsOf(version), 2U);
}

TEST_F(PackTest, MovesChainsOfDifferencesWithTheirBases) {
    const base::Uuid version = base::Uuid::make();
    RunWriter run(project(), version);
    run.enter("epoch");
    run.captureChain(4);
    run.leave();
    run.end();
    const PackReport report = pack();
    EXPECT_EQ(report.versions, 1);
    EXPECT_EQ(segmentsOf(version), 0U);
    auto reader = must(format::VersionReader::open(project().versionFolder(version)));
    for (std::size_t i = 0; i < 4; ++i) {
        const auto capture = must(reader.capture(i));
        std::vector<float> read(capture.tensors.at(0).rawBytes / sizeof(float));
        ASSERT_DONE(reader.readTensor(capture.tensors[0], std::as_writable_bytes(std::span(read))));
        EXPECT_EQ(read, RunWriter::chainWeights(static_cast<int>(i)));
    }
    expectNoDamage();
}

TEST_F(PackTest, AReaderThatIsOpenFindsChunksWhereTheyWereMoved) {
    const base::Uuid version = record({0, 1, 2});
    auto reader = must(format::VersionReader::open(project().versionFolder(version)));
    pack();
    expectWhole(reader, {0, 1, 2});
    must(collectPacks(project(), false));
    expectWhole(reader, {0, 1, 2});
}

TEST_F(PackTest, FreesChunksOfVersionsThatAreGone) {
    const base::Uuid kept = record({0, 1});
    const base::Uuid gone = record({0, 2, 3});
    pack();
    const auto before = packedBytes();
    fs::remove_all(project().versionFolder(gone));
    const PackGarbage pretended = must(collectPacks(project(), true));
    EXPECT_EQ(packedBytes(), before);
    const PackGarbage garbage = must(collectPacks(project(), false));
    EXPECT_EQ(garbage.chunks, 4);
    EXPECT_EQ(garbage.bytes, pretended.bytes);
    EXPECT_LE(packedBytes(), before - static_cast<std::uintmax_t>(garbage.bytes) + format::kSegmentHeaderBytes);
    expectWhole(kept, {0, 1});
    expectNoDamage();
    EXPECT_EQ(must(collectPacks(project(), false)).chunks, 0);
}

TEST_F(PackTest, ThrowsNothingAwayWhileAVersionCannotBeReadWhole) {
    const base::Uuid kept = record({0, 1});
    const base::Uuid gone = record({2});
    pack();
    fs::remove_all(project().versionFolder(gone));
    const fs::path journal = project().versionFolder(kept) / "journal";
    std::string bytes = readFile(journal);
    bytes[80] = static_cast<char>(bytes[80] ^ 1);
    writeFile(journal, bytes);
    const auto before = packedBytes();
    const auto collected = collectPacks(project(), false);
    ASSERT_FALSE(collected);
    EXPECT_EQ(collected.error().code(), base::ErrorCode::Damaged);
    EXPECT_EQ(packedBytes(), before);
}

TEST_F(PackTest, RemovesWhatACrashBeforeTheRenameLeft) {
    const base::Uuid version = record({0, 1});
    // As a packer that was killed leaves it: chunks in a pack that nothing names, a new journal that was not renamed.
    writeFile(project().versionFolder(version) / "journal.new-77", "half");
    must(base::makeFolder(project().packs()));
    fs::copy(project().versionFolder(version) / "segments" / "seg-000000", project().packs() / "seg-000000");
    expectWhole(version, {0, 1});
    EXPECT_EQ(pack().versions, 1);
    EXPECT_FALSE(fs::exists(project().versionFolder(version) / "journal.new-77"));
    must(collectPacks(project(), false));
    expectWhole(version, {0, 1});
    expectNoDamage();
}

TEST_F(PackTest, WaitsForNobodyElsesLease) {
    record({0});
    const Lease lease = must(Lease::take(project(), "rm"));
    const auto busy = Lease::take(project(), "pack", std::chrono::milliseconds(1));
    ASSERT_FALSE(busy);
    EXPECT_EQ(busy.error().code(), base::ErrorCode::Busy);
    EXPECT_NE(busy.error().text().find("hindcast rm"), std::string::npos) << busy.error().text();
}

TEST_F(PackTest, AnIndexElsewhereTakesTheRewrittenJournalIn) {
    const base::Uuid version = record({0, 1});
    must(must(Ingester::open(project())).ingestOnce());
    // The same index as another host would have it: copied before, used after.
    const fs::path copy = m_folder / "catalog.db";
    fs::copy(project().catalogFile(), copy);
    const fs::path columns = m_folder / "columns";
    fs::copy(project().columns(), columns);
    pack();
    for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(project().catalogFile().string() + suffix);
    fs::remove_all(project().columns());
    fs::copy(copy, project().catalogFile());
    fs::copy(columns, project().columns());
    must(must(Ingester::open(project())).ingestOnce());
    EXPECT_EQ(must(must(Catalog::open(project())).captures(version)).size(), 2U);
    EXPECT_EQ(must(must(ValueReader::open(project())).scan(version, "loss")).series.at(0).count, 2U);
    expectNoDamage();
}

}  // namespace
}  // namespace hindcast::store
