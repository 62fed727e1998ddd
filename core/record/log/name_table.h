// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hindcast::record {

/// Small numbers for the names of values and loops, dense from 0. Names live as long as the table. Any thread; callers
/// keep the numbers they use often, so that the lock is taken only for new names.
class NameTable {
public:
    std::uint32_t intern(std::string_view text);
    /// Appends the names from number known.size() on.
    void extend(std::vector<std::string_view>& known) const;

private:
    mutable std::mutex m_mutex;
    std::deque<std::string> m_names;  // a deque: growth moves no name
    std::unordered_map<std::string_view, std::uint32_t> m_numbers;
};

}  // namespace hindcast::record
