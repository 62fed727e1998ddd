// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/format/tensors/capture.h"

/// Internal to this folder: which captures keep their tensors.
namespace hindcast::store {

/// Decides for one version, from all of its captures.
class Thinning {
public:
    Thinning(const std::vector<format::CaptureRecord>& captures, std::int64_t every);

    /// Whether this capture gives up its tensors: it belongs to a pass of an outermost loop that is neither every
    /// `every`-th nor the last that was captured. What stands outside the passes (fingerprints, ends) stays.
    bool takes(const format::CaptureRecord& capture) const;

private:
    std::int64_t m_every;
    std::map<std::pair<std::string, std::uint32_t>, std::int64_t> m_last;  ///< by outermost loop and its entry
};

/// Passes to run again before the pass itself, at most and on average over all passes, when a run starts at the nearest
/// boundary with tensors (or at the beginning).
struct RerunCost {
    std::int64_t passes = 0;
    std::int64_t most = 0;
    double average = 0;
};
RerunCost rerunCost(const std::vector<format::CaptureRecord>& captures, const Thinning* thinning);

}  // namespace hindcast::store
