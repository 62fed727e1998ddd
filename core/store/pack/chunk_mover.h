// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>

#include "core/base/result.h"
#include "core/format/tensors/segment.h"
#include "core/store/pack/pack_writer.h"

/// Internal to core/store.
namespace hindcast::store {

/// Moves chunks of one version into packs: each is verified, then shared with an equal one or copied, with the bases it
/// needs. Chains never grow: what stands for a chunk is no deeper than the chunk was. One thread.
class ChunkMover {
public:
    /// `segments` is the version's folder of segments, `packs` where its packed chunks are now; `moves` says which
    /// places must be left.
    ChunkMover(std::filesystem::path segments, std::filesystem::path packs, PackWriter& target,
               std::function<bool(format::ChunkPlace)> moves)
        : m_source(std::move(segments), std::move(packs)), m_target(target), m_moves(std::move(moves)) {}

    /// Where the chunk is from now on: `from` itself when neither it nor a base of it has to move. Damaged when the
    /// chunk does not verify.
    base::Result<format::ChunkPlace> move(format::ChunkPlace from);

    /// Chunks that were copied, and chunks that were found in the packs.
    std::int64_t copied() const { return m_copied; }
    std::int64_t shared() const { return m_shared; }

private:
    struct Moved {
        PlacedChunk chunk;
        unsigned sourceDepth = 0;
    };
    base::Result<Moved> moveChunk(format::ChunkPlace from);
    base::Result<Moved> copy(format::ChunkPlace from, const format::ChunkHeader& header, unsigned sourceDepth);
    base::Result<bool> mustMove(format::ChunkPlace place, const format::ChunkHeader& header);
    base::Result<unsigned> depthOf(const format::ChunkHeader& header);

    format::ChunkReader m_source;
    PackWriter& m_target;
    std::function<bool(format::ChunkPlace)> m_moves;
    std::map<format::ChunkPlace, Moved> m_moved;
    base::Bytes m_raw;
    std::int64_t m_copied = 0;
    std::int64_t m_shared = 0;
};

}  // namespace hindcast::store
