// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/query/facts.h"
#include "core/query/pivot/version_values.h"

/// Passes as series that only contribute rows: a filter sees those in which nothing was logged, too. Private to this
/// folder.
namespace hindcast::query {

/// Passes 0…count-1 of a loop.
store::ValueSeries firstPasses(const std::string& loop, std::int64_t count);

struct OuterPasses {
    store::ValueSeries series;
    bool areAll = true;  ///< false: passes in which nothing was logged may be left out
};

/// The passes that a version went through in an outermost loop. Memory: by their number, not by the largest index,
/// which may be any in an imported run.
base::Result<OuterPasses> outerPasses(const Facts& facts, const VersionReader& reader, const VersionFact& version,
                                      const OuterLoop& loop);

}  // namespace hindcast::query
