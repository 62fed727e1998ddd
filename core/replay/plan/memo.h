// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/replay/unit.h"
#include "core/store/catalog/catalog.h"

namespace hindcast::replay {

/// What replays of one version have answered already.
class Memo {
public:
    static base::Result<Memo> read(const store::Catalog& catalog, const base::Uuid& version);

    /// Outer iterations for which a probe with one of these memo keys has a verdict that need not be sought again, by
    /// mode: keys maps each mode to the probe's key in that mode. Prefix and suffix answers are reported as iteration
    /// -1. An iteration whose best answer diverged counts only when it was run from the beginning, or lies outside the
    /// loop: there is no deeper mode left to try. Only answers about that run of that loop count, and those outside.
    std::set<std::int64_t> answered(const std::map<Mode, std::string>& keys, Mode asked, const std::string& loop,
                                    std::int64_t occurrence) const;

private:
    struct Verdict {
        Mode mode;
        std::string loop;
        std::int64_t occurrence;
        std::int64_t index;
        bool diverged;
    };
    std::map<std::string, std::vector<Verdict>> m_byKey;
};

}  // namespace hindcast::replay
