// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "core/exchange/wire/crc32.h"
#include "core/exchange/wire/csv_rows.h"
#include "core/exchange/wire/protobuf.h"
#include "core/exchange/wire/texts.h"

namespace hindcast::exchange {

using base::bytesOf;
using format::Value;

TEST(Checksums, AreThoseOfTheStandards) {
    // The check value of CRC-32C is E3069283; masked: rotated right by 15, plus A282EAD8.
    constexpr std::uint32_t kCheck = 0xE3069283U;
    EXPECT_EQ(maskedCrc32c(bytesOf("123456789")), std::rotr(kCheck, 15) + 0xA282EAD8U);
    EXPECT_EQ(crc32(bytesOf("123456789")), 0xCBF43926U);
    EXPECT_EQ(crc32(bytesOf("1234"), bytesOf("56789")), 0xCBF43926U);
}

TEST(ProtocolBuffers, ReadBackWhatWasWritten) {
    ProtoWriter inner;
    inner.text(1, "tag");
    inner.number32(2, 0.5F);
    ProtoWriter message;
    message.number64(1, -1.25);
    message.integer(2, -3);
    message.message(5, inner);
    message.doubles(6, {1, 2, 3});
    ProtoReader fields(message.view());
    ASSERT_TRUE(fields.next());
    EXPECT_EQ(fields.number64(), -1.25);
    ASSERT_TRUE(fields.next());
    EXPECT_EQ(fields.integer(), -3);
    ASSERT_TRUE(fields.next());
    ProtoReader nested(fields.bytes());
    ASSERT_TRUE(nested.next());
    EXPECT_EQ(nested.text(), "tag");
    ASSERT_TRUE(nested.next());
    EXPECT_EQ(nested.number32(), 0.5F);
    ASSERT_TRUE(fields.next());
    EXPECT_EQ(fields.doubles(), (std::vector<double>{1, 2, 3}));
    EXPECT_FALSE(fields.next());
    EXPECT_FALSE(fields.failed());
}

TEST(ProtocolBuffers, EndAtWhatIsNoMessage) {
    for (const std::string_view broken :
         {std::string_view("\x0A\xFF\xFF\xFF\xFF\x0F", 6), std::string_view("\x09\x01", 2), std::string_view("\x0B", 1),
          std::string_view("\x00", 1)}) {
        ProtoReader fields(bytesOf(broken));
        while (fields.next()) {
        }
        EXPECT_TRUE(fields.failed());
    }
}

TEST(Texts, MeanWhatTheyWouldReadBackAs) {
    EXPECT_EQ(valueOfText("12"), Value(std::int64_t{12}));
    EXPECT_EQ(valueOfText("-0"), Value(-0.0));
    EXPECT_EQ(valueOfText("007"), Value(std::string("007")));
    EXPECT_EQ(valueOfText("+1"), Value(std::string("+1")));
    EXPECT_EQ(valueOfText("1e-5"), Value(1e-5));
    EXPECT_EQ(valueOfText("True"), Value(true));
    EXPECT_EQ(valueOfText("None"), Value(std::monostate{}));
    EXPECT_EQ(valueOfText("-inf"), Value(-HUGE_VAL));
    EXPECT_EQ(valueOfText("9223372036854775808"), Value(format::BigInteger{"9223372036854775808"}));
    EXPECT_TRUE(std::isnan(std::get<double>(valueOfText("nan"))));
    EXPECT_EQ(wellFormed("a\xC3\x28\xED\xA0\x80z"), "a\uFFFD(\uFFFD\uFFFD\uFFFDz");
}

TEST(Texts, JsonOfPythonMayHaveNonFiniteNumbers) {
    const auto parsed = parseJson(R"({"a": NaN, "b": [-Infinity, "NaN \" Infinity"], "c": 1})");
    ASSERT_TRUE(parsed.is_object());
    EXPECT_TRUE(std::isnan(std::get<double>(valueOfJson(parsed["a"]))));
    EXPECT_EQ(parsed["b"][1], "NaN \" Infinity");
    EXPECT_TRUE(parseJson("{\"a\": nope}").is_discarded());
}

TEST(Times, AreReadInTheFormsThatToolsWrite) {
    constexpr std::int64_t kMicros = 1'700'000'000'250'000;
    for (const char* text : {"2023-11-14T22:13:20.25Z", "2023-11-14 23:13:20.250+01:00", "1700000000.25",
                             "1700000000250", "1700000000250000", "1700000000250000000"})
        EXPECT_EQ(timeOf(text), kMicros) << text;
    for (const char* text : {"", "yesterday", "2023-13-01", "2023-11-14T25:00", "-5", "nan", "2023-11-14T22:13:20Zx"})
        EXPECT_EQ(timeOf(text), std::nullopt) << text;
    EXPECT_EQ(microsOf(std::nan("")), 0);
    EXPECT_EQ(microsOf(1e300), 0);
}

TEST(CsvRows, TellMissingFromEmptyAndKeepWhatIsQuoted) {
    CsvRows rows(
        "\xEF\xBB\xBF"
        "a,b,c\r\n1,\"x,\"\"y\"\"\nz\",\"\"\n\n2,,\"open");
    std::vector<CsvRows::Field> row;
    ASSERT_TRUE(rows.next(row));
    EXPECT_EQ(row[0].text, "a");
    EXPECT_EQ(row[2].text, "c");
    ASSERT_TRUE(rows.next(row));
    EXPECT_EQ(row[1].text, "x,\"y\"\nz");
    EXPECT_FALSE(row[2].isMissing());
    ASSERT_TRUE(rows.next(row));
    EXPECT_EQ(rows.line(), 5U);
    EXPECT_TRUE(row[1].isMissing());
    EXPECT_EQ(row[2].text, "open");
    EXPECT_FALSE(rows.next(row));
}

}  // namespace hindcast::exchange
