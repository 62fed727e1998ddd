// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/format/events/event_cursor.h"
#include "core/format/events/event_encoder.h"
#include "core/format/events/event_filter.h"
#include "core/format/journal/journal_reader.h"
#include "core/format/journal/journal_rewrite.h"
#include "core/format/journal/journal_writer.h"
#include "tests/core/format/temporary_folder.h"

namespace hindcast::format {
namespace {

const NameRef kEpoch{0, "epoch"}, kLoss{1, "loss"}, kSecret{2, "secret"}, kNote{3, "note"}, kCount{4, "count"};

/// A block with every kind of value, some called "secret" and some "loss".
base::Bytes block(bool withSecret) {
    EventEncoder events(3);
    events.enter(kEpoch, 0, 1'000'000);
    for (int pass = 0; pass < 5; ++pass) {
        events.next(1'000'000 + pass * 64);
        events.label("item " + std::to_string(pass));
        events.number(kLoss, 0.1 * pass, 0);
        events.number(kLoss, 0.5, 0);
        if (withSecret) {
            events.markArgument();
            events.text(kSecret, "hunter2", 0);
            events.number(kSecret, 0.25, 0);
            events.number(kSecret, 0.1, 0);
            events.integer(kSecret, 99, 0);
            events.markOrdinal(17);
            events.boolean(kSecret, true, 0);
            events.none(kSecret, 0);
            events.bigInteger(kSecret, "123456789012345678901234567890", 0);
            events.markProbe(2);
            events.rich(kSecret, base::bytesOf("cbor"), 0);
        }
        events.text(kNote, "pass", 0);
        events.markProbe(1);
        events.integer(kCount, pass, 0);
    }
    events.leave(LeaveReason::Break, 1'000'000 + 512);
    return events.finish();
}

void expectSame(const std::vector<RecordedValue>& a, const std::vector<RecordedValue>& b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        EXPECT_EQ(a[i].name, b[i].name);
        EXPECT_EQ(a[i].coordinates, b[i].coordinates);
        EXPECT_EQ(a[i].ordinal, b[i].ordinal);
        EXPECT_EQ(a[i].value, b[i].value);
        EXPECT_EQ(a[i].probe, b[i].probe);
        EXPECT_EQ(a[i].isArgument, b[i].isArgument);
        EXPECT_EQ(a[i].micros, b[i].micros);
        EXPECT_EQ(a[i].thread, b[i].thread);
    }
}

TEST(EventFilterTest, LeavesNothingOfANameAndAllElseAsItWas) {
    const base::Bytes whole = block(true);
    const auto filtered = withoutValues(whole, [](std::string_view name) { return name == "secret"; });
    ASSERT_TRUE(filtered.has_value() && filtered->has_value());
    const auto left = decodeValues(**filtered);
    ASSERT_TRUE(left.has_value()) << left.error().text();
    expectSame(*left, *decodeValues(block(false)));
    EXPECT_EQ(base::textOf(**filtered).find("secret"), std::string_view::npos);
    EXPECT_EQ(base::textOf(**filtered).find("hunter2"), std::string_view::npos);
}

TEST(EventFilterTest, SaysThatABlockHoldsNoneOfTheNames) {
    const auto filtered = withoutValues(block(false), [](std::string_view name) { return name == "secret"; });
    ASSERT_TRUE(filtered.has_value());
    EXPECT_FALSE(filtered->has_value());
}

TEST(EventFilterTest, KeepsTheLoopsOfABlockThatLosesAllItsValues) {
    const auto filtered = withoutValues(block(true), [](std::string_view) { return true; });
    ASSERT_TRUE(filtered.has_value() && filtered->has_value());
    auto cursor = EventCursor::open(**filtered);
    ASSERT_TRUE(cursor.has_value());
    int passes = 0;
    while (cursor->next()) passes += cursor->kind() == EventCursor::Kind::Pass;
    EXPECT_TRUE(cursor->finish().has_value());
    EXPECT_EQ(passes, 5);
    EXPECT_EQ(cursor->valueCount(), 0U);
}

TEST(EventFilterTest, CallsAnUnreadableBlockDamaged) {
    base::Bytes broken = block(true);
    broken.resize(broken.size() - 3);
    const auto filtered = withoutValues(broken, [](std::string_view) { return true; });
    ASSERT_FALSE(filtered.has_value());
    EXPECT_EQ(filtered.error().code(), base::ErrorCode::Damaged);
}

class JournalRewriteTest : public FolderTest {
protected:
    void write(bool seal) {
        auto writer = JournalWriter::create(path(), {JournalType::Journal, base::Uuid::make(), 42});
        ASSERT_TRUE(writer.has_value());
        ASSERT_TRUE(writer->append(FrameKind::Note, base::bytesOf(R"({"note":"first"})")).has_value());
        ASSERT_TRUE(writer->append(FrameKind::Events, block(true)).has_value());
        ASSERT_TRUE(writer->append(static_cast<FrameKind>(40), base::bytesOf("of a newer program")).has_value());
        ASSERT_TRUE(writer->append(FrameKind::End, base::bytesOf(R"({"status":"complete"})")).has_value());
        if (seal) {
            ASSERT_TRUE(writer->seal().has_value());
        }
    }
    static base::Result<std::optional<base::Bytes>> changeNote(const Frame& frame) {
        if (frame.kind != FrameKind::Note) return std::optional<base::Bytes>();
        const auto text = base::bytesOf(R"({"note":"a longer one than before"})");
        return std::optional<base::Bytes>(base::Bytes(text.begin(), text.end()));
    }
    FrameBatch read() const { return *JournalReader::open(path(), JournalType::Journal)->readAll(); }
    std::filesystem::path path() const { return m_folder / "journal"; }
    std::size_t files() const {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(m_folder), {}));
    }
};

