// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/format/events/event_cursor.h"
#include "core/format/events/event_encoder.h"

namespace hindcast::format {
namespace {

constexpr std::int64_t kStart = 1'700'000'000'000'000;

NameRef loss() {
    return {0, "loss"};
}
NameRef epoch() {
    return {1, "epoch"};
}
NameRef step() {
    return {2, "step"};
}

std::vector<RecordedValue> decoded(const base::Bytes& payload) {
    auto values = decodeValues(payload);
    EXPECT_TRUE(values) << (values ? "" : values.error().text());
    return values ? *std::move(values) : std::vector<RecordedValue>{};
}

TEST(Events, NumbersComeBackBitForBit) {
    const std::vector<double> numbers = {0.0,
                                         -0.0,
                                         1.0,
                                         0.1,
                                         std::numeric_limits<double>::infinity(),
                                         -std::numeric_limits<double>::infinity(),
                                         std::numeric_limits<double>::quiet_NaN(),
                                         -std::numeric_limits<double>::quiet_NaN(),
                                         std::numeric_limits<double>::signaling_NaN(),
                                         std::bit_cast<double>(0x7FF8'0000'DEAD'BEEFULL),
                                         std::bit_cast<double>(0x7FF0'0000'2000'0000ULL),
                                         std::numeric_limits<double>::denorm_min(),
                                         std::numeric_limits<double>::max(),
                                         std::numeric_limits<double>::lowest(),
                                         static_cast<double>(std::numeric_limits<float>::max()),
                                         static_cast<double>(std::numeric_limits<float>::denorm_min()),
                                         1e39,
                                         1e-46};
    EventEncoder encoder(0);
    for (const double number : numbers) encoder.number(loss(), number, kStart);
    const auto values = decoded(encoder.finish());
    ASSERT_EQ(values.size(), numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        EXPECT_EQ(std::bit_cast<std::uint64_t>(std::get<double>(values[i].value)),
                  std::bit_cast<std::uint64_t>(numbers[i]))
            << i;
        EXPECT_EQ(values[i].ordinal, i);
    }
}

TEST(Events, EveryKindOfValueRoundTrips) {
    EventEncoder encoder(3);
    encoder.integer(loss(), std::numeric_limits<std::int64_t>::min(), kStart);
    encoder.integer(loss(), std::numeric_limits<std::int64_t>::max(), kStart);
    encoder.integer(loss(), -1, kStart);
    encoder.boolean({1, "flag"}, true, kStart);
    encoder.boolean({1, "flag"}, false, kStart);
    encoder.none({2, "nothing"}, kStart);
    encoder.text({3, "naïve 名前 \xF0\x9F\x98\x80"}, std::string("a\0b\nç", 6), kStart);
    encoder.text({4, ""}, "", kStart);
    encoder.bigInteger({5, "big"}, "-123456789012345678901234567890", kStart);
    const base::Bytes cbor(1000, std::byte{0xA0});
    encoder.rich({6, "matrix"}, cbor, kStart);
    const auto values = decoded(encoder.finish());
    ASSERT_EQ(values.size(), 10U);
    EXPECT_EQ(values[0].value, Value(std::numeric_limits<std::int64_t>::min()));
    EXPECT_EQ(values[1].value, Value(std::numeric_limits<std::int64_t>::max()));
    EXPECT_EQ(values[2].value, Value(std::int64_t{-1}));
    EXPECT_EQ(values[3].value, Value(true));
    EXPECT_EQ(values[4].value, Value(false));
    EXPECT_EQ(values[5].value, Value(std::monostate{}));
    EXPECT_EQ(values[6].name, "naïve 名前 \xF0\x9F\x98\x80");
    EXPECT_EQ(values[6].value, Value(std::string("a\0b\nç", 6)));
    EXPECT_EQ(values[7].name, "");
    EXPECT_EQ(values[8].value, Value(BigInteger{"-123456789012345678901234567890"}));
    EXPECT_EQ(values[9].value, Value(RichValue{cbor}));
    EXPECT_EQ(values[9].thread, 3);
}

/// Three epochs of two inner loops; ends a block after every `every` events.
std::vector<RecordedValue> nested(std::size_t every) {
    EventEncoder encoder(0);
    std::vector<RecordedValue> all;
    std::size_t events = 0;
    std::int64_t now = kStart;
    const auto cut = [&] {
        now += 1000;
        if (++events % every != 0 || encoder.empty()) return;
        for (auto& value : decoded(encoder.finish())) all.push_back(std::move(value));
    };
    encoder.enter(epoch(), 0, now);
    for (int e = 0; e < 3; ++e) {
        encoder.next(now), cut();
        for (std::uint32_t pass = 0; pass < 2; ++pass) {
            encoder.enter(step(), pass, now), cut();
            for (int s = 0; s < 4; ++s) {
                if (s == 2) {
                    encoder.nextAt(100 * s, now), cut();
                } else {
                    encoder.next(now), cut();
                }
                encoder.number(loss(), e * 100 + s, now), cut();
                encoder.number(loss(), 0.1, now), cut();
            }
            encoder.leave(pass == 0 ? LeaveReason::Exhausted : LeaveReason::Break, now), cut();
            encoder.number(loss(), -e, now), cut();
        }
    }
    encoder.leave(LeaveReason::Return, now);
    for (auto& value : decoded(encoder.finish())) all.push_back(std::move(value));
    return all;
}

TEST(Events, NestedAndRepeatedLoopsGiveTheCoordinatesOfEveryValue) {
    const auto values = nested(1'000'000);
    ASSERT_EQ(values.size(), 3U * 2 * (4 * 2 + 1));
    EXPECT_EQ(values[0].coordinates, (Coordinates{{"epoch", 0, 0}, {"step", 0, 0}}));
    EXPECT_EQ(values[0].ordinal, 0U);
    EXPECT_EQ(values[1].ordinal, 1U);
    EXPECT_EQ(values[4].coordinates, (Coordinates{{"epoch", 0, 0}, {"step", 0, 200}}));
    EXPECT_EQ(values[6].coordinates, (Coordinates{{"epoch", 0, 0}, {"step", 0, 201}}));
    EXPECT_EQ(values[8].coordinates, (Coordinates{{"epoch", 0, 0}}));
    EXPECT_EQ(values[8].ordinal, 0U);
    EXPECT_EQ(values[9].coordinates, (Coordinates{{"epoch", 0, 0}, {"step", 1, 0}}));
    EXPECT_EQ(values[17].ordinal, 1U) << "the second value of the same pass, with a loop in between";
}

TEST(Events, WhereBlocksAreCutChangesNothing) {
    const auto whole = nested(1'000'000);
    for (const std::size_t every : {1, 2, 3, 5, 7, 11}) {
        const auto cut = nested(every);
        ASSERT_EQ(cut.size(), whole.size()) << every;
        for (std::size_t i = 0; i < cut.size(); ++i) {
            EXPECT_EQ(cut[i].coordinates, whole[i].coordinates) << every << " " << i;
            EXPECT_EQ(cut[i].ordinal, whole[i].ordinal) << every << " " << i;
            EXPECT_EQ(cut[i].value, whole[i].value) << every << " " << i;
        }
    }
}

TEST(Events, MarksHoldForOneValueAlsoAcrossBlocks) {
    EventEncoder encoder(0);
    encoder.number(loss(), 1, kStart);
    encoder.markArgument();
    encoder.markProbe(4);
    encoder.markOrdinal(9);
    EXPECT_EQ(decoded(encoder.finish()).size(), 1U);
    encoder.number(loss(), 2, kStart);
    encoder.number(loss(), 3, kStart);
    const auto values = decoded(encoder.finish());
    ASSERT_EQ(values.size(), 2U);
    EXPECT_TRUE(values[0].isArgument);
    EXPECT_EQ(values[0].probe, 4);
    EXPECT_EQ(values[0].ordinal, 9U);
    EXPECT_FALSE(values[1].isArgument);
    EXPECT_EQ(values[1].probe, -1);
    EXPECT_EQ(values[1].ordinal, 10U);
}

TEST(Events, TheCursorTellsLoopsLabelsAndTimes) {
    EventEncoder encoder(0);
    encoder.enter(epoch(), 2, kStart);
    encoder.next(kStart + 100);
    encoder.label("fold A");
    encoder.next(kStart + 1'000'000);
    encoder.next(kStart + 500);  // a clock that was set back
    encoder.leave(LeaveReason::Exception, kStart + 2'000'000);
    auto cursor = EventCursor::open(encoder.finish());
    ASSERT_TRUE(cursor);
    using Kind = EventCursor::Kind;
    ASSERT_TRUE(cursor->next());
    EXPECT_EQ(cursor->kind(), Kind::Enter);
    EXPECT_EQ(cursor->stack().back().index, -1);
    EXPECT_EQ(cursor->stack().back().occurrence, 2U);
    ASSERT_TRUE(cursor->next());
    EXPECT_EQ(cursor->kind(), Kind::Pass);
    EXPECT_EQ(cursor->micros(), kStart + 100);
    ASSERT_TRUE(cursor->next());
    EXPECT_EQ(cursor->kind(), Kind::Label);
    EXPECT_EQ(cursor->labelText(), "fold A");
    ASSERT_TRUE(cursor->next());
    EXPECT_NEAR(static_cast<double>(cursor->micros() - kStart), 1e6, 1e6 / 64);
    const std::int64_t before = cursor->micros();
    ASSERT_TRUE(cursor->next());
    EXPECT_EQ(cursor->micros(), before);
    ASSERT_TRUE(cursor->next());
    EXPECT_EQ(cursor->kind(), Kind::Leave);
    EXPECT_EQ(cursor->leaveReason(), LeaveReason::Exception);
    EXPECT_EQ(cursor->leftLevel().index, 2);
    EXPECT_FALSE(cursor->next());
    EXPECT_TRUE(cursor->finish());
}

TEST(Events, RoundedTimesDoNotDrift) {
    EventEncoder encoder(0);
    encoder.enter(epoch(), 0, kStart);
    for (int i = 1; i <= 10'000; ++i) encoder.next(kStart + i * 301'007LL);
    auto cursor = EventCursor::open(encoder.finish());
    ASSERT_TRUE(cursor);
    while (cursor->next()) {
    }
    ASSERT_TRUE(cursor->finish());
    EXPECT_NEAR(static_cast<double>(cursor->micros() - kStart), 10'000 * 301'007.0, 301'007.0 / 64);
}

TEST(Events, AMillionRegularValuesTakeFewerThanFourBytesEach) {
    EventEncoder encoder(0);
    encoder.enter(step(), 0, kStart);
    unsigned state = 1;
    constexpr int kValues = 1'000'000;
    for (int i = 0; i < kValues; ++i) {
        encoder.next(kStart + i * 1000LL + static_cast<std::int64_t>((state = state * 1664525U + 1013904223U) >> 25));
        encoder.number(
            loss(),
            static_cast<double>(static_cast<float>(2.0 / (1 + i * 1e-4) + static_cast<double>(state >> 8) * 1e-9)),
            kStart);
    }
    EXPECT_LT(encoder.finish().size(), 4U * kValues);
}

TEST(Events, TheExampleInFormatMdIsWhatIsWritten) {
    const std::uint8_t expected[] = {0x01, 0x03, 0, 0, 1, 0, 0, 0, 0x00, 0x40, 0x1E, 0x18, 0x24, 0x0A, 0x06, 0x00,
                                     0,    0,    0, 0, 6, 0, 0, 0, 6,    0,    0,    0,    3,    0,    1,    0,
                                     0x10, 0,    1, 0, 0, 0, 4, 0, 0,    0,    4,    0,    0,    0,    0,    0,
                                     0xC0, 0x3F, 4, 0, 0, 0, 2, 0, 0,    0,    2,    0,    0,    0,    1,    0x78};
    EventEncoder encoder(0);
    encoder.number({0, "x"}, 1.5, kStart);
    const base::Bytes payload = encoder.finish();
    ASSERT_EQ(payload.size(), sizeof expected);
    EXPECT_EQ(std::memcmp(payload.data(), expected, sizeof expected), 0);
}

TEST(Events, ADamagedBlockIsAnErrorNotACrash) {
    EventEncoder encoder(0);
    encoder.enter(epoch(), 0, kStart);
    for (int i = 0; i < 40; ++i) {
        encoder.next(kStart + i);
        encoder.number(loss(), i * 0.1, kStart);
        encoder.text({3, "text"}, "some text " + std::to_string(i), kStart);
    }
    const base::Bytes whole = encoder.finish();
    for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
        base::Bytes bytes = whole;
        bytes[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
        static_cast<void>(decodeValues(bytes));  // no checksum here: any answer, but no fault and no endless loop
    }
    for (std::size_t length = 0; length < whole.size(); ++length)
        EXPECT_FALSE(decodeValues(base::BytesView(whole).first(length))) << length;
}

}  // namespace
}  // namespace hindcast::format
