// SPDX-License-Identifier: Apache-2.0
#include "core/store/annotations/annotation_merge.h"

#include <algorithm>
#include <array>

namespace hindcast::store {

using nlohmann::json;

namespace {

std::string textIn(const json& record, const char* key) {
    const auto it = record.find(key);
    return it != record.end() && it->is_string() ? it->get<std::string>() : std::string();
}

std::int64_t numberIn(const json& record, const char* key, std::int64_t otherwise = 0) {
    const auto it = record.find(key);
    return it != record.end() && it->is_number_integer() ? it->get<std::int64_t>() : otherwise;
}

bool flagIn(const json& record, const char* key, bool otherwise) {
    const auto it = record.find(key);
    return it != record.end() && it->is_boolean() ? it->get<bool>() : otherwise;
}

std::optional<base::Uuid> uuidIn(const json& record, const char* key) {
    return base::Uuid::parse(textIn(record, key));
}

std::vector<base::Uuid> uuidsIn(const json& record, const char* key) {
    std::vector<base::Uuid> out;
    const auto it = record.find(key);
    if (it == record.end() || !it->is_array()) return out;
    for (const json& item : *it)
        if (item.is_string())
            if (const auto uuid = base::Uuid::parse(item.get<std::string>())) out.push_back(*uuid);
    return out;
}

constexpr std::array<std::pair<PlacementDecision::Kind, const char*>, 4> kDecisions = {{
    {PlacementDecision::Kind::Placed, "placed"},
    {PlacementDecision::Kind::Skip, "skip"},
    {PlacementDecision::Kind::Edit, "edit"},
    {PlacementDecision::Kind::Forget, "forget"},
}};

class Merge {
public:
    void add(const json& record);
    AnnotationView take();

private:
    void addMark(const std::string& what, const json& record);
    void addProbe(const json& record);
    void addPlacement(const json& record);
    void assignNumbers();

