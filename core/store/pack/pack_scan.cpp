// SPDX-License-Identifier: Apache-2.0
#include "core/store/pack/pack_scan.h"

#include "core/format/tensors/segment.h"

namespace hindcast::store {

using base::Result;

Result<std::vector<std::pair<std::uint64_t, format::ChunkHeader>>> scanHeads(const std::filesystem::path& path) {
    HINDCAST_ASSIGN(const base::File file, base::File::open(path, base::File::Mode::Read));
    HINDCAST_ASSIGN(const std::uint64_t size, file.size());
    std::vector<std::pair<std::uint64_t, format::ChunkHeader>> heads;
    base::Bytes buffer;
    std::uint64_t offset = format::kSegmentHeaderBytes;
    while (offset < size) {
        HINDCAST_ASSIGN(const std::size_t filled, file.readInto(offset, buffer, format::kChunkHeaderBytes));
        const auto header = format::decodeChunkHeader(base::BytesView(buffer).first(filled));
        if (!header || offset + format::kChunkHeaderBytes + header->storedBytes > size) break;
        heads.emplace_back(offset, *header);
        offset += format::kChunkHeaderBytes + header->storedBytes;
    }
    return heads;
}

}  // namespace hindcast::store
