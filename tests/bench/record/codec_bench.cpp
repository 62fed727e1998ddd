// SPDX-License-Identifier: Apache-2.0
// Stored bytes and speed of the chunk codec on real training series, against zstd level 1:
//
//     codec_bench SERIES…        folders made by train_series.py
//
// First the codec by itself, chunk by chunk in memory; then what a recorder does with a whole series (digests, choice,
// chains, segments) and what restoring each capture costs, verified, out of the page cache.

#include <zstd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>

#include "core/base/uuid.h"
#include "core/format/tensors/chunk.h"
#include "core/format/tensors/segment.h"
#include "core/record/capture/capture_encoder.h"
#include "tests/bench/record/series.h"
#include "tests/bench/support/folder.h"
#include "tests/bench/support/measure.h"

namespace hindcast::bench {
namespace {

using base::Bytes;
using base::BytesView;
using format::kChunkBytes;

double gigabytes(std::size_t bytes, double seconds) {
    return static_cast<double>(bytes) / seconds * 1e-9;
}

/// One row: the peer, then "by itself" and "as a difference".
void printSpeeds(const std::string& what, const std::string& reach, const std::vector<Contestant>& contestants,
                 std::size_t rawBytes, const std::vector<std::size_t>& stored) {
    std::string measured;
    for (std::size_t i = 1; i < contestants.size(); ++i) {
        measured += text("%s%s %.2f GB/s, %.2f x zstd, to %.3f", i == 1 ? "" : "; ", contestants[i].name.c_str(),
                         gigabytes(rawBytes, contestants[i].seconds), contestants[0].seconds / contestants[i].seconds,
                         static_cast<double>(stored[i]) / static_cast<double>(rawBytes));
    }
    printRow(what, reach,
             text("zstd -1 %.2f GB/s, to %.3f", gigabytes(rawBytes, contestants[0].seconds),
                  static_cast<double>(stored[0]) / static_cast<double>(rawBytes)),
             measured);
}

/// Two captures of a series cut into chunks, with their records in each form.
class ChunkBench {
public:
    explicit ChunkBench(const Series& series) : m_name(series.name) {
        const std::size_t last = series.epochs.size() - 1;
        for (const Series::Tensor& tensor : series.tensors) {
            const BytesView now = series.tensor(last, tensor);
            const BytesView before = series.tensor(last - 1, tensor);
            for (std::size_t at = 0; at < now.size(); at += kChunkBytes) {
                const std::size_t size = std::min(kChunkBytes, now.size() - at);
                add(tensor.dtype, now.subspan(at, size), before.subspan(at, size));
            }
        }
    }

    void run() {
        encode();
        decode();
    }

private:
    struct Chunk {
        format::DType dtype = format::DType::Raw;
        BytesView raw, base;
        Bytes zstd, absolute, difference;
    };

    void add(format::DType dtype, BytesView raw, BytesView base) {
        Chunk chunk{dtype, raw, base, Bytes(ZSTD_compressBound(raw.size())), {}, {}};
        chunk.zstd.resize(ZSTD_compress(chunk.zstd.data(), chunk.zstd.size(), raw.data(), raw.size(), 1));
        const BytesView absolute = m_encoder.encode(raw, dtype, {});
        chunk.absolute.assign(absolute.begin(), absolute.end());
        if (const auto difference = m_encoder.encodeDifference(raw, dtype, {}, {{}, {}, base}, SIZE_MAX))
            chunk.difference.assign(difference->begin(), difference->end());
        else
            chunk.difference = chunk.absolute;
        m_rawBytes += raw.size();
        m_stored[0] += chunk.zstd.size();
        m_stored[1] += chunk.absolute.size();
        m_stored[2] += chunk.difference.size();
        m_chunks.push_back(std::move(chunk));
    }

    void encode() {
        std::vector<Contestant> contestants;
        contestants.push_back({"zstd -1", [this] {
                                   for (const Chunk& chunk : m_chunks)
                                       ZSTD_compress(m_scratch.data(), m_scratch.size(), chunk.raw.data(),
                                                     chunk.raw.size(), 1);
                               }});
        contestants.push_back({"by itself", [this] {
                                   for (const Chunk& chunk : m_chunks) m_encoder.encode(chunk.raw, chunk.dtype, {});
                               }});
        contestants.push_back(
            {"as a difference", [this] {
                 for (const Chunk& chunk : m_chunks)
                     m_encoder.encodeDifference(chunk.raw, chunk.dtype, {}, {{}, {}, chunk.base}, SIZE_MAX);
             }});
        compete(contestants);
        printSpeeds("encode per core, `" + m_name + "`", "1.0 GB/s", contestants, m_rawBytes, m_stored);
    }

    void decodeRecord(BytesView record, BytesView base) {
        const auto header = format::decodeChunkHeader(record);
        const std::span<std::byte> out = std::span(m_out).first(header->rawBytes);
        if (!m_decoder.decode(*header, record.subspan(format::kChunkHeaderBytes), base, out)) std::abort();
    }

