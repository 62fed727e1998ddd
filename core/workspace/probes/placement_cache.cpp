// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/probes/placement_cache.h"

#include <nlohmann/json.hpp>

#include "core/base/file.h"

namespace hindcast::workspace {

using nlohmann::json;

namespace {

/// What wrote the file; another program's placements are asked again.
std::string generation() {
    return std::string(HINDCAST_VERSION "/2/") + propagate::placementRevision();
}
constexpr std::size_t kMostEntries = 50'000;

json toJson(const KnownPlacement& placement) {
    json insertions = json::array();
    for (const replay::Insertion& each : placement.insertions)
        insertions.push_back({each.file, each.offset, each.text});
    json candidates = json::array();
    for (const propagate::Candidate& each : placement.candidates) {
        candidates.push_back({each.file, each.line, each.score, each.statement, each.why});
    }
    return {static_cast<int>(placement.kind),
            placement.confidence,
            placement.reason,
            std::move(insertions),
            std::move(candidates),
            placement.unresolvedNames,
            placement.rests,
            placement.tried};
}

KnownPlacement fromJson(const json& entry) {
    KnownPlacement placement;
    placement.kind = static_cast<propagate::Placement::Kind>(entry.at(0).get<int>());
    placement.confidence = entry.at(1);
    placement.reason = entry.at(2);
    for (const json& each : entry.at(3)) placement.insertions.push_back({each.at(0), each.at(1), each.at(2)});
    for (const json& each : entry.at(4))
        placement.candidates.push_back({each.at(0), each.at(1), each.at(2), each.at(3), each.at(4)});
    placement.unresolvedNames = entry.at(5).get<std::vector<std::string>>();
    placement.rests = entry.at(6);
    placement.tried = entry.at(7);
    return placement;
}

}  // namespace

PlacementCache::PlacementCache(std::filesystem::path file) : m_file(std::move(file)) {
    const auto text = base::readTextFile(m_file);
    if (!text) return;
    const json document = json::parse(*text, nullptr, false);
    if (!document.is_object() || document.value("generation", std::string()) != generation()) return;
    try {
        for (const json& entry : document.at("placements")) {
            const auto version = base::Uuid::parse(entry.at(1).get<std::string>());
            if (version) m_entries[{entry.at(0), *version}] = fromJson(entry.at(2));
        }
    } catch (const json::exception&) {
        // An index: what cannot be read is computed again.
        m_entries.clear();
    }
}

PlacementCache::~PlacementCache() {
    save();
}

const KnownPlacement* PlacementCache::find(const std::string& identity, const base::Uuid& version) const {
    const auto found = m_entries.find({identity, version});
    return found == m_entries.end() ? nullptr : &found->second;
}

std::optional<PlacementCache::Near> PlacementCache::nearest(
    const std::string& identity, const base::Uuid& version, bool after,
    const std::function<bool(const KnownPlacement&)>& accepted) const {
    // UUIDs of versions are in the order of their time.
    auto at = after ? m_entries.upper_bound({identity, version}) : m_entries.lower_bound({identity, version});
    while (after ? at != m_entries.end() : at != m_entries.begin()) {
        if (!after) --at;
        if (at->first.first != identity) break;
        if (accepted(at->second)) return Near(at->first.second, at->second);
        if (after) ++at;
    }
    return std::nullopt;
}

const KnownPlacement& PlacementCache::put(const std::string& identity, const base::Uuid& version,
                                          KnownPlacement placement) {
    if (m_entries.size() >= kMostEntries) m_entries.clear();
    m_changed = true;
    return m_entries[{identity, version}] = std::move(placement);
}

void PlacementCache::save() {
    if (!m_changed) return;
    json placements = json::array();
    for (const auto& [key, placement] : m_entries)
        placements.push_back({key.first, key.second.text(), toJson(placement)});
    const std::string text = json{{"generation", generation()}, {"placements", std::move(placements)}}.dump(
        -1, ' ', false, json::error_handler_t::replace);
    if (base::writeFileAtomically(m_file, base::bytesOf(text))) m_changed = false;
}

}  // namespace hindcast::workspace
