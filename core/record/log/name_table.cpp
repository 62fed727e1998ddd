// SPDX-License-Identifier: Apache-2.0
#include "core/record/log/name_table.h"

namespace hindcast::record {

std::uint32_t NameTable::intern(std::string_view text) {
    const std::scoped_lock lock(m_mutex);
    const auto known = m_numbers.find(text);
    if (known != m_numbers.end()) return known->second;
    const auto number = static_cast<std::uint32_t>(m_names.size());
    m_numbers.emplace(m_names.emplace_back(text), number);
    return number;
}

void NameTable::extend(std::vector<std::string_view>& known) const {
    const std::scoped_lock lock(m_mutex);
    while (known.size() < m_names.size()) known.push_back(m_names[known.size()]);
}

}  // namespace hindcast::record