TEST_F(JournalRewriteTest, ChangesOnePayloadAndKeepsFramesNumbersStampsAndSeal) {
    write(true);
    const FrameBatch before = read();
    auto rewrite = JournalRewrite::prepare(path(), changeNote);
    ASSERT_TRUE(rewrite.has_value()) << rewrite.error().text();
    EXPECT_TRUE(rewrite->changed());
    EXPECT_EQ(read().frames.size(), before.frames.size());
    EXPECT_EQ(base::textOf(read().frames[0].payload), R"({"note":"first"})");
    ASSERT_TRUE(rewrite->commit().has_value());
    const FrameBatch after = read();
    EXPECT_EQ(after.stop, FrameBatch::Stop::Sealed);
    EXPECT_EQ(after.sealedFrames, before.sealedFrames);
    ASSERT_EQ(after.frames.size(), before.frames.size());
    for (std::size_t i = 0; i < after.frames.size(); ++i) {
        EXPECT_EQ(after.frames[i].kind, before.frames[i].kind);
        EXPECT_EQ(after.frames[i].sequence, before.frames[i].sequence);
        EXPECT_EQ(after.frames[i].stamp, before.frames[i].stamp);
        if (i != 0) {
            EXPECT_EQ(after.frames[i].payload, before.frames[i].payload);
        }
    }
    EXPECT_EQ(base::textOf(after.frames[0].payload), R"({"note":"a longer one than before"})");
    EXPECT_EQ(files(), 1U);
}

TEST_F(JournalRewriteTest, LeavesNothingBehindWhenItIsNotCommitted) {
    write(true);
    { ASSERT_TRUE(JournalRewrite::prepare(path(), changeNote).has_value()); }
    EXPECT_EQ(files(), 1U);
    EXPECT_EQ(base::textOf(read().frames[0].payload), R"({"note":"first"})");
}

TEST_F(JournalRewriteTest, DropsATornTailAndWritesNoSealThatWasNotThere) {
    write(false);
    const auto size = std::filesystem::file_size(path());
    std::filesystem::resize_file(path(), size - 7);
    auto rewrite = JournalRewrite::prepare(path(), changeNote);
    ASSERT_TRUE(rewrite.has_value() && rewrite->commit().has_value());
    const FrameBatch after = read();
    EXPECT_EQ(after.stop, FrameBatch::Stop::End);
    EXPECT_EQ(after.frames.size(), 3U);
}

TEST_F(JournalRewriteTest, RefusesAJournalThatIsBeingWritten) {
    const auto writer = JournalWriter::create(path(), {JournalType::Journal, base::Uuid::make(), 42});
    const auto rewrite = JournalRewrite::prepare(path(), changeNote);
    ASSERT_FALSE(rewrite.has_value());
    EXPECT_EQ(rewrite.error().code(), base::ErrorCode::Busy);
}

TEST_F(JournalRewriteTest, RefusesAJournalWithFramesBehindDamage) {
    write(true);
    base::Bytes broken = *base::readFile(path());
    broken[kFileHeaderBytes + kFrameHeaderBytes + 2] ^= std::byte{1};
    ASSERT_TRUE(base::writeFileAtomically(path(), broken).has_value());
    const auto rewrite = JournalRewrite::prepare(path(), changeNote);
    ASSERT_FALSE(rewrite.has_value());
    EXPECT_EQ(rewrite.error().code(), base::ErrorCode::Damaged);
    EXPECT_EQ(*base::readFile(path()), broken);
    EXPECT_EQ(files(), 1U);
}

}  // namespace
}  // namespace hindcast::format
