// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace hindcast::replay {

/// What a program said last, without the space at its end: of a traceback and of ssh the line that tells why.
inline std::string lastLine(std::string_view text) {
    const std::size_t end = text.find_last_not_of(" \r\n");
    if (end == std::string_view::npos) return "";
    text = text.substr(0, end + 1);
    return std::string(text.substr(text.rfind('\n') + 1));  // npos + 1 is the beginning
}

}  // namespace hindcast::replay
