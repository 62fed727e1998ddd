// SPDX-License-Identifier: Apache-2.0
#include "core/store/check/capture_check.h"

#include <algorithm>

#include "core/base/file.h"
#include "core/store/catalog/catalog_rows.h"

namespace hindcast::store {

namespace {

constexpr std::size_t kMostNamed = 8;
constexpr const char* kDigestsOnly = "the captures are kept without the tensors that cannot be read, values stay";
constexpr const char* kBridged = "the damaged records are replaced by empty ones, all others stay where they are";

/// "boundary epoch=3".
std::string nameOf(const format::CaptureRecord& capture) {
    std::string text(capturePointName(static_cast<CapturePoint>(capture.point)));
    for (const format::LoopLevel& level : capture.coordinates)
        text += " " + level.loop + "=" + std::to_string(level.index);
    return text;
}

std::string listOf(const std::set<std::string>& captures) {
    std::string text = std::to_string(captures.size()) + (captures.size() == 1 ? " capture: " : " captures: ");
    std::size_t named = 0;
    for (const std::string& capture : captures) {
        if (named == kMostNamed) return text + ", …";
        text += (named++ == 0 ? "" : ", ") + capture;
    }
    return text;
}

}  // namespace

bool CaptureCheck::isReadable(const format::ChunkPlace& place, std::size_t rawBytes) {
    auto known = m_verdicts.find(place);
    if (known == m_verdicts.end()) {
        m_raw.resize(rawBytes);
        const auto read = m_chunks.readVerified(place, m_raw);
        ++m_list.report().chunks;
        m_list.report().bytes += static_cast<std::int64_t>(rawBytes);
        known = m_verdicts.emplace(place, read ? "" : read.error().text()).first;
    }
    return known->second.empty();
}

void CaptureCheck::add(const format::CaptureRecord& capture) {
    ++m_list.report().captures;
    if (m_elsewhere) return;
    bool whole = true;
    for (const format::TensorRecord& tensor : capture.tensors) {
        std::uint64_t left = tensor.rawBytes;
        for (const format::ChunkPlace& place : tensor.chunks) {
            const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left, format::kChunkBytes));
            left -= size;
            if (isReadable(place, size)) continue;
            whole = false;
            Loss& loss = m_lost[place.segment];
            if (loss.what.empty()) loss.what = m_verdicts[place];
            loss.captures.insert(nameOf(capture));
        }
    }
    if (capture.tensorsStored) ++m_stored;
    if (capture.tensorsStored && !whole) ++m_broken;
}

void CaptureCheck::finish(RunDamage& damage) {
    for (const auto& [place, verdict] : m_verdicts)
        if (!verdict.empty()) damage.lost.insert(place);
    checkSegments(damage);
    reportLost();
}

/// Chunks that no capture names may be a killed recorder's, and so may a file that holds less than its header; a record
/// that does not verify is damage all the same.
void CaptureCheck::checkSegments(RunDamage& damage) {
    const auto names = base::listFolder(m_folder / "segments");
    if (!names) return;
    for (const std::string& name : *names) {
        const auto number = format::segmentNumber(name);
        const fs::path path = m_folder / "segments" / name;
        std::error_code ignored;
        const bool isNamed = number && m_lost.contains(*number);
        if (!number || (!isNamed && fs::file_size(path, ignored) < format::kSegmentHeaderBytes)) continue;
        const auto scan = format::scanSegment(path);
        const auto broken = [](const auto& entry) { return !entry.intact; };
        if (isNamed || !scan || std::any_of(scan->entries.begin(), scan->entries.end(), broken))
            damage.segments.insert(name);
        if (isNamed) continue;
        if (!scan) {
            m_list.add(path, scan.error().text(), "nothing that a capture refers to", kBridged);
            continue;
        }
        for (const auto& entry : scan->entries)
            if (!entry.intact)
                m_list.add(path, "the chunk at byte " + std::to_string(entry.offset) + " does not verify",
                           "nothing that a capture refers to", kBridged);
    }
}

std::string CaptureCheck::costOf(const std::set<std::string>& captures) const {
    const std::string text = listOf(captures) + " of " + m_name;
    if (m_stored == m_broken) return text + "; no other remains: a replay begins at the start of the script";
    return text + "; " + std::to_string(m_stored - m_broken) + " of " + std::to_string(m_stored) +
           " remain: a replay begins at an earlier one and takes longer";
}

void CaptureCheck::reportLost() {
    for (const auto& [segment, loss] : m_lost) {
        const bool packed = (segment & format::kPackBit) != 0;
        const fs::path folder = packed ? m_list.project().packs() : m_folder / "segments";
        const fs::path path = folder / format::segmentFileName(segment & ~format::kPackBit);
        std::error_code ignored;
        const std::string what = fs::exists(path, ignored) ? loss.what : std::string("it is missing");
        m_list.add(path, what, costOf(loss.captures), kDigestsOnly);
    }
}

}  // namespace hindcast::store