    AnnotationView m_view;
    std::map<int, std::set<base::Uuid>> m_claims;
};

void Merge::add(const json& record) {
    const std::string what = textIn(record, "what");
    if (what == "number" || what == "tag" || what == "untag" || what == "note" || what == "pin" || what == "baseline") {
        addMark(what, record);
    } else if (what == "alias") {
        if (const auto version = uuidIn(record, "version"))
            m_view.aliases[textIn(record, "name")] = *version;
        else
            m_view.aliases.erase(textIn(record, "name"));
    } else if (what == "incident") {
        if (const auto version = uuidIn(record, "version"))
            m_view.incidents.push_back({*version, textIn(record, "loop"), numberIn(record, "first"),
                                        numberIn(record, "last"), textIn(record, "text")});
    } else if (what == "rule") {
        const auto body = record.find("body");
        if (body == record.end() || body->is_null())
            m_view.rules.erase(textIn(record, "id"));
        else
            m_view.rules[textIn(record, "id")] = body->dump();
    } else if (what == "probe") {
        addProbe(record);
    } else if (what == "placement") {
        addPlacement(record);
    } else if (what == "allow") {
        const std::string permission = textIn(record, "allow");
        if (flagIn(record, "on", true))
            m_view.allowed.insert(permission);
        else
            m_view.allowed.erase(permission);
    } else if (what == "supersede") {
        for (const base::Uuid& replay : uuidsIn(record, "replays")) m_view.superseded.insert(replay);
    } else if (what == "change") {
        m_view.changes.push_back({textIn(record, "verb"), uuidsIn(record, "versions"), textIn(record, "text"),
                                  numberIn(record, "at"), textIn(record, "who")});
    }
}

void Merge::addMark(const std::string& what, const json& record) {
    const auto version = uuidIn(record, "version");
    if (!version) return;
    if (what == "number") {
        const std::int64_t number = numberIn(record, "number");
        if (number < 1 || number > 1'000'000'000) return;
        m_claims[static_cast<int>(number)].insert(*version);
        m_view.highestNumber = std::max(m_view.highestNumber, static_cast<int>(number));
        return;
    }
    VersionMarks& marks = m_view.versions[*version];
    if (what == "tag") marks.tags.insert(textIn(record, "tag"));
    if (what == "untag") marks.tags.erase(textIn(record, "tag"));
    if (what == "note") marks.note = textIn(record, "text");
    if (what == "pin") marks.pinned = flagIn(record, "on", true);
    if (what == "baseline") marks.baseline = flagIn(record, "on", true);
}

void Merge::addProbe(const json& record) {
    Probe probe;
    probe.id = textIn(record, "id");
    if (probe.id.empty()) return;
    probe.revision = static_cast<int>(numberIn(record, "revision", 1));
    probe.name = textIn(record, "name");
    if (const std::string kind = textIn(record, "kind"); !kind.empty()) probe.kind = kind;
    probe.file = textIn(record, "file");
    probe.line = static_cast<int>(numberIn(record, "line"));
    probe.text = textIn(record, "text");
    probe.expression = textIn(record, "expression");
    probe.removed = flagIn(record, "removed", false);
    auto& revisions = m_view.probes[probe.id];
    const auto at = std::lower_bound(revisions.begin(), revisions.end(), probe.revision,
                                     [](const Probe& other, int revision) { return other.revision < revision; });
    if (at != revisions.end() && at->revision == probe.revision)
        *at = std::move(probe);
    else
        revisions.insert(at, std::move(probe));
}

void Merge::addPlacement(const json& record) {
    const auto version = uuidIn(record, "version");
    if (!version) return;
    PlacementDecision decision;
    decision.probe = textIn(record, "probe");
    decision.revision = static_cast<int>(numberIn(record, "revision", 1));
    const std::string kind = textIn(record, "decision");
    const auto known =
        std::find_if(kDecisions.begin(), kDecisions.end(), [&kind](const auto& entry) { return kind == entry.second; });
    if (known == kDecisions.end()) return;
    decision.kind = known->first;
    decision.file = textIn(record, "file");
    decision.line = static_cast<int>(numberIn(record, "line"));
    decision.text = textIn(record, "text");
    if (record.contains("indent")) decision.indent = textIn(record, "indent");
    decision.sameFor = uuidsIn(record, "sameFor");
    std::vector<base::Uuid> versions = decision.sameFor;
    versions.push_back(*version);
    for (const base::Uuid& each : versions) {
        decision.version = each;
        if (decision.kind == PlacementDecision::Kind::Forget)
            m_view.placements.erase({decision.probe, each});
        else
            m_view.placements[{decision.probe, each}] = decision;
    }
}

/// The smallest number claimed for a version counts; of two versions that claim one number the smaller UUID keeps it.
void Merge::assignNumbers() {
    for (const auto& [number, versions] : m_claims) {
        for (const base::Uuid& version : versions) {
            std::optional<int>& assigned = m_view.versions[version].number;
            if (assigned) continue;
            assigned = number;
            break;
        }
    }
}

AnnotationView Merge::take() {
    assignNumbers();
    return std::move(m_view);
}

}  // namespace

AnnotationView mergeAnnotations(const AnnotationRecords& records) {
    Merge merge;
    for (const auto& [place, record] : records) merge.add(record);
    return merge.take();
}

json recordOf(const Probe& probe) {
    return {{"what", "probe"},         {"id", probe.id},     {"revision", probe.revision},
            {"name", probe.name},      {"kind", probe.kind}, {"file", probe.file},
            {"line", probe.line},      {"text", probe.text}, {"expression", probe.expression},
            {"removed", probe.removed}};
}

json recordOf(const PlacementDecision& decision) {
    json sameFor = json::array();
    for (const base::Uuid& version : decision.sameFor) sameFor.push_back(version.text());
    const auto known = std::find_if(kDecisions.begin(), kDecisions.end(),
                                    [&decision](const auto& entry) { return decision.kind == entry.first; });
    json record = {{"what", "placement"},
                   {"probe", decision.probe},
                   {"revision", decision.revision},
                   {"version", decision.version.text()},
                   {"decision", known->second},
                   {"file", decision.file},
                   {"line", decision.line},
                   {"text", decision.text},
                   {"sameFor", sameFor}};
    if (decision.indent) record["indent"] = *decision.indent;
    return record;
}

}  // namespace hindcast::store
