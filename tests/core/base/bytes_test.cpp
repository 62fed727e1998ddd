// SPDX-License-Identifier: Apache-2.0
#include "core/base/bytes.h"

#include <gtest/gtest.h>

#include <limits>

namespace hindcast::base {
namespace {

TEST(Bytes, VarintsOfEverySizeComeBack) {
    ByteWriter writer;
    std::vector<std::uint64_t> values;
    for (unsigned bit = 0; bit < 64; ++bit) {
        values.push_back(std::uint64_t{1} << bit);
        values.push_back((std::uint64_t{1} << bit) - 1);
    }
    values.push_back(std::numeric_limits<std::uint64_t>::max());
    for (const auto value : values) writer.putVarint(value);
    ByteReader reader(writer.view());
    for (const auto value : values) EXPECT_EQ(reader.getVarint(), value);
    EXPECT_TRUE(reader.atEnd());
    EXPECT_FALSE(reader.failed());
}

TEST(Bytes, SignedVarintsKeepTheLimitsOfTheType) {
    const std::int64_t values[] = {0, -1, 1, std::numeric_limits<std::int64_t>::min(),
                                   std::numeric_limits<std::int64_t>::max()};
    ByteWriter writer;
    for (const auto value : values) writer.putSignedVarint(value);
    ByteReader reader(writer.view());
    for (const auto value : values) EXPECT_EQ(reader.getSignedVarint(), value);
}

TEST(Bytes, AReadPastTheEndFailsAndStaysFailed) {
    ByteWriter writer;
    writer.put<std::uint16_t>(7);
    ByteReader reader(writer.view());
    EXPECT_EQ(reader.get<std::uint32_t>(), 0U);
    EXPECT_TRUE(reader.failed());
    EXPECT_EQ(reader.get<std::uint8_t>(), 0U);
    EXPECT_TRUE(reader.getBytes(1).empty());
}

TEST(Bytes, AnEndlessVarintIsAFailureNotALoop) {
    const Bytes bytes(20, std::byte{0xFF});
    ByteReader reader(bytes);
    reader.getVarint();
    EXPECT_TRUE(reader.failed());
}

TEST(Bytes, ATextLongerThanTheBufferIsRefused) {
    ByteWriter writer;
    writer.putVarint(1000);
    writer.put<std::uint8_t>('x');
    ByteReader reader(writer.view());
    EXPECT_TRUE(reader.getText().empty());
    EXPECT_TRUE(reader.failed());
}

}  // namespace
}  // namespace hindcast::base
