// SPDX-License-Identifier: Apache-2.0
#include "core/record/log/deferred_values.h"

#include <utility>

namespace hindcast::record {

std::uint64_t DeferredValues::open() {
    const std::scoped_lock lock(m_mutex);
    m_values.emplace(m_tickets, std::nullopt);
    return m_tickets++;
}

void DeferredValues::provide(std::uint64_t ticket, Value value) {
    const std::scoped_lock lock(m_mutex);
    const auto found = m_values.find(ticket);
    if (found != m_values.end() && !found->second) found->second = std::move(value);
}

void DeferredValues::abandon() {
    const std::scoped_lock lock(m_mutex);
    for (auto& [ticket, value] : m_values) {
        if (!value) value = Value();
    }
}

std::optional<DeferredValues::Value> DeferredValues::take(std::uint64_t ticket) {
    const std::scoped_lock lock(m_mutex);
    const auto found = m_values.find(ticket);
    if (found == m_values.end()) return Value();
    if (!found->second) return std::nullopt;
    std::optional<Value> value = std::move(found->second);
    m_values.erase(found);
    return value;
}

}  // namespace hindcast::record
