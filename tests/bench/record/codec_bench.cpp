// SPDX-License-Identifier: Apache-2.0
// Speed and ratio of the chunk codec against zstd level 1, on numbers that look like weights between two steps of
// training. Every figure is the median of alternating rounds in thread CPU time; only the ratios mean something on a
// shared machine.

#include <zstd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "core/format/chunk.h"
#include "core/format/digest.h"
#include "core/record/stream_copy.h"

namespace hindcast::format {
namespace {

using base::Bytes;
using base::BytesView;

constexpr std::size_t kChunks = 96;
constexpr int kRounds = 9;

double threadSeconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Contestant {
    std::string name;
    std::function<std::size_t()> run;  ///< returns the bytes that were stored
    std::vector<double> seconds;
    std::size_t stored = 0;
};

void report(std::vector<Contestant>& contestants, std::size_t rawBytes) {
    for (int round = 0; round < kRounds; ++round) {
        for (Contestant& contestant : contestants) {
            const double begin = threadSeconds();
            contestant.stored = contestant.run();
            contestant.seconds.push_back(threadSeconds() - begin);
        }
    }
    double peer = 0;
    for (Contestant& contestant : contestants) {
        std::sort(contestant.seconds.begin(), contestant.seconds.end());
        const double median = contestant.seconds[kRounds / 2];
        if (peer == 0) peer = median;
        std::printf("  %-28s %5.2f GB/s  stored %.3f  speed / peer %.2f\n", contestant.name.c_str(),
                    static_cast<double>(rawBytes) / median * 1e-9,
                    static_cast<double>(contestant.stored) / static_cast<double>(rawBytes), peer / median);
    }
}

/// Two states of a layer, 4-byte floats: bell-shaped weights, then a small step.
void makeStates(std::vector<Bytes>& before, std::vector<Bytes>& after) {
    std::mt19937 random(7);
    std::normal_distribution<float> weight(0, 0.05F);
    std::normal_distribution<float> step(0, 1e-4F);
    for (std::size_t c = 0; c < kChunks; ++c) {
        Bytes a(kChunkBytes);
        Bytes b(kChunkBytes);
        for (std::size_t at = 0; at < kChunkBytes; at += 4) {
            const float x = weight(random);
            const float y = x + step(random);
            std::memcpy(a.data() + at, &x, 4);
            std::memcpy(b.data() + at, &y, 4);
        }
        before.push_back(std::move(a));
        after.push_back(std::move(b));
    }
}

struct Bench {
    std::vector<Bytes> before, after;
    std::vector<Bytes> absolute, difference, zstd;
    std::vector<Digest> digests;
    ChunkEncoder encoder;
    ChunkDecoder decoder;
    Bytes out = Bytes(kChunkBytes);
    Bytes scratch = Bytes(ZSTD_compressBound(kChunkBytes));

    Bench() {
        makeStates(before, after);
        for (std::size_t c = 0; c < kChunks; ++c) {
            digests.push_back(digest128(after[c]));
            const auto a = encoder.encode(after[c], DType::F32, digests[c]);
            absolute.emplace_back(a.begin(), a.end());
            const auto d = encoder.encodeDifference(after[c], DType::F32, digests[c], {{}, {}, before[c]}, SIZE_MAX);
            difference.emplace_back(d->begin(), d->end());
            const std::size_t size = ZSTD_compress(scratch.data(), scratch.size(), after[c].data(), kChunkBytes, 1);
            zstd.emplace_back(scratch.begin(), scratch.begin() + static_cast<std::ptrdiff_t>(size));
        }
    }
    std::size_t each(const std::function<std::size_t(std::size_t)>& one) {
        std::size_t sum = 0;
        for (std::size_t c = 0; c < kChunks; ++c) sum += one(c);
        return sum;
    }
    std::size_t decode(const std::vector<Bytes>& records, std::size_t c, BytesView base) {
        const BytesView record = records[c];
        const auto header = decodeChunkHeader(record);
        if (!header || !decoder.decode(*header, record.subspan(kChunkHeaderBytes), base, out) ||
            std::memcmp(out.data(), after[c].data(), kChunkBytes) != 0)
            std::abort();
        return record.size();
    }
};

}  // namespace
}  // namespace hindcast::format

int main() {
    using namespace hindcast::format;
    Bench bench;
    const std::size_t raw = kChunks * kChunkBytes;
    std::printf("encode (peer: zstd -1; goal >= 1.0 GB/s)\n");
    std::vector<Contestant> encoders;
    encoders.push_back({"zstd -1",
                        [&] {
                            return bench.each([&](std::size_t c) {
                                return ZSTD_compress(bench.scratch.data(), bench.scratch.size(), bench.after[c].data(),
                                                     kChunkBytes, 1);
                            });
                        },
                        {},
                        0});
    encoders.push_back({"planes",
                        [&] {
                            return bench.each([&](std::size_t c) {
                                return bench.encoder.encode(bench.after[c], DType::F32, bench.digests[c]).size();
                            });
                        },
                        {},
                        0});
    encoders.push_back({"difference",
                        [&] {
                            return bench.each([&](std::size_t c) {
                                return bench.encoder
                                    .encodeDifference(bench.after[c], DType::F32, bench.digests[c],
                                                      {{}, {}, bench.before[c]}, SIZE_MAX)
                                    ->size();
                            });
                        },
                        {},
                        0});
    encoders.push_back({"digest",
                        [&] {
                            return bench.each([&](std::size_t c) {
                                return static_cast<std::size_t>(digest128(bench.after[c]).bytes[0]);
                            });
                        },
                        {},
                        0});
    report(encoders, raw);
    std::printf(
        "decode, compared with the original (peer: zstd; goal >= 3.4 GB/s by itself, >= 0.6 with three bases)\n");
    std::vector<Contestant> decoders;
    decoders.push_back({"zstd",
                        [&] {
                            return bench.each([&](std::size_t c) {
                                return ZSTD_decompress(bench.out.data(), bench.out.size(), bench.zstd[c].data(),
                                                       bench.zstd[c].size()) *
                                           0 +
                                       bench.zstd[c].size();
                            });
                        },
                        {},
                        0});
    decoders.push_back({"planes",
                        [&] { return bench.each([&](std::size_t c) { return bench.decode(bench.absolute, c, {}); }); },
                        {},
                        0});
    decoders.push_back(
        {"one difference",
         [&] { return bench.each([&](std::size_t c) { return bench.decode(bench.difference, c, bench.before[c]); }); },
         {},
         0});
    report(decoders, raw);
    std::printf("copy into memory that is there (peer: memcpy)\n");
    Bytes arena(raw + 64);
    auto* const aligned = reinterpret_cast<std::byte*>((reinterpret_cast<std::uintptr_t>(arena.data()) + 63) / 64 * 64);
    std::vector<Contestant> copies;
    copies.push_back({"memcpy",
                      [&] {
                          return bench.each([&](std::size_t c) {
                              std::memcpy(aligned + c * kChunkBytes, bench.after[c].data(), kChunkBytes);
                              return kChunkBytes;
                          });
                      },
                      {},
                      0});
    copies.push_back({"streamCopy",
                      [&] {
                          return bench.each([&](std::size_t c) {
                              hindcast::record::streamCopy(aligned + c * kChunkBytes, bench.after[c].data(),
                                                           kChunkBytes);
                              return kChunkBytes;
                          });
                      },
                      {},
                      0});
    report(copies, raw);
    return 0;
}
