// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "core/base/clock.h"
#include "core/format/journal/journal_reader.h"
#include "core/format/journal/journal_writer.h"
#include "core/format/version_state.h"
#include "tests/core/format/temporary_folder.h"

namespace hindcast::format {
namespace {

class JournalTest : public FolderTest {
protected:
    JournalHeader header(JournalType type = JournalType::Journal) const {
        return {type, m_uuid, base::wallClockMicros()};
    }
    std::filesystem::path path() const { return m_folder / "journal"; }

    /// A journal of `notes` notes, closed, with END and seal when `sealed`.
    void write(int notes, bool sealed, const std::string& status = "complete") {
        auto writer = JournalWriter::create(path(), header());
        ASSERT_TRUE(writer);
        for (int i = 0; i < notes; ++i)
            ASSERT_TRUE(writer->append(FrameKind::Note, base::bytesOf("note " + std::to_string(i))));
        if (!sealed) return;
        ASSERT_TRUE(
            writer->append(FrameKind::End, base::bytesOf("{\"status\":\"" + status + "\",\"reason\":\"why\"}")));
        ASSERT_TRUE(writer->seal());
    }
    FrameBatch read() const {
        const auto reader = JournalReader::open(path(), JournalType::Journal);
        EXPECT_TRUE(reader);
        return *reader->readAll();
    }
    void overwrite(const base::Bytes& bytes) const { put(path(), bytes); }
    void writeRunJson() const { ASSERT_TRUE(base::writeFileAtomically(m_folder / "run.json", base::bytesOf("{}"))); }

