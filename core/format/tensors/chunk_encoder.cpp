// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cassert>
#include <cmath>

#include "core/format/compression.h"
#include "core/format/digest.h"
#include "core/format/tensors/chunk.h"
#include "core/format/tensors/planes.h"

namespace hindcast::format {

using base::BytesView;

namespace {
constexpr std::size_t kPlaneHeaderBytes = 8;
constexpr std::size_t kBaseAt = 32;
/// Bytes looked at to judge a plane: enough to place its entropy within a twentieth of a bit.
constexpr std::size_t kSample = 4096;
constexpr std::size_t kSampleRuns = 16;
/// Above this many bits a byte, coding wins less than it costs; below the other one, repeats are worth searching.
constexpr double kIncompressibleBits = 7.75;
constexpr double kRepetitiveBits = 1.0;
/// A coded plane is kept when it is this much shorter.
constexpr double kPlaneKeep = 0.97;

/// c * log2(c) for counts of a sample.
const std::array<float, kSample + 1>& countLogs() {
    static const auto table = [] {
        std::array<float, kSample + 1> logs{};
        for (std::size_t c = 1; c <= kSample; ++c) logs[c] = static_cast<float>(c) * std::log2(static_cast<float>(c));
        return logs;
    }();
    return table;
}

/// Estimated entropy in bits a byte from runs spread evenly over the plane.
double sampledEntropy(BytesView plane) {
    std::array<std::uint16_t, 256> histogram{};
    const std::size_t total = std::min(plane.size(), kSample);
    const std::size_t runs = plane.size() <= kSample ? 1 : kSampleRuns;
    const std::size_t run = total / runs;
    const std::size_t stride = runs == 1 ? 0 : (plane.size() - run) / (runs - 1);
    for (std::size_t r = 0; r < runs; ++r) {
        for (std::size_t i = 0; i < run; ++i) ++histogram[static_cast<std::size_t>(plane[r * stride + i])];
    }
    const auto& logs = countLogs();
    double sum = 0;
    for (const std::uint16_t count : histogram) sum += static_cast<double>(logs[count]);
    const auto n = static_cast<double>(run * runs);
    return n == 0 ? 0 : std::log2(n) - sum / n;
}

bool isConstant(BytesView plane) {
    return !plane.empty() && std::memcmp(plane.data(), plane.data() + 1, plane.size() - 1) == 0;
}

/// Whether more than 2 % of sampled elements are zero: rows of untouched embeddings, pruned or masked weights.
bool hasManyZeros(BytesView raw, std::size_t width) {
    static constexpr std::array<std::byte, 8> kZero{};
    constexpr std::size_t kElements = 1024;
    const std::size_t count = raw.size() / width;
    const std::size_t stride = std::max<std::size_t>(1, count / kElements);
    std::size_t seen = 0;
    std::size_t zeros = 0;
    for (std::size_t i = 0; i < count; i += stride, ++seen) {
        zeros += std::memcmp(raw.data() + i * width, kZero.data(), width) == 0;
    }
    return zeros * 50 > seen;
}

template <class T>
void putAt(base::Bytes& record, std::size_t at, T value) {
    std::memcpy(record.data() + at, &value, sizeof value);
}

void putDigest(base::Bytes& record, std::size_t at, const Digest& digest) {
    std::memcpy(record.data() + at, digest.bytes.data(), digest.bytes.size());
}
}  // namespace

void setBasePlace(std::span<std::byte> record, ChunkPlace base) {
    std::memcpy(record.data() + kBaseAt, &base.segment, sizeof base.segment);
    std::memcpy(record.data() + kBaseAt + 8, &base.offset, sizeof base.offset);
    const std::uint64_t checksum =
        checksum64(BytesView(record).first(kChecksumAt), BytesView(record).subspan(kChunkHeaderBytes));
    std::memcpy(record.data() + kChecksumAt, &checksum, sizeof checksum);
}

/// Writes one plane with its head and returns the bytes written. `out` has room for the plane stored raw.
static std::size_t encodePlane(BytesView plane, double bits, std::byte* out) {
    PlaneCodec codec = PlaneCodec::Raw;
    std::size_t stored = plane.size();
    std::byte* const content = out + kPlaneHeaderBytes;
    const auto limit = static_cast<std::size_t>(static_cast<double>(plane.size()) * kPlaneKeep);
    if (isConstant(plane)) {
        codec = PlaneCodec::Constant;
        content[0] = plane[0];
        stored = 1;
    } else if (bits <= kIncompressibleBits) {
        const Effort effort = bits < kRepetitiveBits ? Effort::Fast : Effort::EntropyOnly;
        if (const auto size = compressInto(plane, effort, {content, limit})) {
            codec = PlaneCodec::Zstd;
            stored = *size;
        }
    }
    if (codec == PlaneCodec::Raw) std::memcpy(content, plane.data(), plane.size());
    const std::uint32_t head[2] = {static_cast<std::uint32_t>(codec), static_cast<std::uint32_t>(stored)};
    std::memcpy(out, head, sizeof head);
    return kPlaneHeaderBytes + stored;
}

/// Plane `p` of the `width` planes that were split; the last one has the tail.
BytesView ChunkEncoder::plane(std::size_t p, std::size_t width) const {
    const std::size_t length = m_planes.size() / width;
    const BytesView planes = m_planes;
    return p + 1 == width ? planes.subspan(p * length) : planes.subspan(p * length, length);
}

/// Codes the planes that were split, with `bits` as the entropy of each.
BytesView ChunkEncoder::encodePlanes(ChunkHeader header, const PlaneBits& bits) {
    const std::size_t rawBytes = m_planes.size();
    const std::size_t width = std::max<std::size_t>(header.width, 1);
    // Grows only: what is cut off and grown again is cleared each time.
    const std::size_t most = kChunkHeaderBytes + width * kPlaneHeaderBytes + rawBytes;
    if (m_record.size() < most) m_record.resize(most);
    std::size_t at = kChunkHeaderBytes;
    for (std::size_t p = 0; p < width; ++p) at += encodePlane(plane(p, width), bits[p], m_record.data() + at);

    std::memcpy(m_record.data(), "HCCK", 4);
    putAt(m_record, 4, static_cast<std::uint8_t>(header.transform));
    putAt(m_record, 5, header.width);
    putAt(m_record, 6, std::uint16_t{0});
    putAt(m_record, 8, static_cast<std::uint32_t>(rawBytes));
    putAt(m_record, 12, static_cast<std::uint32_t>(at - kChunkHeaderBytes));
    putDigest(m_record, 16, header.digest);
    putAt(m_record, kBaseAt, header.base.segment);
    putAt(m_record, kBaseAt + 8, header.base.offset);
    putDigest(m_record, 48, header.baseDigest);
    const BytesView record = BytesView(m_record).first(at);
    putAt(m_record, kChecksumAt, checksum64(record.first(kChecksumAt), record.subspan(kChunkHeaderBytes)));
    return record;
}

BytesView ChunkEncoder::encode(BytesView raw, DType type, const Digest& digest) {
    assert(!raw.empty() && raw.size() <= kChunkBytes);
    ChunkHeader header;
    header.digest = digest;
    const std::size_t width = planeWidth(type);
    m_planes.resize(raw.size());
    if (width == 1 || raw.size() < width) {
        std::memcpy(m_planes.data(), raw.data(), raw.size());
    } else if (isFloating(type)) {
        header.transform = Transform::Rotate;
        header.width = static_cast<std::uint8_t>(width);
        splitRotated(raw, header.width, m_planes);
    } else {
        header.width = static_cast<std::uint8_t>(width);
        splitPlanes(raw, header.width, m_planes);
    }
    const std::size_t planes = std::max<std::size_t>(header.width, 1);
    // Without an entropy to go by, repeats are searched.
    PlaneBits bits{};
    if (isFloating(type) && !hasManyZeros(raw, planes)) {
        for (std::size_t p = 0; p < planes; ++p) bits[p] = sampledEntropy(plane(p, planes));
    }
    return encodePlanes(header, bits);
}

std::optional<BytesView> ChunkEncoder::encodeDifference(BytesView raw, DType type, const Digest& digest,
                                                        const ChunkBase& base, std::size_t limitBytes) {
    assert(!raw.empty() && raw.size() == base.raw.size());
    const std::size_t width = planeWidth(type);
    if (raw.size() < width) return std::nullopt;
    ChunkHeader header;
    header.transform = Transform::Difference;
    header.width = static_cast<std::uint8_t>(width);
    header.digest = digest;
    header.base = base.place;
    header.baseDigest = base.digest;
    m_planes.resize(raw.size());
    splitDifference(raw, base.raw, header.width, m_planes);
    PlaneBits bits{};
    double expected = kChunkHeaderBytes;
    for (std::size_t p = 0; p < width; ++p) {
        bits[p] = sampledEntropy(plane(p, width));
        expected += bits[p] / 8 * static_cast<double>(plane(p, width).size());
    }
    // A sample tells rather less than there is: what fails by it would fail when coded.
    if (expected > static_cast<double>(limitBytes)) return std::nullopt;
    const BytesView record = encodePlanes(header, bits);
    if (record.size() > limitBytes) return std::nullopt;
    return record;
}

}  // namespace hindcast::format