    void decode() {
        std::vector<Contestant> contestants;
        contestants.push_back({"zstd -1", [this] {
                                   for (const Chunk& chunk : m_chunks)
                                       ZSTD_decompress(m_out.data(), m_out.size(), chunk.zstd.data(),
                                                       chunk.zstd.size());
                               }});
        contestants.push_back({"by itself", [this] {
                                   for (const Chunk& chunk : m_chunks) decodeRecord(chunk.absolute, {});
                               }});
        contestants.push_back({"one difference", [this] {
                                   for (const Chunk& chunk : m_chunks) decodeRecord(chunk.difference, chunk.base);
                               }});
        compete(contestants);
        printSpeeds("decode per core, `" + m_name + "`", "3.4 GB/s by itself", contestants, m_rawBytes, m_stored);
    }

    std::string m_name;
    std::vector<Chunk> m_chunks;
    std::size_t m_rawBytes = 0;
    std::vector<std::size_t> m_stored = std::vector<std::size_t>(3);
    format::ChunkEncoder m_encoder;
    format::ChunkDecoder m_decoder;
    Bytes m_out = Bytes(kChunkBytes);
    Bytes m_scratch = Bytes(ZSTD_compressBound(kChunkBytes));
};

/// A whole series through the recorder's encoder into segments, and back.
class SeriesBench {
public:
    explicit SeriesBench(const Series& series) : m_series(series) {}

    void run() {
        encode();
        restore();
    }

private:
    record::StagedCapture staged(std::size_t epoch) const {
        record::StagedCapture capture;
        for (const Series::Tensor& tensor : m_series.tensors) {
            record::StagedCapture::Tensor& to = capture.tensors.emplace_back();
            to.key = tensor.key;
            to.dtype = tensor.dtype;
            to.bytes = tensor.bytes;
            const BytesView raw = m_series.tensor(epoch, tensor);
            for (std::size_t at = 0; at < raw.size(); at += kChunkBytes)
                to.chunks.push_back(raw.subspan(at, std::min(kChunkBytes, raw.size() - at)));
        }
        return capture;
    }

    void encode() {
        record::CaptureEncoder encoder(m_folder.path(), base::Uuid::make());
        double seconds = 0;
        for (std::size_t epoch = 0; epoch < m_series.epochs.size(); ++epoch) {
            const record::StagedCapture capture = staged(epoch);
            const double begin = threadSeconds();
            auto record = encoder.encode(capture, [] {});
            seconds += threadSeconds() - begin;
            if (!record) std::abort();
            m_records.push_back(*std::move(record));
        }
        printRow(text("all background work of %zu captures of %.0f MB, `%s`", m_records.size(),
                      static_cast<double>(m_series.bytesOfEpoch()) * 1e-6, m_series.name.c_str()),
                 "", "",
                 text("%.2f GB/s per core, stored %.3f of raw", gigabytes(encoder.rawBytes(), seconds),
                      static_cast<double>(encoder.storedBytes()) / static_cast<double>(encoder.rawBytes())));
    }

    /// The longest chain of differences that a capture needs.
    unsigned depthOf(const format::CaptureRecord& capture, format::ChunkReader& reader) const {
        unsigned deepest = 0;
        for (const format::TensorRecord& tensor : capture.tensors) {
            for (format::ChunkPlace place : tensor.chunks) {
                unsigned depth = 0;
                for (;; ++depth) {
                    const auto header = reader.header(place);
                    if (!header || header->transform != format::Transform::Difference) break;
                    place = header->base;
                }
                deepest = std::max(deepest, depth);
            }
        }
        return deepest;
    }

    void restore() {
        format::ChunkReader reader(m_folder.path() / "segments", {});
        Bytes out(m_series.bytesOfEpoch());
        std::map<unsigned, std::vector<double>> speeds;
        for (int round = 0; round < 5; ++round) {
            for (std::size_t epoch = 0; epoch < m_records.size(); ++epoch) {
                const double begin = threadSeconds();
                for (std::size_t t = 0; t < m_series.tensors.size(); ++t) {
                    const Series::Tensor& tensor = m_series.tensors[t];
                    if (!reader.readTensor(m_records[epoch].tensors[t],
                                           std::span(out).subspan(tensor.begin, tensor.bytes)))
                        std::abort();
                }
                const double seconds = threadSeconds() - begin;
                if (std::memcmp(out.data(), m_series.epochs[epoch].data(), out.size()) != 0) std::abort();
                speeds[depthOf(m_records[epoch], reader)].push_back(gigabytes(out.size(), seconds));
            }
        }
        std::string measured;
        for (const auto& [depth, values] : speeds)
            measured += text("%s%u: %.2f GB/s", measured.empty() ? "" : ", ", depth, median(values));
        printRow("restore of a capture by its longest chain, verified, from files, `" + m_series.name + "`",
                 "3.4 GB/s at 0, 0.6 at 3", "zstd -1 as above", measured);
    }

    const Series& m_series;
    TemporaryFolder m_folder;
    std::vector<format::CaptureRecord> m_records;
};

}  // namespace
}  // namespace hindcast::bench

int main(int count, char** arguments) {
    using namespace hindcast::bench;
    for (int i = 1; i < count; ++i) {
        const Series series = loadSeries(arguments[i]);
        ChunkBench(series).run();
        SeriesBench(series).run();
    }
    return 0;
}
