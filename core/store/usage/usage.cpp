// SPDX-License-Identifier: Apache-2.0
#include "core/store/usage/usage.h"

#include <set>

#include "core/base/file.h"
#include "core/format/journal/journal_reader.h"
#include "core/format/run_info.h"
#include "core/format/tensors/segment.h"
#include "core/store/folder_size.h"
#include "core/store/lease.h"
#include "core/store/pack/capture_walk.h"
#include "core/store/source/source_collection.h"

namespace hindcast::store {

using base::Result;
using format::ChunkHeader;
using format::ChunkPlace;
using format::kPackBit;

namespace {

std::int64_t recordBytes(const ChunkHeader& header) {
    return static_cast<std::int64_t>(format::kChunkHeaderBytes + header.storedBytes);
}

class Measure {
public:
    explicit Measure(const Project& project) : m_project(project) {}
    Result<Usage> run();

private:
    Result<void> addVersion(const base::Uuid& version);
    Result<void> addJournal(VersionUsage& usage, const fs::path& folder);
    void addCapture(VersionUsage& usage, const format::CaptureRecord& capture, format::ChunkReader& reader,
                    std::set<ChunkPlace>& seen);
    Result<void> addReplays();
    Result<void> addSources();
    Result<void> addRest();

    const Project& m_project;
    Usage m_usage;
    std::map<base::Uuid, std::size_t> m_at;  ///< version to its row
    struct Packed {
        std::int64_t bytes = 0;
        std::size_t version = 0;
        bool shared = false;
    };
    std::map<ChunkPlace, Packed> m_packed;
};

/// A chunk that cannot be read has no size here; fsck tells of it.
void Measure::addCapture(VersionUsage& usage, const format::CaptureRecord& capture, format::ChunkReader& reader,
                         std::set<ChunkPlace>& seen) {
    for (const format::TensorRecord& tensor : capture.tensors) {
        if (tensor.chunks.empty()) continue;
        TensorUsage& key = m_usage.tensors[tensor.key];
        key.raw += static_cast<std::int64_t>(tensor.rawBytes);
        const auto note = [&](ChunkPlace place, const ChunkHeader& header) {
            const std::int64_t bytes = recordBytes(header);
            if ((place.segment & kPackBit) == 0) {
                usage.tensors += bytes;
                key.stored += bytes;
                return;
            }
            const auto [known, first] = m_packed.emplace(place, Packed{bytes, m_usage.versions.size(), false});
            if (first) key.stored += bytes;
            known->second.shared = known->second.shared || known->second.version != m_usage.versions.size();
        };
        for (const ChunkPlace& place : tensor.chunks) (void)visitChain(reader, place, seen, note);
    }
}

Result<void> Measure::addJournal(VersionUsage& usage, const fs::path& folder) {
    const auto journal = format::JournalReader::open(folder / "journal", format::JournalType::Journal);
    if (!journal) return {};
    format::ChunkReader chunks(folder / "segments", m_project.packs());
    std::set<ChunkPlace> seen;
    std::uint64_t offset = format::JournalReader::start();
    for (;;) {
        HINDCAST_ASSIGN(const format::FrameBatch batch, journal->readFrom(offset, std::size_t{8} << 20));
        for (const format::Frame& frame : batch.frames) {
            if (frame.kind == format::FrameKind::Events) usage.values += static_cast<std::int64_t>(frame.storedBytes);
            if (frame.kind != format::FrameKind::Capture) continue;
            usage.state += static_cast<std::int64_t>(frame.storedBytes);
            if (const auto capture = format::decodeCapture(frame.payload)) addCapture(usage, *capture, chunks, seen);
        }
        offset = batch.next;
        if (batch.stop != format::FrameBatch::Stop::More) return {};
    }
}

Result<void> Measure::addVersion(const base::Uuid& version) {
    const fs::path folder = m_project.versionFolder(version);
    VersionUsage usage;
    usage.version = version;
    HINDCAST_TRY(addJournal(usage, folder));
    // Segments also hold what no capture names, while a run is on or after a crash: it counts as the version's tensors.
    usage.tensors = bytesOfFolder(folder / "segments");
    usage.others = bytesOfFolder(folder) - usage.tensors - usage.values - usage.state;
    m_at[version] = m_usage.versions.size();
    m_usage.versions.push_back(usage);
    return {};
}

Result<void> Measure::addReplays() {
    HINDCAST_ASSIGN(const auto names, base::listFolder(m_project.replays()));
    for (const std::string& name : names) {
        const fs::path folder = m_project.replays() / name;
        const std::int64_t bytes = bytesOfFolder(folder);
        const auto text = base::readTextFile(folder / "run.json");
        const auto run = text ? format::parseRunInfo(*text) : Result<format::RunInfo>(text.error());
        const auto version = run && run->replay ? base::Uuid::parse(run->replay->version) : std::nullopt;
        const auto row = version ? m_at.find(*version) : m_at.end();
        if (row != m_at.end()) m_usage.versions[row->second].replays += bytes;
    }
    return {};
}

Result<void> Measure::addSources() {
    HINDCAST_ASSIGN(const SourceUsage sources, measureSources(m_project));
    m_usage.sharedSource = sources.shared;
    m_usage.unusedSource = sources.unused;
    for (const auto& [version, bytes] : sources.own) {
        const auto row = m_at.find(version);
        if (row == m_at.end())
            m_usage.unusedSource += bytes;
        else
            m_usage.versions[row->second].source += bytes;
    }
    return {};
}

Result<void> Measure::addRest() {
    for (const auto& [place, packed] : m_packed) {
        if (packed.shared)
            m_usage.sharedPacked += packed.bytes;
        else
            m_usage.versions[packed.version].packed += packed.bytes;
    }
    std::int64_t packed = m_usage.sharedPacked;
    for (const VersionUsage& version : m_usage.versions) packed += version.packed;
    m_usage.unusedPacked = bytesOfFolder(m_project.packs()) - packed;
    m_usage.index = bytesOfFolder(m_project.columns());
    for (const char* suffix : {"", "-wal", "-shm"}) {
        std::error_code gone;
        const auto size = fs::file_size(m_project.catalogFile().string() + suffix, gone);
        if (!gone) m_usage.index += static_cast<std::int64_t>(size);
    }
    const bool inside = m_project.indexFolder() == m_project.store();
    m_usage.others = bytesOfFolder(m_project.store()) + (inside ? 0 : m_usage.index) - m_usage.total();
    return {};
}

Result<Usage> Measure::run() {
    HINDCAST_ASSIGN(const auto names, base::listFolder(m_project.versions()));
    for (const std::string& name : names)
        if (const auto version = base::Uuid::parse(name)) HINDCAST_TRY(addVersion(*version));
    HINDCAST_TRY(addReplays());
    HINDCAST_TRY(addSources());
    HINDCAST_TRY(addRest());
    return std::move(m_usage);
}

}  // namespace

std::int64_t Usage::total() const {
    std::int64_t sum = sharedPacked + unusedPacked + sharedSource + unusedSource + index + others;
    for (const VersionUsage& version : versions) sum += version.total();
    return sum;
}

Result<Usage> measureUsage(const Project& project) {
    HINDCAST_ASSIGN(const Lease lease, Lease::share(project));
    return Measure(project).run();
}

}  // namespace hindcast::store
