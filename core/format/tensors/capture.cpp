// SPDX-License-Identifier: Apache-2.0
#include "core/format/tensors/capture.h"

namespace hindcast::format {

using base::ByteReader;
using base::ByteWriter;
using base::Error;
using base::ErrorCode;
using base::Result;

namespace {
constexpr std::uint8_t kRecordVersion = 1;
constexpr std::uint8_t kTensorsStored = 1;
constexpr std::uint8_t kReservedFlags = 0x0E;

std::uint64_t chunkCount(std::uint64_t rawBytes) {
    return (rawBytes + kChunkBytes - 1) / kChunkBytes;
}

void putTensor(const TensorRecord& tensor, ByteWriter& out) {
    out.putText(tensor.key);
    out.put(static_cast<std::uint8_t>(tensor.dtype));
    out.put(static_cast<std::uint8_t>(tensor.state));
    out.putVarint(tensor.shape.size());
    for (const std::uint64_t extent : tensor.shape) out.putVarint(extent);
    out.putVarint(tensor.rawBytes);
    out.putBytes(std::as_bytes(std::span(tensor.digest.bytes)));
    if (tensor.state != TensorState::Stored) return;
    out.putVarint(tensor.chunks.size());
    for (const ChunkPlace& place : tensor.chunks) {
        out.putVarint(place.segment);
        out.putVarint(place.offset);
    }
}

bool getTensor(ByteReader& in, TensorRecord& tensor) {
    tensor.key = in.getText();
    const auto dtype = dtypeOf(in.get<std::uint8_t>());
    const auto state = in.get<std::uint8_t>();
    const std::uint64_t dimensions = in.getVarint();
    if (in.failed() || !dtype || state > static_cast<std::uint8_t>(TensorState::NotCapturable)) return false;
    tensor.dtype = *dtype;
    tensor.state = static_cast<TensorState>(state);
    for (std::uint64_t i = 0; i < dimensions && !in.failed(); ++i) tensor.shape.push_back(in.getVarint());
    tensor.rawBytes = in.getVarint();
    const base::BytesView digest = in.getBytes(tensor.digest.bytes.size());
    if (in.failed()) return false;
    std::memcpy(tensor.digest.bytes.data(), digest.data(), digest.size());
    if (tensor.state != TensorState::Stored) return true;
    const std::uint64_t chunks = in.getVarint();
    if (chunks != chunkCount(tensor.rawBytes)) return false;
    for (std::uint64_t i = 0; i < chunks && !in.failed(); ++i) {
        const std::uint64_t segment = in.getVarint();
        tensor.chunks.push_back({segment, in.getVarint()});
    }
    return !in.failed();
}
}  // namespace

base::Bytes encodeCapture(const CaptureRecord& capture) {
    ByteWriter out;
    out.put(kRecordVersion);
    out.put(static_cast<std::uint8_t>(capture.point));
    out.put(static_cast<std::uint8_t>(capture.how));
    out.put(capture.tensorsStored ? kTensorsStored : std::uint8_t{0});
    out.put(static_cast<std::uint64_t>(capture.stamp));
    out.putVarint(capture.coordinates.size());
    for (const LoopLevel& level : capture.coordinates) {
        out.putText(level.loop);
        out.putVarint(level.occurrence);
        out.putSignedVarint(level.index);
    }
    out.putVarint(capture.passes);
    out.putVarint(capture.tensors.size());
    for (const TensorRecord& tensor : capture.tensors) putTensor(tensor, out);
    out.putVarint(capture.meta.size());
    out.putBytes(capture.meta);
    return out.take();
}

Result<CaptureRecord> decodeCapture(base::BytesView payload) {
    const Error damaged(ErrorCode::Damaged, "a capture record is not what a recorder writes");
    ByteReader in(payload);
    const auto version = in.get<std::uint8_t>();
    const auto point = in.get<std::uint8_t>();
    const auto how = in.get<std::uint8_t>();
    const auto flags = in.get<std::uint8_t>();
    CaptureRecord capture;
    capture.stamp = static_cast<std::int64_t>(in.get<std::uint64_t>());
    if (version > kRecordVersion)
        return Error(ErrorCode::NewerFormat, "a capture record was written by a newer program");
    if (in.failed() || version != kRecordVersion || point > static_cast<std::uint8_t>(CapturePoint::End) ||
        how > static_cast<std::uint8_t>(LeaveReason::Exception) || (flags & kReservedFlags) != 0) {
        return damaged;
    }
    capture.point = static_cast<CapturePoint>(point);
    capture.how = static_cast<LeaveReason>(how);
    capture.tensorsStored = (flags & kTensorsStored) != 0;
    const std::uint64_t levels = in.getVarint();
    for (std::uint64_t i = 0; i < levels && !in.failed(); ++i) {
        LoopLevel level;
        level.loop = in.getText();
        level.occurrence = static_cast<std::uint32_t>(in.getVarint());
        level.index = in.getSignedVarint();
        capture.coordinates.push_back(std::move(level));
    }
    capture.passes = in.getVarint();
    const std::uint64_t tensors = in.getVarint();
    for (std::uint64_t i = 0; i < tensors; ++i) {
        if (!getTensor(in, capture.tensors.emplace_back())) return damaged;
    }
    const base::BytesView meta = in.getBytes(static_cast<std::size_t>(in.getVarint()));
    if (in.failed() || !in.atEnd()) return damaged;
    capture.meta.assign(meta.begin(), meta.end());
    return capture;
}

}  // namespace hindcast::format
