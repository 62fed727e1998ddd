// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/imported_run.h"

#include <algorithm>

#include "core/exchange/wire/texts.h"

namespace hindcast::exchange {

using base::Error;
using base::ErrorCode;
using base::Result;

std::uint32_t ImportedRun::Texts::idOf(std::string_view text, std::vector<std::string>& all) {
    if (!all.empty() && text == last) return lastId;
    std::string clean = wellFormed(text);
    const auto [found, isNew] = ids.try_emplace(clean, static_cast<std::uint32_t>(all.size()));
    if (isNew) all.push_back(std::move(clean));
    last = text;
    return lastId = found->second;
}

std::size_t ImportedRun::PassKeyHash::operator()(const PassKey& key) const {
    std::uint64_t mixed = static_cast<std::uint64_t>(key.index) * 0x9E3779B97F4A7C15U;
    mixed ^= (std::uint64_t{key.parent} << 32 | key.loop) + (mixed >> 29);
    return mixed * 0xBF58476D1CE4E5B9U;
}

/// What a pass holds began with it or later, so the earliest time of all of it is where it begins.
void ImportedRun::seen(PassId pass, std::int64_t micros) {
    if (micros <= 0) return;
    if (startedMicros == 0 || micros < startedMicros) startedMicros = micros;
    endedMicros = std::max(endedMicros, micros);
    for (; pass != kOutside; pass = m_passes[pass].parent) {
        std::int64_t& known = m_passes[pass].micros;
        if (known != 0 && known <= micros) return;
        known = micros;
    }
}

void ImportedRun::addArgument(std::string_view name, format::Value value) {
    std::string clean = wellFormed(name);
    const auto known = std::find_if(m_arguments.begin(), m_arguments.end(),
                                    [&clean](const auto& argument) { return argument.first == clean; });
    if (known != m_arguments.end())
        known->second = std::move(value);
    else
        m_arguments.emplace_back(std::move(clean), std::move(value));
}

Result<PassId> ImportedRun::pass(PassId parent, std::string_view loop, std::int64_t index, std::int64_t micros,
                                 std::string_view label) {
    const PassKey key{parent, m_loopIds.idOf(loop, m_loops), index};
    const auto [found, isNew] = m_passIds.try_emplace(key, static_cast<PassId>(m_passes.size()));
    if (isNew) {
        const std::uint32_t depth = m_passes[parent].depth + 1;
        if (depth > kMostLevels)
            return Error(ErrorCode::InvalidArgument, "a value stands in more than " + std::to_string(kMostLevels) +
                                                         " loops: the file is not what it seems");
        m_passes.push_back({parent, key.loop, depth, index, 0, wellFormed(label)});
    }
    seen(found->second, micros);
    return found->second;
}

void ImportedRun::log(PassId pass, std::string_view name, format::Value value, std::int64_t micros) {
    m_values.push_back({pass, m_nameIds.idOf(name, m_names), std::move(value)});
    seen(pass, micros);
}

std::vector<std::string> ImportedRun::allRemarks() const {
    std::vector<std::string> all;
    for (const std::string& remark : remarks) all.push_back(wellFormed(remark));
    for (const auto& [what, count] : m_leftOut) all.push_back(wellFormed(what) + " left out: " + std::to_string(count));
    return all;
}

}  // namespace hindcast::exchange
