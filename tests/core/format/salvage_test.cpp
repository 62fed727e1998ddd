// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "core/base/clock.h"
#include "core/format/journal/journal_reader.h"
#include "core/format/journal/journal_salvage.h"
#include "core/format/journal/journal_writer.h"
#include "core/format/tensors/segment.h"
#include "core/format/tensors/segment_salvage.h"
#include "tests/core/format/temporary_folder.h"

namespace hindcast::format {
namespace {

using base::Bytes;
using base::BytesView;

class SalvageTest : public FolderTest {
protected:
    std::filesystem::path journal() const { return m_folder / "journal"; }
    std::filesystem::path segment() const { return m_folder / segmentFileName(3); }
    std::filesystem::path fresh() const { return m_folder / "fresh"; }

    /// Frames of these payloads; END and the seal when `ended`. Returns their offsets.
    std::vector<std::uint64_t> writeJournal(const std::vector<std::string>& payloads, bool ended) {
        auto writer = JournalWriter::create(journal(), header());
        for (const std::string& payload : payloads)
            EXPECT_TRUE(writer->append(FrameKind::Events, base::bytesOf(payload)));
        if (ended) {
            EXPECT_TRUE(writer->append(FrameKind::End, base::bytesOf("{}")));
            EXPECT_TRUE(writer->seal());
        }
        std::vector<std::uint64_t> offsets;
        const auto reader = JournalReader::open(journal(), JournalType::Journal);
        const auto batch = reader->readAll();
        for (const Frame& frame : batch->frames) offsets.push_back(frame.offset);
        return offsets;
    }
    JournalHeader header() const { return {JournalType::Journal, m_uuid, 1}; }
    std::vector<std::string> salvagedPayloads(FrameBatch::Stop stop) {
        const auto batch = JournalReader::open(fresh(), JournalType::Journal)->readAll();
        EXPECT_EQ(batch->stop, stop);
        std::vector<std::string> payloads;
        for (const Frame& frame : batch->frames) payloads.emplace_back(base::textOf(frame.payload));
        return payloads;
    }
    static void flip(const std::filesystem::path& path, std::uint64_t offset) {
        Bytes bytes = *base::readFile(path);
        bytes.at(offset) ^= std::byte{16};
        put(path, bytes);
    }

    /// Chunks of these bytes, one record each.
    std::vector<ChunkPlace> writeSegment(const std::vector<Bytes>& chunks) {
        auto writer = SegmentWriter::create(m_folder, 3, m_uuid);
        ChunkEncoder encoder;
        std::vector<ChunkPlace> places;
        for (const Bytes& chunk : chunks)
            places.push_back(*writer->append(encoder.encode(chunk, DType::U8, digest128(chunk))));
        EXPECT_TRUE(writer->flush());
        EXPECT_TRUE(writer->close());
        return places;
    }
    void expectReadable(ChunkPlace place, const Bytes& content) {
        Bytes out(content.size());
        ChunkReader reader(m_folder, {});
        const auto done = reader.readVerified(place, out);
        EXPECT_TRUE(done) << done.error().text();
        EXPECT_EQ(out, content);
    }
    static Bytes noise(std::size_t size, unsigned seed) {
        Bytes out(size);
        for (std::byte& byte : out) byte = static_cast<std::byte>((seed = seed * 1664525U + 1013904223U) >> 24);
        return out;
    }
    /// Repairs the segment in place.
    SegmentDamage salvage() {
        const auto damage = findSegmentDamage(segment());
        EXPECT_TRUE(damage);
        EXPECT_TRUE(salvageSegment(segment(), fresh(), m_uuid, *damage));
        std::filesystem::rename(fresh(), segment());
        const auto scan = scanSegment(segment());
        EXPECT_TRUE(scan && !scan->torn);
        for (const auto& entry : scan->entries) EXPECT_TRUE(entry.intact) << entry.offset;
        return *damage;
    }

