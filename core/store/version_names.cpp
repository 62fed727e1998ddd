// SPDX-License-Identifier: Apache-2.0
#include "core/store/version_names.h"

#include <algorithm>
#include <charconv>

namespace hindcast::store {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

/// The number of "v7" or "7".
std::optional<int> numberOf(std::string_view name) {
    if (name.starts_with('v') || name.starts_with('V')) name.remove_prefix(1);
    int number = 0;
    const auto [end, failed] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (name.empty() || failed != std::errc() || end != name.data() + name.size() || number < 1) return std::nullopt;
    return number;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

}  // namespace

VersionNames::VersionNames(std::vector<base::Uuid> versions, const AnnotationView& annotations)
    : m_versions(std::move(versions)) {
    std::sort(m_versions.begin(), m_versions.end());
    for (const base::Uuid& version : m_versions) {
        const VersionMarks* marks = annotations.marks(version);
        if (marks == nullptr) continue;
        if (marks->number) m_byNumber[*marks->number] = version;
        for (const std::string& tag : marks->tags) m_byTag[tag].push_back(version);
    }
    m_aliases = annotations.aliases;
}

Result<std::vector<base::Uuid>> VersionNames::several(const std::string& name) const {
    if (const auto tag = m_byTag.find(name); tag != m_byTag.end()) return tag->second;
    if (const auto alias = m_aliases.find(name);
        alias != m_aliases.end() && std::binary_search(m_versions.begin(), m_versions.end(), alias->second))
        return std::vector<base::Uuid>{alias->second};
    if (name == "latest" && !m_versions.empty()) return std::vector<base::Uuid>{m_versions.back()};
    if (const auto number = numberOf(name)) {
        if (const auto found = m_byNumber.find(*number); found != m_byNumber.end())
            return std::vector<base::Uuid>{found->second};
    }
    constexpr std::size_t kShortestPrefix = 4;
    std::vector<base::Uuid> matches;
    if (name.size() >= kShortestPrefix)
        for (const base::Uuid& version : m_versions)
            if (version.text().starts_with(name)) matches.push_back(version);
    if (matches.size() == 1) return matches;
    if (matches.size() > 1)
        return Error(ErrorCode::InvalidArgument,
                     "'" + name + "' fits " + std::to_string(matches.size()) + " versions: give more of the UUID");
    return Error(ErrorCode::InvalidArgument,
                 "there is no version '" + name + "': it is no number, UUID, tag or alias of this store");
}

Result<base::Uuid> VersionNames::one(const std::string& name) const {
    const std::string asked(trimmed(name));
    HINDCAST_ASSIGN(const std::vector<base::Uuid> found, several(asked));
    if (found.size() > 1)
        return Error(ErrorCode::InvalidArgument,
                     "'" + asked + "' stands for " + std::to_string(found.size()) + " versions; one is needed");
    return found.front();
}

Result<std::vector<base::Uuid>> VersionNames::range(const std::string& part) const {
    const std::size_t dash = part.find('-');
    const auto first = numberOf(trimmed(std::string_view(part).substr(0, dash)));
    const auto last = numberOf(trimmed(std::string_view(part).substr(dash + 1)));
    if (!first || !last) return several(part);
    if (*first > *last) return Error(ErrorCode::InvalidArgument, "the range '" + part + "' runs backwards");
    std::vector<base::Uuid> found;
    for (auto it = m_byNumber.lower_bound(*first); it != m_byNumber.end() && it->first <= *last; ++it)
        found.push_back(it->second);
    if (found.empty()) return Error(ErrorCode::InvalidArgument, "there is no version in '" + part + "'");
    return found;
}

Result<std::vector<base::Uuid>> VersionNames::list(const std::string& text) const {
    if (const auto whole = trimmed(text); whole.empty() || whole == "all") return m_versions;
    std::vector<base::Uuid> out;
    std::string_view rest = text;
    for (;;) {
        const std::size_t comma = rest.find(',');
        const std::string part(trimmed(rest.substr(0, comma)));
        if (part.empty())
            return Error(ErrorCode::InvalidArgument, "'" + text + "' has an empty place in its list of versions");
        // A tag may hold a dash: a name that exists goes before a range.
        const bool mayBeRange =
            part.find('-') != std::string::npos && !m_byTag.contains(part) && !m_aliases.contains(part);
        HINDCAST_ASSIGN(const std::vector<base::Uuid> found, mayBeRange ? range(part) : several(part));
        for (const base::Uuid& version : found)
            if (std::find(out.begin(), out.end(), version) == out.end()) out.push_back(version);
        if (comma == std::string_view::npos) return out;
        rest.remove_prefix(comma + 1);
    }
}

std::string VersionNames::label(const base::Uuid& version) const {
    for (const auto& [number, uuid] : m_byNumber)
        if (uuid == version) return "v" + std::to_string(number);
    return version.text().substr(0, 8);
}

}  // namespace hindcast::store
