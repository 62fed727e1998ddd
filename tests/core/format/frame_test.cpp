// SPDX-License-Identifier: Apache-2.0
#include "core/format/journal/frame.h"

#include <gtest/gtest.h>

#include <string>

namespace hindcast::format {
namespace {

Frame noteFrame(const std::string& text) {
    Frame frame;
    frame.kind = FrameKind::Note;
    frame.sequence = 7;
    frame.stamp = 1'700'000'000'123'456;
    const auto bytes = base::bytesOf(text);
    frame.payload.assign(bytes.begin(), bytes.end());
    return frame;
}

base::Bytes encoded(const Frame& frame, bool compress = true) {
    base::Bytes out;
    EXPECT_TRUE(encodeFrame(frame, compress, out));
    return out;
}

TEST(Frame, RoundTripsWithAndWithoutCompression) {
    for (const bool compress : {false, true}) {
        for (const std::size_t size : {0, 1, 31, 255, 256, 100'000}) {
            const Frame written = noteFrame(std::string(size, 'x'));
            const base::Bytes bytes = encoded(written, compress);
            Frame read;
            std::size_t need = 0;
            ASSERT_EQ(parseFrame(bytes, 40, read, need), FrameParse::Whole);
            EXPECT_EQ(read.kind, written.kind);
            EXPECT_EQ(read.sequence, written.sequence);
            EXPECT_EQ(read.stamp, written.stamp);
            EXPECT_EQ(read.payload, written.payload);
            EXPECT_EQ(read.offset, 40U);
            EXPECT_EQ(read.storedBytes, bytes.size());
        }
    }
    EXPECT_LT(encoded(noteFrame(std::string(100'000, 'x'))).size(), 1000U);
}

TEST(Frame, EveryPrefixIsShortAndTellsHowMuchIsNeeded) {
    const base::Bytes bytes = encoded(noteFrame(std::string(300, 'y') + "end"));
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        Frame frame;
        std::size_t need = 0;
        EXPECT_EQ(parseFrame(base::BytesView(bytes).first(length), 0, frame, need), FrameParse::Short) << length;
        EXPECT_GT(need, length);
        EXPECT_LE(need, bytes.size());
    }
}

TEST(Frame, NoFlippedBitGoesUnnoticed) {
    for (const bool compress : {false, true}) {
        const base::Bytes whole =
            encoded(noteFrame("{\"note\":\"hint\",\"text\":\"" + std::string(300, 'z') + "\"}"), compress);
        for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
            base::Bytes bytes = whole;
            bytes[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
            Frame frame;
            std::size_t need = 0;
            EXPECT_NE(parseFrame(bytes, 0, frame, need), FrameParse::Whole) << bit;
        }
    }
}

TEST(Frame, SalvageFindsTheNextWholeFrameBehindDamage) {
    base::Bytes bytes = encoded(noteFrame("first"));
    const std::size_t second = bytes.size() + 5;
    for (const char c : std::string("HCFR?"))
        bytes.push_back(static_cast<std::byte>(c));  // a magic without a frame behind it
    const base::Bytes more = encoded(noteFrame("second"));
    bytes.insert(bytes.end(), more.begin(), more.end());
    EXPECT_EQ(findFrame(bytes, 1), second);
    EXPECT_EQ(findFrame(bytes, second + 1), std::nullopt);
}

TEST(JournalHeader, TellsNewerDamagedAndForeignFilesApart) {
    JournalHeader header{JournalType::Journal, base::Uuid::make(), 1'700'000'000'000'000};
    base::Bytes bytes = encodeJournalHeader(header);
    ASSERT_EQ(bytes.size(), kFileHeaderBytes);
    const auto read = decodeJournalHeader(bytes, JournalType::Journal);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->uuid, header.uuid);
    EXPECT_EQ(read->started, header.started);
    EXPECT_EQ(decodeJournalHeader(bytes, JournalType::Annotations).error().code(), base::ErrorCode::Damaged);
    EXPECT_EQ(decodeJournalHeader(base::BytesView(bytes).first(39), JournalType::Journal).error().code(),
              base::ErrorCode::Damaged);
    bytes[12] = std::byte{1};
    EXPECT_EQ(decodeJournalHeader(bytes, JournalType::Journal).error().code(), base::ErrorCode::Damaged);
    bytes[12] = std::byte{0};
    bytes[8] = std::byte{2};
    EXPECT_EQ(decodeJournalHeader(bytes, JournalType::Journal).error().code(), base::ErrorCode::NewerFormat);
}

TEST(Seal, IsNothingButASeal) {
    const base::Bytes seal = encodeSeal(12);
    ASSERT_EQ(seal.size(), kSealBytes);
    EXPECT_EQ(decodeSeal(seal), 12U);
    EXPECT_EQ(decodeSeal(base::BytesView(seal).first(15)), std::nullopt);
    base::Bytes longer = seal;
    longer.push_back(std::byte{0});
    EXPECT_EQ(decodeSeal(longer), std::nullopt);
}

}  // namespace
}  // namespace hindcast::format
