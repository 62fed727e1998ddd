// SPDX-License-Identifier: Apache-2.0
#include "core/format/compression.h"

#include <zstd.h>

#include <memory>

namespace hindcast::format {

namespace {
struct FreeContext {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};
using Compressor = std::unique_ptr<ZSTD_CCtx, FreeContext>;

Compressor makeCompressor(Effort effort) {
    Compressor context(ZSTD_createCCtx());
    if (!context) return context;
    if (effort == Effort::Fast) {
        ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, 1);
    } else {
        // The lowest level all but switches off the search; parameter 5 (literalCompressionMode) = 1 forces Huffman
        // coding of the literals, which that level would leave raw.
        ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, ZSTD_minCLevel());
        ZSTD_CCtx_setParameter(context.get(), ZSTD_c_experimentalParam5, 1);
    }
    return context;
}
}  // namespace

std::optional<std::size_t> compressInto(base::BytesView raw, Effort effort, std::span<std::byte> out) {
    thread_local const Compressor fast = makeCompressor(Effort::Fast);
    thread_local const Compressor entropy = makeCompressor(Effort::EntropyOnly);
    const Compressor& context = effort == Effort::Fast ? fast : entropy;
    if (!context) return std::nullopt;
    const std::size_t size = ZSTD_compress2(context.get(), out.data(), out.size(), raw.data(), raw.size());
    if (ZSTD_isError(size)) return std::nullopt;
    return size;
}

std::optional<base::Bytes> compress(base::BytesView raw) {
    if (raw.empty()) return std::nullopt;
    base::Bytes out(raw.size());
    const auto size = compressInto(raw, Effort::Fast, out);
    if (!size || *size >= raw.size()) return std::nullopt;
    out.resize(*size);
    return out;
}

std::optional<std::size_t> contentBytes(base::BytesView stored) {
    const unsigned long long size = ZSTD_getFrameContentSize(stored.data(), stored.size());
    if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR) return std::nullopt;
    return static_cast<std::size_t>(size);
}

bool decompressInto(base::BytesView stored, std::span<std::byte> out) {
    thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
    if (!context) return false;
    const std::size_t size = ZSTD_decompressDCtx(context.get(), out.data(), out.size(), stored.data(), stored.size());
    return !ZSTD_isError(size) && size == out.size();
}

}  // namespace hindcast::format
