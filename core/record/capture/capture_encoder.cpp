// SPDX-License-Identifier: Apache-2.0
#include "core/record/capture/capture_encoder.h"

#include <algorithm>

namespace hindcast::record {

using base::BytesView;
using base::Result;
using format::ChunkPlace;
using format::Digest;

namespace {
/// After this many failures in a row without a success, a tensor's other chunks are not tried either.
constexpr unsigned kHopeless = 4;
/// About 30 MB a generation, the identity of 128 GiB of chunks.
constexpr std::size_t kGeneration = std::size_t{1} << 19;

/// Captures for which a tensor is left alone that differences did not pay for the n-th time in a row.
constexpr std::array<unsigned, 5> kPauses = {0, 0, 1, 3, 7};

/// Clears the lowest bit.
std::uint32_t baseOf(std::uint32_t version) {
    return version & (version - 1);
}
}  // namespace

CaptureEncoder::CaptureEncoder(std::filesystem::path versionFolder, base::Uuid uuid)
    : m_folder(std::move(versionFolder) / "segments"), m_uuid(uuid), m_reader(m_folder, {}) {}

std::optional<ChunkPlace> CaptureEncoder::known(const Digest& digest, std::size_t rawBytes) {
    auto found = m_young.find(digest);
    if (found == m_young.end()) {
        found = m_old.find(digest);
        if (found == m_old.end()) return std::nullopt;
        const Known entry = found->second;
        m_old.erase(found);
        remember(digest, entry);
        return entry.rawBytes == rawBytes ? std::optional(entry.place) : std::nullopt;
    }
    return found->second.rawBytes == rawBytes ? std::optional(found->second.place) : std::nullopt;
}

void CaptureEncoder::remember(const Digest& digest, Known known) {
    if (m_young.size() >= kGeneration) {
        m_old = std::move(m_young);
        m_young.clear();
    }
    m_young.insert_or_assign(digest, known);
}

Result<ChunkPlace> CaptureEncoder::append(BytesView record) {
    if (m_segment && m_segment->size() >= format::kSegmentBytes) {
        HINDCAST_TRY(m_segment->flush());
        HINDCAST_TRY(m_segment->sync());
        HINDCAST_TRY(m_segment->close());
        m_segment.reset();
    }
    if (!m_segment) {
        HINDCAST_TRY(base::makeFolder(m_folder));
        HINDCAST_ASSIGN(m_segment, format::SegmentWriter::create(m_folder, m_nextSegment, m_uuid));
        HINDCAST_TRY(base::syncFolder(m_folder));
        if (m_nextSegment == 0) HINDCAST_TRY(base::syncFolder(m_folder.parent_path()));
        ++m_nextSegment;
    }
    m_storedBytes += record.size();
    return m_segment->append(record);
}

/// The record of the chunk as a difference to its base, absent when that does not pay.
Result<std::optional<BytesView>> CaptureEncoder::difference(BytesView raw, format::DType type, const Digest& digest,
                                                            const Chain& chain) {
    const Place& base = chain.stored[baseOf(chain.versions % kKeyframeInterval)];
    m_base.resize(raw.size());
    // A base that cannot be read back would make this chunk unreadable as well: the error is kept, and recording stops.
    HINDCAST_TRY(m_reader.readKnown(base.place, base.digest, m_base));
    const auto limit = static_cast<std::size_t>(format::kDifferenceKeep * chain.absoluteBytes);
    return m_encoder.encodeDifference(raw, type, digest, {base.place, base.digest, m_base}, limit);
}

Result<ChunkPlace> CaptureEncoder::storeChunk(BytesView raw, format::DType type, const Digest& digest, Chain& chain,
                                              bool tryDifference, Tally& tally) {
    if (chain.rawBytes != raw.size()) chain = {};
    std::optional<BytesView> record;
    if (tryDifference && chain.versions % kKeyframeInterval != 0) {
        ++tally.tried;
        HINDCAST_ASSIGN(record, difference(raw, type, digest, chain));
        if (record) ++tally.kept;
    }
    if (!record) {
        record = m_encoder.encode(raw, type, digest);
        chain.absoluteBytes = static_cast<std::uint32_t>(record->size());
    }
    HINDCAST_ASSIGN(const ChunkPlace place, append(*record));
    chain.rawBytes = static_cast<std::uint32_t>(raw.size());
    chain.stored[chain.versions % kKeyframeInterval] = {place, digest};
    ++chain.versions;
    remember(digest, {place, chain.rawBytes});
    return place;
}

/// The record of a tensor that was not copied, because its last one still holds.
format::TensorRecord CaptureEncoder::refer(const StagedCapture::Tensor& tensor, bool store) {
    format::TensorRecord record = *m_tensors.at(tensor.key).last;
    if (!store) {
        record.state = format::TensorState::DigestOnly;
        record.chunks.clear();
    }
    return record;
}

void CaptureEncoder::keep(const StagedCapture::Tensor& tensor, const format::TensorRecord& record) {
    if (tensor.content == 0) return;
    TensorHistory& history = m_tensors[tensor.key];
    if (history.last && history.content == tensor.content && history.last->digest != record.digest)
        m_silentWrite = tensor.key;
    history.content = tensor.content;
    history.last = record;
}

Result<format::TensorRecord> CaptureEncoder::encodeTensor(const StagedCapture::Tensor& tensor, bool store,
                                                          const std::function<void()>& between) {
    format::TensorRecord record;
    record.key = tensor.key;
    record.dtype = tensor.dtype;
    record.shape = tensor.shape;
    record.rawBytes = tensor.bytes;
    record.state = store ? format::TensorState::Stored : format::TensorState::DigestOnly;
    TensorHistory* history = store ? &m_tensors[tensor.key] : nullptr;
    if (history != nullptr && history->chains.size() < tensor.chunks.size())
        history->chains.resize(tensor.chunks.size());
    const bool tryDifferences = store && format::isFloating(tensor.dtype) && history->skipDifferences == 0;
    Tally tally;
    format::DigestStream whole;
    for (std::size_t i = 0; i < tensor.chunks.size(); ++i) {
        const BytesView raw = tensor.chunks[i];
        between();
        if (tensor.chunks.size() > 1) whole.update(raw);
        if (!store && tensor.chunks.size() > 1) continue;
        const Digest digest = format::digest128(raw);
        record.digest = digest;
        if (!store) continue;
        auto place = known(digest, raw.size());
        if (!place) {
            const bool hopeless = tally.kept == 0 && tally.tried >= kHopeless;
            HINDCAST_ASSIGN(
                place, storeChunk(raw, tensor.dtype, digest, history->chains[i], tryDifferences && !hopeless, tally));
        }
        record.chunks.push_back(*place);
    }
    if (tensor.chunks.size() != 1) record.digest = whole.digest();
    if (store) m_rawBytes += tensor.bytes;
    if (history == nullptr) return record;
    if (history->skipDifferences > 0) --history->skipDifferences;
    if (tally.tried == 0) return record;
    history->lost = tally.kept * 2 < tally.tried ? std::min<unsigned>(history->lost + 1, kPauses.size() - 1) : 0;
    history->skipDifferences = kPauses[history->lost];
    return record;
}

Result<format::CaptureRecord> CaptureEncoder::encode(const StagedCapture& capture,
                                                     const std::function<void()>& between) {
    format::CaptureRecord record;
    record.point = capture.point;
    record.how = capture.how;
    record.tensorsStored = capture.storeTensors;
    record.stamp = capture.stamp;
    record.coordinates = capture.coordinates;
    record.passes = capture.passes;
    record.meta = capture.meta;
    for (const StagedCapture::Tensor& tensor : capture.tensors) {
        if (tensor.reused) {
            record.tensors.push_back(refer(tensor, capture.storeTensors));
            continue;
        }
        HINDCAST_ASSIGN(format::TensorRecord encoded, encodeTensor(tensor, capture.storeTensors, between));
        keep(tensor, encoded);
        record.tensors.push_back(std::move(encoded));
    }
    if (m_segment) HINDCAST_TRY(m_segment->flush());
    return record;
}

Result<void> CaptureEncoder::syncSegment() {
    if (!m_segment) return {};
    return m_segment->sync();
}

}  // namespace hindcast::record
