// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>

#include "core/base/uuid.h"

namespace hindcast::replay {

/// What the user looks at: values there are wanted first.
struct View {
    std::int64_t first = 0;  ///< outer iterations, inclusive
    std::int64_t last = 0;
    std::set<base::Uuid> versions;  ///< empty: all

    bool operator==(const View&) const = default;
};

}  // namespace hindcast::replay
