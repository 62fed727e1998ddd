// SPDX-License-Identifier: Apache-2.0
#include "core/format/tensors/chunk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <random>

#include "core/format/tensors/planes.h"
#include "core/format/tensors/segment.h"
#include "tests/core/format/temporary_folder.h"

namespace hindcast::format {
namespace {

using base::Bytes;
using base::BytesView;

/// Bytes that look like weights (bell-shaped floats) where the type is a float, else small integers.
Bytes sample(DType type, std::size_t bytes, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> bell(0, 0.02F);
    Bytes out(bytes);
    const std::size_t width = planeWidth(type);
    for (std::size_t at = 0; at + width <= bytes; at += width) {
        std::uint64_t bits = random() % 300;
        const float number = bell(random);
        if (isFloating(type) && width == 4) std::memcpy(&bits, &number, 4);
        if (isFloating(type) && width == 8) {
            const double wide = static_cast<double>(number) * 1.1;
            std::memcpy(&bits, &wide, 8);
        }
        if (isFloating(type) && width == 2) {
            std::uint32_t narrow = 0;
            std::memcpy(&narrow, &number, 4);
            bits = narrow >> 16;
        }
        std::memcpy(out.data() + at, &bits, width);
    }
    for (std::size_t at = bytes / width * width; at < bytes; ++at) out[at] = static_cast<std::byte>(random());
    return out;
}

/// The same a step later: each element moves a little.
Bytes stepped(const Bytes& before, unsigned seed) {
    std::mt19937 random(seed);
    Bytes out = before;
    for (std::size_t at = 0; at + 4 <= out.size(); at += 4) {
        float number = 0;
        std::memcpy(&number, out.data() + at, 4);
        number += 1e-5F * static_cast<float>(static_cast<int>(random() % 201) - 100) * 0.01F;
        std::memcpy(out.data() + at, &number, 4);
    }
    return out;
}

Bytes decoded(BytesView record, BytesView base, std::size_t size) {
    const auto header = decodeChunkHeader(record);
    EXPECT_TRUE(header);
    Bytes out(size);
    ChunkDecoder decoder;
    EXPECT_TRUE(decoder.decode(*header, record.subspan(kChunkHeaderBytes), base, out));
    return out;
}

const std::vector<DType> kAllTypes = [] {
    std::vector<DType> types;
    for (std::uint8_t number = 1; dtypeOf(number); ++number) types.push_back(*dtypeOf(number));
    return types;
}();

TEST(Chunk, EveryTypeAndOddSizeRoundTrips) {
    ASSERT_EQ(kAllTypes.size(), 21U);
    ChunkEncoder encoder;
    for (const DType type : kAllTypes) {
        for (const std::size_t size : {1, 2, 3, 7, 8, 9, 63, 64, 1000, 4099, 65'536, 262'143, 262'144}) {
            const Bytes raw = sample(type, size, 1);
            const BytesView record = encoder.encode(raw, type, digest128(raw));
            EXPECT_EQ(decoded(record, {}, size), raw) << dtypeName(type) << " " << size;
            EXPECT_LE(record.size(), kChunkHeaderBytes + 64 + size);
        }
    }
}

TEST(Chunk, DifferencesOfEveryTypeRoundTrip) {
    ChunkEncoder encoder;
    for (const DType type : kAllTypes) {
        for (const std::size_t size : {8, 9, 1000, 65'537, 262'144}) {
            const Bytes raw = sample(type, size, 1);
            const Bytes base = sample(type, size, 2);
            const auto record =
                encoder.encodeDifference(raw, type, digest128(raw), {{0, 40}, digest128(base), base}, SIZE_MAX);
            ASSERT_TRUE(record);
            EXPECT_EQ(decoded(*record, base, size), raw) << dtypeName(type) << " " << size;
        }
    }
}

TEST(Chunk, EveryBitPatternOfANumberSurvivesEveryTransform) {
    // All 65,536 patterns of 16 bits: zeros, subnormals, infinities, every NaN; against a base that runs the other way.
    Bytes raw(2 * 65'536);
    Bytes base(raw.size());
    for (std::uint32_t i = 0; i < 65'536; ++i) {
        const auto up = static_cast<std::uint16_t>(i);
        const auto down = static_cast<std::uint16_t>(i * 40'503U);
        std::memcpy(raw.data() + 2 * i, &up, 2);
        std::memcpy(base.data() + 2 * i, &down, 2);
    }
    ChunkEncoder encoder;
    EXPECT_EQ(decoded(encoder.encode(raw, DType::F16, digest128(raw)), {}, raw.size()), raw);
    const auto record =
        encoder.encodeDifference(raw, DType::F16, digest128(raw), {{0, 40}, digest128(base), base}, SIZE_MAX);
    ASSERT_TRUE(record);
    EXPECT_EQ(decoded(*record, base, raw.size()), raw);
}

TEST(Chunk, WeightsShrinkAndSmallStepsShrinkMore) {
    ChunkEncoder encoder;
    const Bytes before = sample(DType::F32, kChunkBytes, 5);
    const Bytes after = stepped(before, 6);
    const std::size_t absolute = encoder.encode(after, DType::F32, digest128(after)).size();
    EXPECT_LT(absolute, kChunkBytes * 87 / 100);
    const auto difference =
        encoder.encodeDifference(after, DType::F32, digest128(after), {{0, 40}, digest128(before), before}, SIZE_MAX);
    EXPECT_LT(difference->size(), absolute * 7 / 10);
    EXPECT_FALSE(encoder.encodeDifference(after, DType::F32, digest128(after), {{0, 40}, digest128(before), before},
                                          absolute / 4));
}

TEST(Chunk, ConstantsAndIndicesAreSmall) {
    ChunkEncoder encoder;
    const Bytes zeros(kChunkBytes);
    EXPECT_LT(encoder.encode(zeros, DType::F32, digest128(zeros)).size(), 120U);
    Bytes indices(kChunkBytes);
    for (std::size_t i = 0; i < kChunkBytes / 8; ++i) std::memcpy(indices.data() + 8 * i, &i, 8);
    EXPECT_LT(encoder.encode(indices, DType::I64, digest128(indices)).size(), 2000U);
    Bytes noise(kChunkBytes);
    std::mt19937_64 random(1);
    for (auto& byte : noise) byte = static_cast<std::byte>(random());
    EXPECT_LE(encoder.encode(noise, DType::Raw, digest128(noise)).size(), kChunkHeaderBytes + 8 + kChunkBytes);
}

class SegmentTest : public FolderTest {};

TEST_F(SegmentTest, AChainOfThreeDifferencesReadsBack) {
    std::filesystem::create_directory(m_folder / "segments");
    auto writer = SegmentWriter::create(m_folder / "segments", 0, base::Uuid::make());
    ASSERT_TRUE(writer);
    ChunkEncoder encoder;
    Bytes raw = sample(DType::F32, 100'000, 1);
    std::vector<std::pair<ChunkPlace, Bytes>> written{
        {*writer->append(encoder.encode(raw, DType::F32, digest128(raw))), raw}};
    for (unsigned i = 1; i < 5; ++i) {
        const auto& [basePlace, baseRaw] = written.back();
        raw = stepped(baseRaw, i);
        const auto record = encoder.encodeDifference(raw, DType::F32, digest128(raw),
                                                     {basePlace, digest128(baseRaw), baseRaw}, SIZE_MAX);
        written.emplace_back(*writer->append(*record), raw);
    }
    ASSERT_TRUE(writer->flush());
    ChunkReader reader(m_folder / "segments", {});
    for (std::size_t i = 0; i < 4; ++i) {
        Bytes out(written[i].second.size());
        ASSERT_TRUE(reader.readVerified(written[i].first, out)) << i;
        EXPECT_EQ(out, written[i].second);
    }
    Bytes out(raw.size());
    EXPECT_EQ(reader.read(written[4].first, out).error().code(), base::ErrorCode::Damaged)
        << "four steps are more than the format allows";
    const auto scan = scanSegment(m_folder / "segments" / segmentFileName(0));
    ASSERT_TRUE(scan);
    EXPECT_EQ(scan->entries.size(), 5U);
    EXPECT_FALSE(scan->torn);
}

TEST_F(SegmentTest, AFlippedBitAnywhereIsAnErrorNeverAWrongValue) {
    std::filesystem::create_directory(m_folder / "segments");
    TensorRecord tensor;
    tensor.key = "w";
    tensor.dtype = DType::F32;
    const Bytes before = sample(DType::F32, 2003, 1);
    const Bytes raw = stepped(before, 2);
    {
        auto writer = SegmentWriter::create(m_folder / "segments", 0, base::Uuid::make());
        ChunkEncoder encoder;
        const auto place = writer->append(encoder.encode(before, DType::F32, digest128(before)));
        const auto record =
            encoder.encodeDifference(raw, DType::F32, digest128(raw), {*place, digest128(before), before}, SIZE_MAX);
        tensor.chunks = {*writer->append(*record)};
        ASSERT_TRUE(writer->flush());
    }
    tensor.rawBytes = raw.size();
    tensor.digest = digest128(raw);
    const auto path = m_folder / "segments" / segmentFileName(0);
    const Bytes whole = *base::readFile(path);
    std::size_t unread = 0;
    for (std::size_t at = 0; at < whole.size(); ++at) {
        Bytes bytes = whole;
        bytes[at] ^= std::byte{0x04};
        put(path, bytes);
        Bytes out(raw.size());
        ChunkReader reader(m_folder / "segments", {});
        const auto done = reader.readTensor(tensor, out);
        if (done) {
            EXPECT_EQ(out, raw) << at;
            ++unread;
        }
    }
    // What a tensor's own digest makes up for: the version's minor number and uuid in the file's header, and the
    // checksum and the digest of each of the two records. fsck looks at those.
    EXPECT_LE(unread, 18U + 2 * (8 + 16));
}

TEST_F(SegmentTest, AMissingSegmentIsNotFoundAndTheDigestDecidesAtTheEnd) {
    std::filesystem::create_directory(m_folder / "segments");
    ChunkReader reader(m_folder / "segments", {});
    Bytes out(100);
    EXPECT_EQ(reader.read({3, 40}, out).error().code(), base::ErrorCode::NotFound);
    auto writer = SegmentWriter::create(m_folder / "segments", 0, base::Uuid::make());
    ChunkEncoder encoder;
    const Bytes raw = sample(DType::U8, 100, 1);
    TensorRecord tensor;
    tensor.rawBytes = 100;
    tensor.chunks = {*writer->append(encoder.encode(raw, DType::U8, digest128(raw)))};
    ASSERT_TRUE(writer->flush());
    EXPECT_EQ(reader.readTensor(tensor, out).error().code(), base::ErrorCode::Damaged);
    tensor.digest = digest128(raw);
    EXPECT_TRUE(reader.readTensor(tensor, out));
}

/// One element at a time, as FORMAT.md says it: what the vectorised loops must agree with.
class PlaneOracle {
public:
    explicit PlaneOracle(unsigned width) : m_width(width), m_mask(width == 8 ? ~0ULL : (1ULL << (8 * width)) - 1) {}

    std::uint64_t load(const Bytes& bytes, std::size_t element) const {
        std::uint64_t bits = 0;
        std::memcpy(&bits, bytes.data() + element * m_width, m_width);
        return bits;
    }
    std::uint64_t rotated(std::uint64_t bits) const { return (bits << 1 | bits >> top()) & m_mask; }
    std::uint64_t difference(std::uint64_t now, std::uint64_t before) const {
        const std::uint64_t step = (ordered(now) - ordered(before)) & m_mask;
        return (step << 1 ^ (step >> top() != 0 ? m_mask : 0)) & m_mask;
    }
    /// Planes of the elements that `code` gives, and the tail as it is.
    template <class Code>
    Bytes planes(const Bytes& raw, Code code) const {
        Bytes out = raw;
        const std::size_t count = raw.size() / m_width;
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint64_t bits = code(load(raw, i), i);
            for (unsigned plane = 0; plane < m_width; ++plane)
                out[plane * count + i] = static_cast<std::byte>(bits >> (8 * plane));
        }
        return out;
    }

private:
    unsigned top() const { return 8 * m_width - 1; }
    std::uint64_t ordered(std::uint64_t bits) const {
        return (bits >> top() != 0 ? ~bits : bits | 1ULL << top()) & m_mask;
    }

    unsigned m_width;
    std::uint64_t m_mask;
};

/// Random bits, with the corners of floats strewn in: zeros, ones, quiet and signalling NaNs, infinities, subnormals.
Bytes adversarial(std::size_t bytes, unsigned seed) {
    std::mt19937_64 random(seed);
    Bytes out(bytes);
    for (auto& byte : out) byte = static_cast<std::byte>(random());
    static constexpr std::array<std::uint64_t, 10> kCorners = {0,
                                                               ~0ULL,
                                                               0x8000000000000000,
                                                               0x7F800001FFFFFFFF,
                                                               0x7FC00000FF800000,
                                                               0x000000017F800000,
                                                               0x8000000100000001,
                                                               0x7FF0000000000001,
                                                               0xFFF8000000000000,
                                                               0x00007C017E00FE00};
    for (std::size_t at = 0; at + 8 <= bytes; at += 8 * (1 + random() % 7))
        std::memcpy(out.data() + at, &kCorners[random() % kCorners.size()], 8);
    return out;
}

TEST(Planes, AgreeWithOneElementAtATime) {
    for (const unsigned width : {1U, 2U, 4U, 8U}) {
        const PlaneOracle oracle(width);
        for (const std::size_t size : {0, 1, 7, 8, 31, 64, 4095, 4096, 4097, 8191, 12'295, 262'144}) {
            const Bytes raw = adversarial(size, width);
            const Bytes base = adversarial(size, width + 9);
            Bytes planes(size);
            splitPlanes(raw, width, planes);
            EXPECT_EQ(planes, oracle.planes(raw, [](std::uint64_t bits, std::size_t) { return bits; }));
            splitRotated(raw, width, planes);
            EXPECT_EQ(planes,
                      oracle.planes(raw, [&](std::uint64_t bits, std::size_t) { return oracle.rotated(bits); }));
            splitDifference(raw, base, width, planes);
            EXPECT_EQ(planes,
                      oracle.planes(raw, [&](std::uint64_t bits,
                                             std::size_t i) { return oracle.difference(bits, oracle.load(base, i)); }))
                << width << " " << size;
        }
    }
}

TEST(Chunk, AnyBitsOfAnyTypeComeBack) {
    ChunkEncoder encoder;
    unsigned seed = 0;
    for (const DType type : kAllTypes) {
        for (const std::size_t size : {1, 5, 16, 4097, 40'003, 262'144}) {
            const Bytes raw = adversarial(size, ++seed);
            EXPECT_EQ(decoded(encoder.encode(raw, type, digest128(raw)), {}, size), raw)
                << dtypeName(type) << " " << size;
            // Against a base of which half the elements are the same.
            Bytes base = adversarial(size, ++seed);
            std::copy_n(raw.begin(), size / 2, base.begin());
            const auto record =
                encoder.encodeDifference(raw, type, digest128(raw), {{0, 40}, digest128(base), base}, SIZE_MAX);
            if (record) {
                EXPECT_EQ(decoded(*record, base, size), raw) << dtypeName(type) << " " << size;
            }
        }
    }
}

TEST(Planes, AllWidthsAreInverses) {
    for (const unsigned width : {1U, 2U, 4U, 8U}) {
        for (const std::size_t size : {0, 1, 5, 8, 17, 1024, 4101}) {
            const Bytes raw = sample(DType::U8, size, width);
            const Bytes base = sample(DType::U8, size, width + 9);
            Bytes planes(size);
            Bytes back(size);
            splitPlanes(raw, width, planes);
            joinPlanes(placesOf(planes, width), width, back);
            EXPECT_EQ(back, raw);
            splitRotated(raw, width, planes);
            joinRotated(placesOf(planes, width), width, back);
            EXPECT_EQ(back, raw);
            splitDifference(raw, base, width, planes);
            joinDifference(placesOf(planes, width), base, width, back);
            EXPECT_EQ(back, raw);
        }
    }
}

}  // namespace
}  // namespace hindcast::format
