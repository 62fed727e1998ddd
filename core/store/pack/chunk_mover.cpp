// SPDX-License-Identifier: Apache-2.0
#include "core/store/pack/chunk_mover.h"

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;
using format::ChunkHeader;
using format::ChunkPlace;
using format::Transform;

Result<ChunkPlace> ChunkMover::move(ChunkPlace from) {
    HINDCAST_ASSIGN(const Moved moved, moveChunk(from));
    return moved.chunk.place;
}

/// Differences between this chunk and one that stands by itself.
Result<unsigned> ChunkMover::depthOf(const ChunkHeader& header) {
    unsigned depth = 0;
    ChunkHeader at = header;
    while (at.transform == Transform::Difference) {
        if (++depth > format::kDeepestChain)
            return Error(ErrorCode::Damaged, "a chain of differences is longer than format 1 allows");
        HINDCAST_ASSIGN(at, m_source.header(at.base));
    }
    return depth;
}

Result<bool> ChunkMover::mustMove(ChunkPlace place, const ChunkHeader& header) {
    if (m_moves(place)) return true;
    ChunkHeader at = header;
    while (at.transform == Transform::Difference) {
        if (m_moves(at.base)) return true;
        HINDCAST_ASSIGN(at, m_source.header(at.base));
    }
    return false;
}

Result<ChunkMover::Moved> ChunkMover::moveChunk(ChunkPlace from) {
    if (const auto known = m_moved.find(from); known != m_moved.end()) return known->second;
    HINDCAST_ASSIGN(const ChunkHeader header, m_source.header(from));
    Moved moved;
    HINDCAST_ASSIGN(moved.sourceDepth, depthOf(header));
    moved.chunk = {from, moved.sourceDepth};
    HINDCAST_ASSIGN(const bool must, mustMove(from, header));
    if (must) {
        m_raw.resize(header.rawBytes);
        HINDCAST_TRY(m_source.readVerified(from, m_raw));
        HINDCAST_ASSIGN(const auto shared, m_target.find(header.digest, m_raw, moved.sourceDepth));
        if (shared) {
            moved.chunk = *shared;
            ++m_shared;
        } else {
            HINDCAST_ASSIGN(moved, copy(from, header, moved.sourceDepth));
        }
    }
    m_moved.emplace(from, moved);
    return moved;
}

Result<ChunkMover::Moved> ChunkMover::copy(ChunkPlace from, const ChunkHeader& header, unsigned sourceDepth) {
    Moved moved{{{}, 0}, sourceDepth};
    ChunkPlace base;
    if (header.transform == Transform::Difference) {
        HINDCAST_ASSIGN(const Moved under, moveChunk(header.base));
        base = under.chunk.place;
        moved.chunk.depth = under.chunk.depth + 1;
    }
    HINDCAST_ASSIGN(const base::BytesView record, m_source.record(from));
    base::Bytes copied(record.begin(), record.end());
    if (header.transform == Transform::Difference) format::setBasePlace(copied, base);
    HINDCAST_ASSIGN(moved.chunk.place, m_target.append(copied, header, moved.chunk.depth));
    ++m_copied;
    return moved;
}

}  // namespace hindcast::store
