// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <unistd.h>

#include <string>

namespace hindcast::replay {

/// As messages about this machine call it that may be read on another one.
inline std::string hostName() {
    char name[256] = "";
    return ::gethostname(name, sizeof name - 1) == 0 ? name : "this machine";
}

}  // namespace hindcast::replay