    base::Uuid m_uuid = base::Uuid::make();
};

TEST_F(JournalTest, ReadsWhatWasWrittenInOrderAndSeesTheSeal) {
    write(5, true);
    const FrameBatch batch = read();
    ASSERT_EQ(batch.frames.size(), 6U);
    for (std::uint32_t i = 0; i < 5; ++i) {
        EXPECT_EQ(batch.frames[i].sequence, i);
        EXPECT_EQ(base::textOf(batch.frames[i].payload), "note " + std::to_string(i));
    }
    EXPECT_EQ(batch.stop, FrameBatch::Stop::Sealed);
    EXPECT_EQ(batch.sealedFrames, 6U);
}

TEST_F(JournalTest, AJournalTornAtAnyByteKeepsAllWholeFramesAndNothingElse) {
    write(3, true);
    const base::Bytes whole = *base::readFile(path());
    const FrameBatch all = read();
    for (std::size_t length = kFileHeaderBytes; length < whole.size(); ++length) {
        overwrite({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)});
        const FrameBatch batch = read();
        std::size_t expected = 0;
        while (expected < all.frames.size() && all.frames[expected].offset + all.frames[expected].storedBytes <= length)
            ++expected;
        ASSERT_EQ(batch.frames.size(), expected) << length;
        EXPECT_NE(batch.stop, FrameBatch::Stop::Sealed) << length;
        const auto tail = JournalReader::open(path(), JournalType::Journal)->readTail();
        ASSERT_TRUE(tail);
        EXPECT_FALSE(tail->sealed) << length;
        EXPECT_EQ(tail->last.has_value(), expected != 0);
        if (expected != 0) {
            EXPECT_EQ(tail->last->payload, all.frames[expected - 1].payload);
        }
    }
}

TEST_F(JournalTest, AFlippedBitAnywhereNeverChangesWhatIsRead) {
    write(3, true);
    const base::Bytes whole = *base::readFile(path());
    const FrameBatch all = read();
    for (std::size_t at = 0; at < whole.size(); ++at) {
        base::Bytes bytes = whole;
        bytes[at] ^= std::byte{0x10};
        overwrite(bytes);
        const auto reader = JournalReader::open(path(), JournalType::Journal);
        if (!reader) continue;
        const auto batch = reader->readAll();
        ASSERT_TRUE(batch);
        ASSERT_LE(batch->frames.size(), all.frames.size());
        for (std::size_t i = 0; i < batch->frames.size(); ++i)
            EXPECT_EQ(batch->frames[i].payload, all.frames[i].payload) << at;
        if (at >= kFileHeaderBytes) {
            EXPECT_NE(batch->stop, FrameBatch::Stop::Sealed) << at;
        }
    }
}

TEST_F(JournalTest, AReaderFollowsAWriter) {
    auto writer = JournalWriter::create(path(), header());
    ASSERT_TRUE(writer);
    const auto reader = JournalReader::open(path(), JournalType::Journal);
    ASSERT_TRUE(reader);
    std::uint64_t next = JournalReader::start();
    for (int i = 0; i < 50; ++i) {
        ASSERT_TRUE(
            writer->append(FrameKind::Note, base::bytesOf(std::string(static_cast<std::size_t>(i) * 997, 'a'))));
        const auto batch = reader->readFrom(next);
        ASSERT_TRUE(batch);
        ASSERT_EQ(batch->frames.size(), 1U);
        EXPECT_EQ(batch->stop, FrameBatch::Stop::End);
        next = batch->next;
    }
    EXPECT_EQ(next, writer->size());
}

TEST_F(JournalTest, ASmallByteLimitStillYieldsEveryFrame) {
    write(20, true);
    const auto reader = JournalReader::open(path(), JournalType::Journal);
    std::uint64_t next = JournalReader::start();
    std::size_t frames = 0;
    for (;;) {
        const auto batch = reader->readFrom(next, 1);
        ASSERT_TRUE(batch);
        frames += batch->frames.size();
        next = batch->next;
        if (batch->stop != FrameBatch::Stop::More) {
            EXPECT_EQ(batch->stop, FrameBatch::Stop::Sealed);
            break;
        }
    }
    EXPECT_EQ(frames, 21U);
}

TEST_F(JournalTest, SalvageGoesOnBehindADamagedFrame) {
    write(3, false);
    const FrameBatch all = read();
    base::Bytes bytes = *base::readFile(path());
    bytes[all.frames[1].offset + kFrameHeaderBytes] ^= std::byte{1};
    overwrite(bytes);
    const auto reader = JournalReader::open(path(), JournalType::Journal);
    const auto batch = reader->readAll();
    ASSERT_EQ(batch->frames.size(), 1U);
    EXPECT_EQ(batch->stop, FrameBatch::Stop::Torn);
    const auto further = reader->findFrameFrom(batch->next);
    ASSERT_TRUE(further);
    EXPECT_EQ(*further, all.frames[2].offset);
}

TEST_F(JournalTest, AnAnnotationFileIsContinuedBehindItsTornTail) {
    {
        auto writer = JournalWriter::openOrCreate(path(), header(JournalType::Annotations));
        ASSERT_TRUE(writer);
        ASSERT_TRUE(writer->append(FrameKind::Annotation, base::bytesOf("{\"what\":\"tag\"}")));
    }
    base::Bytes bytes = *base::readFile(path());
    for (const char c : std::string("HCFR torn")) bytes.push_back(static_cast<std::byte>(c));
    overwrite(bytes);
    {
        auto writer = JournalWriter::openOrCreate(path(), header(JournalType::Annotations));
        ASSERT_TRUE(writer);
        EXPECT_EQ(writer->frames(), 1U);
        ASSERT_TRUE(writer->append(FrameKind::Annotation, base::bytesOf("{\"what\":\"pin\"}")));
    }
    const auto batch = JournalReader::open(path(), JournalType::Annotations)->readAll();
    ASSERT_EQ(batch->frames.size(), 2U);
    EXPECT_EQ(batch->frames[1].sequence, 1U);
    EXPECT_EQ(batch->stop, FrameBatch::Stop::End);
}

TEST_F(JournalTest, AnAnnotationFileWithDamageInTheMiddleIsNotContinuedButLeftWhole) {
    {
        auto writer = JournalWriter::openOrCreate(path(), header(JournalType::Annotations));
        for (int i = 0; i < 3; ++i)
            ASSERT_TRUE(writer->append(FrameKind::Annotation, base::bytesOf("{\"what\":\"tag\"}")));
    }
    base::Bytes bytes = *base::readFile(path());
    bytes[kFileHeaderBytes + kFrameHeaderBytes] ^= std::byte{1};
    overwrite(bytes);
    const auto writer = JournalWriter::openOrCreate(path(), header(JournalType::Annotations));
    EXPECT_EQ(writer.error().code(), base::ErrorCode::Damaged);
    EXPECT_EQ(*base::readFile(path()), bytes);
}

TEST_F(JournalTest, TwoWritersCannotHaveTheSameFile) {
    auto writer = JournalWriter::openOrCreate(path(), header(JournalType::Annotations));
    ASSERT_TRUE(writer);
    EXPECT_EQ(JournalWriter::openOrCreate(path(), header(JournalType::Annotations)).error().code(),
              base::ErrorCode::Busy);
}

TEST_F(JournalTest, TheStateFollowsTheTable) {
    const std::int64_t now = base::wallClockMicros();
    const std::int64_t later = now + 31'000'000;
    EXPECT_EQ(readVersionStatus(m_folder, now).error().code(), base::ErrorCode::NotFound);
    writeRunJson();
    EXPECT_EQ(readVersionStatus(m_folder, now)->state, VersionState::Recording);
    EXPECT_EQ(readVersionStatus(m_folder, later)->state, VersionState::Crashed);
    {
        auto writer = JournalWriter::create(path(), header());
        ASSERT_TRUE(writer->append(FrameKind::Heartbeat, {}));
        EXPECT_EQ(readVersionStatus(m_folder, later)->state, VersionState::Recording)
            << "the lock counts, however old the frame";
    }
    EXPECT_EQ(readVersionStatus(m_folder, now)->state, VersionState::Recording)
        << "a fresh frame counts, locks can be lost";
    EXPECT_EQ(readVersionStatus(m_folder, later)->state, VersionState::Crashed);
}

TEST_F(JournalTest, AJournalWithoutItsWholeHeaderIsThatOfARunThatBeginsOrDiedThere) {
    writeRunJson();
    ASSERT_TRUE(base::writeFileAtomically(path(), base::bytesOf("HCJOURNL")));
    const std::int64_t now = base::wallClockMicros();
    EXPECT_EQ(readVersionStatus(m_folder, now)->state, VersionState::Recording);
    EXPECT_EQ(readVersionStatus(m_folder, now + 31'000'000)->state, VersionState::Crashed);
}

TEST_F(JournalTest, OnTheBootThatWroteItTheLockAloneCounts) {
    std::string boot = *base::readTextFile("/proc/sys/kernel/random/boot_id");
    boot.resize(boot.find('\n'));
    ASSERT_TRUE(base::writeFileAtomically(m_folder / "run.json", base::bytesOf(R"({"bootId": ")" + boot + "\"}")));
    const std::int64_t now = base::wallClockMicros();
    {
        auto writer = JournalWriter::create(path(), header());
        ASSERT_TRUE(writer->append(FrameKind::Heartbeat, {}));
        EXPECT_EQ(readVersionStatus(m_folder, now)->state, VersionState::Recording);
    }
    EXPECT_EQ(readVersionStatus(m_folder, now)->state, VersionState::Crashed);
}

TEST_F(JournalTest, ASealedJournalIsCompleteOrTellsWhyNot) {
    writeRunJson();
    write(2, true);
    EXPECT_EQ(readVersionStatus(m_folder, 0)->state, VersionState::Complete);
    std::filesystem::remove(path());
    write(2, true, "incomplete");
    const auto status = readVersionStatus(m_folder, 0);
    EXPECT_EQ(status->state, VersionState::Incomplete);
    EXPECT_EQ(status->reason, "why");
}

TEST_F(JournalTest, TheTailIsFoundBehindALongLastFrame) {
    {
        auto writer = JournalWriter::create(path(), header());
        ASSERT_TRUE(writer->append(FrameKind::Note, base::bytesOf("first")));
        std::string noise(3'000'000, ' ');
        unsigned state = 1;
        for (char& c : noise) c = static_cast<char>((state = state * 1664525U + 1013904223U) >> 24);
        ASSERT_TRUE(writer->append(FrameKind::Events, base::bytesOf(noise)));
    }
    const auto tail = JournalReader::open(path(), JournalType::Journal)->readTail();
    ASSERT_TRUE(tail && tail->last);
    EXPECT_EQ(tail->last->kind, FrameKind::Events);
}

}  // namespace
}  // namespace hindcast::format