    base::Uuid m_uuid = base::Uuid::make();
};

TEST_F(SalvageTest, AllWholeFramesAreTakenOverAndNumberedAgain) {
    const auto offsets = writeJournal({"first", "second", "third", "fourth"}, true);
    flip(journal(), offsets[1] + kFrameHeaderBytes);
    flip(journal(), offsets[3]);
    const auto salvaged = salvageFrames(journal(), fresh(), {header(), {}, R"({"note":"repaired"})", false});
    ASSERT_TRUE(salvaged);
    EXPECT_EQ(salvaged->frames, 3U);
    EXPECT_EQ(salvaged->lost, 2U);
    EXPECT_EQ(salvagedPayloads(FrameBatch::Stop::Sealed),
              (std::vector<std::string>{"first", "third", R"({"note":"repaired"})", "{}"}));
}

TEST_F(SalvageTest, ARunThatDidNotEndIsNotSealedAndLosesItsTornTail) {
    writeJournal({"first", "second"}, false);
    std::filesystem::resize_file(journal(), std::filesystem::file_size(journal()) - 2);
    const auto salvaged = salvageFrames(journal(), fresh(), {header(), {}, "", false});
    ASSERT_TRUE(salvaged);
    EXPECT_EQ(salvaged->lost, 1U);
    EXPECT_EQ(salvagedPayloads(FrameBatch::Stop::End), (std::vector<std::string>{"first"}));
}

TEST_F(SalvageTest, ADamagedHeaderIsWrittenAnew) {
    writeJournal({"first"}, true);
    flip(journal(), 0);
    flip(journal(), 20);
    ASSERT_TRUE(salvageFrames(journal(), fresh(), {header(), {}, "", false}));
    EXPECT_EQ(JournalReader::open(fresh(), JournalType::Journal)->header().uuid, m_uuid);
    EXPECT_EQ(salvagedPayloads(FrameBatch::Stop::Sealed).size(), 2U);
}

TEST_F(SalvageTest, LoggedBytesThatLookLikeAFrameAreNotTakenForOne) {
    Frame inner;
    inner.kind = FrameKind::Events;
    inner.sequence = 700;
    inner.payload.assign(3, std::byte{7});
    Bytes image;
    ASSERT_TRUE(encodeFrame(inner, false, image));
    const auto offsets = writeJournal({"first", std::string(base::textOf(image)) + "behind it", "third"}, true);
    flip(journal(), offsets[1] + 16);
    ASSERT_TRUE(salvageFrames(journal(), fresh(), {header(), {}, "", false}));
    EXPECT_EQ(salvagedPayloads(FrameBatch::Stop::Sealed), (std::vector<std::string>{"first", "third", "{}"}));
}

TEST_F(SalvageTest, WholeChunksStayWhereTheyAreAndDamagedOnesBecomeEmpty) {
    const std::vector<Bytes> chunks{noise(50, 1), noise(kChunkBytes, 2), noise(70'000, 3), noise(1, 4), noise(900, 5)};
    const auto places = writeSegment(chunks);
    flip(segment(), places[1].offset + 5000);
    flip(segment(), places[3].offset + 2);
    const SegmentDamage damage = salvage();
    EXPECT_FALSE(damage.header);
    EXPECT_EQ(damage.gaps.size(), 2U);
    for (const std::size_t whole : {0U, 2U, 4U}) expectReadable(places[whole], chunks[whole]);
    Bytes out(chunks[1].size());
    EXPECT_FALSE(ChunkReader(m_folder, {}).readVerified(places[1], out) && out == chunks[1]);
}

TEST_F(SalvageTest, SeveralDamagedChunksInARowAndADamagedHeaderAreBridged) {
    const std::vector<Bytes> chunks{noise(kChunkBytes, 1), noise(kChunkBytes, 2), noise(300, 3), noise(40, 4)};
    const auto places = writeSegment(chunks);
    flip(segment(), 4);
    flip(segment(), places[0].offset + 1);
    flip(segment(), places[1].offset + 14);
    flip(segment(), places[2].offset + 70);
    const SegmentDamage damage = salvage();
    EXPECT_TRUE(damage.header);
    expectReadable(places[3], chunks[3]);
}

TEST_F(SalvageTest, TensorBytesThatLookLikeARecordAreNotTakenForOne) {
    ChunkEncoder encoder;
    const Bytes content = noise(64, 9);
    const BytesView record = encoder.encode(content, DType::U8, digest128(content));
    Bytes image = noise(500, 8);
    image.insert(image.begin(), record.begin(), record.end());
    const auto places = writeSegment({noise(30, 1), image, noise(77, 3)});
    flip(segment(), places[1].offset + 200);
    flip(segment(), places[1].offset + 13);
    salvage();
    expectReadable(places[2], noise(77, 3));
}

TEST_F(SalvageTest, ATornTailIsCutOff) {
    const auto places = writeSegment({noise(50, 1), noise(60, 2)});
    std::filesystem::resize_file(segment(), std::filesystem::file_size(segment()) - 3);
    EXPECT_GT(salvage().tail, 0U);
    expectReadable(places[0], noise(50, 1));
}

}  // namespace
}  // namespace hindcast::format
