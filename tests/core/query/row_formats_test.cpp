// SPDX-License-Identifier: Apache-2.0
#include "core/query/rows/row_formats.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>

namespace hindcast::query {
namespace {

std::string written(const Rows& rows, RowFormat format) {
    std::string out;
    EXPECT_TRUE(writeRows(rows, format, [&](std::string_view text) {
        out += text;
        return true;
    }));
    return out;
}

/// One column with a cell of every kind.
Rows everyKind() {
    Rows rows;
    Column& x = rows.columns.emplace_back("x");
    x.addMissing();
    x.addNone();
    x.addDouble(std::nan(""));
    x.addDouble(-INFINITY);
    x.addDouble(0.1);
    x.addDouble(1);
    x.addInt(std::numeric_limits<std::int64_t>::min());
    x.addBool(true);
    x.addText(CellKind::Text, "a \"b\", c");
    x.addText(CellKind::Text, "");
    x.addText(CellKind::BigInt, "123456789012345678901234567890");
    rows.count = x.size();
    return rows;
}

TEST(RowFormats, csvTellsMissingNoneAndNanApart) {
    EXPECT_EQ(written(everyKind(), RowFormat::Csv),
              "x\n\nnull\nnan\n-inf\n0.1\n1.0\n-9223372036854775808\ntrue\n\"a \"\"b\"\", "
              "c\"\n\"\"\n123456789012345678901234567890\n");
}

TEST(RowFormats, jsonIsReadByEveryReaderAndKeepsIntegersExact) {
    const std::string text = written(everyKind(), RowFormat::Json);
    const auto parsed = nlohmann::json::parse(text);
    ASSERT_EQ(parsed.size(), 11U);
    EXPECT_TRUE(parsed[0]["x"].is_null());
    EXPECT_EQ(parsed[2]["x"], "NaN");
    EXPECT_EQ(parsed[3]["x"], "-Infinity");
    EXPECT_TRUE(parsed[5]["x"].is_number_float());
    EXPECT_EQ(parsed[6]["x"].get<std::int64_t>(), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(parsed[8]["x"], "a \"b\", c");
    EXPECT_NE(text.find("123456789012345678901234567890"), std::string::npos);
}

TEST(RowFormats, jsonLinesAreOneObjectEach) {
    Rows rows;
    rows.columns.emplace_back("a").addInt(1);
    rows.columns.emplace_back("a").addText(CellKind::Text, "line\nbreak");
    rows.count = 1;
    EXPECT_EQ(written(rows, RowFormat::Jsonl), "{\"a\": 1, \"a.2\": \"line\\nbreak\"}\n");
    EXPECT_EQ(written(Rows{}, RowFormat::Jsonl), "");
    EXPECT_EQ(written(Rows{}, RowFormat::Json), "[]\n");
}

TEST(RowFormats, csvNumbersReadBackToTheSameBits) {
    std::mt19937_64 random(7);
    Rows rows;
    Column& x = rows.columns.emplace_back("x");
    for (int i = 0; i < 20'000; ++i) x.addDouble(std::bit_cast<double>(random()));
    rows.count = x.size();
    std::istringstream lines(written(rows, RowFormat::Csv));
    std::string line;
    std::getline(lines, line);
    for (std::size_t row = 0; row < rows.count; ++row) {
        ASSERT_TRUE(std::getline(lines, line));
        const double back = std::strtod(line.c_str(), nullptr);
        if (std::isnan(x.doubleAt(row))) {
            ASSERT_EQ(line, "nan");
        } else {
            ASSERT_EQ(std::bit_cast<std::uint64_t>(back), std::bit_cast<std::uint64_t>(x.doubleAt(row))) << line;
        }
    }
}

template <class T>
T at(const std::string& bytes, std::size_t offset) {
    T value{};
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

TEST(RowFormats, richValuesAreWholeInColumnsAndReadableInTheOthers) {
    const nlohmann::json value{{"type", "array"},
                               {"dtype", "complex64"},
                               {"shape", {1}},
                               {"data", nlohmann::json::binary({0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0})}};
    const auto cbor = nlohmann::json::to_cbor(value);
    Rows rows;
    rows.columns.emplace_back("x").addText(CellKind::Rich, std::string(cbor.begin(), cbor.end()));
    rows.count = 1;
    EXPECT_EQ(written(rows, RowFormat::Csv), "x\n\"[[1.0,-2.0]]\"\n");
    const std::string out = written(rows, RowFormat::Columns);
    const std::size_t at = out.find("{\"cbor\": \"");
    ASSERT_NE(at, std::string::npos);
    const std::string digits = out.substr(at + 10, 2 * cbor.size());
    for (std::size_t i = 0; i < cbor.size(); ++i) EXPECT_EQ(std::stoi(digits.substr(2 * i, 2), nullptr, 16), cbor[i]);
    EXPECT_EQ(out.substr(at + 10 + digits.size()), "\"}");
}

TEST(RowFormats, columnsCarryTypesAndBitsAsTheyAre) {
    Rows rows;
    rows.columns.reserve(5);
    Column& number = rows.columns.emplace_back("number");
    Column& whole = rows.columns.emplace_back("whole");
    Column& text = rows.columns.emplace_back("text");
    Column& mixed = rows.columns.emplace_back("mixed");
    Column& flag = rows.columns.emplace_back("flag");
    number.addDouble(0.1);
    number.addDouble(std::nan(""));
    number.addDouble(0);
    whole.addInt(1);
    whole.addMissing();
    whole.addInt(2);
    text.addText(CellKind::Text, "é");
    text.addText(CellKind::Text, "ab");
    text.addText(CellKind::Text, "é");
    mixed.addText(CellKind::Text, "a");
    mixed.addDouble(-INFINITY);
    mixed.addDouble(-INFINITY);
    flag.addBool(true);
    flag.addBool(false);
    flag.addBool(true);
    rows.count = 3;
    const std::string out = written(rows, RowFormat::Columns);
    const std::size_t line = out.find('\n');
    const auto head = nlohmann::json::parse(out.substr(0, line));
    EXPECT_EQ(head["schema"], "hindcast.columns/2");
    EXPECT_EQ(head["rows"], 3);
    std::vector<std::string> types;
    for (const auto& column : head["columns"]) types.push_back(column["type"]);
    EXPECT_EQ(types, (std::vector<std::string>{"float64", "int64", "text", "json", "bool"}));
    std::size_t offset = line + 1;
    EXPECT_EQ(head["columns"][0]["nullBytes"], 0);
    EXPECT_EQ(at<double>(out, offset), 0.1);
    EXPECT_TRUE(std::isnan(at<double>(out, offset + 8)));
    offset += 24;
    EXPECT_EQ(head["columns"][1]["nullBytes"], 1);
    EXPECT_EQ(at<unsigned char>(out, offset), 5);  // the second row has no value
    EXPECT_EQ(at<std::int64_t>(out, offset + 1), 1);
    offset += 1 + 24;
    EXPECT_EQ(head["columns"][2]["distinct"], 2);  // of three cells
    EXPECT_EQ(at<std::int32_t>(out, offset + 4), 1);
    EXPECT_EQ(at<std::int32_t>(out, offset + 8), 0);
    EXPECT_EQ(at<std::int64_t>(out, offset + 12 + 8), 2);
    EXPECT_EQ(at<std::int64_t>(out, offset + 12 + 16), 4);
    EXPECT_EQ(out.substr(offset + 12 + 24, 4), "éab");
    offset += head["columns"][2]["bytes"].get<std::size_t>();
    EXPECT_EQ(out.substr(offset + 12 + 24, 12), "\"a\"-Infinity");
    offset += head["columns"][3]["bytes"].get<std::size_t>();
    EXPECT_EQ(out.substr(offset), std::string("\x01\x00\x01", 3));
}

TEST(RowFormats, integersAmongFloatsStayExact) {
    Column small("x");
    small.addInt(3);
    small.addDouble(0.5);
    EXPECT_EQ(small.type(), ColumnType::Float64);
    Column large("x");
    large.addInt((std::int64_t{1} << 53) + 1);
    large.addDouble(0.5);
    EXPECT_EQ(large.type(), ColumnType::Json);
}

TEST(RowFormats, aReaderThatGoesAwayStopsTheWriting) {
    Rows rows;
    Column& x = rows.columns.emplace_back("x");
    for (int i = 0; i < 1'000'000; ++i) x.addInt(i);
    rows.count = x.size();
    int pieces = 0;
    EXPECT_FALSE(writeRows(rows, RowFormat::Csv, [&](std::string_view) { return ++pieces < 2; }));
    EXPECT_EQ(pieces, 2);
}

}  // namespace
}  // namespace hindcast::query
