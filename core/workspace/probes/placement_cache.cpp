// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/probes/placement_cache.h"

#include <nlohmann/json.hpp>

#include "core/base/file.h"

namespace hindcast::workspace {

using nlohmann::json;

namespace {

/// Bumped when propagation changes its answers within one program version.
/// What wrote the file; another program's placements are asked again.
std::string generation() {
    return std::string(HINDCAST_VERSION "/1/") + propagate::placementRevision();
}
constexpr std::size_t kMostEntries = 50'000;

std::string keyOf(const std::string& identity, const base::Uuid& version) {
    return identity + version.text();
}

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
            placement.unresolvedNames};
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
    return placement;
}

}  // namespace

PlacementCache::PlacementCache(std::filesystem::path file) : m_file(std::move(file)) {
    const auto text = base::readTextFile(m_file);
    if (!text) return;
    const json document = json::parse(*text, nullptr, false);
    if (!document.is_object() || document.value("generation", std::string()) != generation()) return;
    try {
        for (const auto& [key, entry] : document.at("placements").items()) m_entries[key] = fromJson(entry);
    } catch (const json::exception&) {
        // An index: what cannot be read is computed again.
        m_entries.clear();
    }
}

PlacementCache::~PlacementCache() {
    save();
}

const KnownPlacement* PlacementCache::find(const std::string& identity, const base::Uuid& version) const {
    const auto found = m_entries.find(keyOf(identity, version));
    return found == m_entries.end() ? nullptr : &found->second;
}

const KnownPlacement& PlacementCache::put(const std::string& identity, const base::Uuid& version,
                                          KnownPlacement placement) {
    if (m_entries.size() >= kMostEntries) m_entries.clear();
    m_changed = true;
    return m_entries[keyOf(identity, version)] = std::move(placement);
}

void PlacementCache::save() {
    if (!m_changed) return;
    json placements = json::object();
    for (const auto& [key, placement] : m_entries) placements[key] = toJson(placement);
    const std::string text = json{{"generation", generation()}, {"placements", std::move(placements)}}.dump(
        -1, ' ', false, json::error_handler_t::replace);
    if (base::writeFileAtomically(m_file, base::bytesOf(text))) m_changed = false;
}

}  // namespace hindcast::workspace
