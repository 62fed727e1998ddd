// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace hindcast::replay {

/// A text as one word of a POSIX shell, whatever is in it.
inline std::string shellWord(const std::string& text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

}  // namespace hindcast::replay
