// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/slurm/slurm_units.h"

#include <array>
#include <utility>

namespace hindcast::replay {

namespace {

/// A worker that was ended from outside left no word; one that is over without a word never came to run.
constexpr std::array<std::pair<const char*, Ending>, 11> kOver{{{"COMPLETED", Ending::Failed},
                                                                {"FAILED", Ending::Failed},
                                                                {"TIMEOUT", Ending::Killed},
                                                                {"DEADLINE", Ending::Killed},
                                                                {"OUT_OF_MEMORY", Ending::Killed},
                                                                {"CANCELLED", Ending::Killed},
                                                                {"REVOKED", Ending::Lost},
                                                                {"PREEMPTED", Ending::Lost},
                                                                {"NODE_FAIL", Ending::Lost},
                                                                {"BOOT_FAIL", Ending::Lost},
                                                                {"LAUNCH_FAILED", Ending::Lost}}};

}  // namespace

bool isOnNode(const std::string& slurmState) {
    for (const char* state : {"RUNNING", "COMPLETING", "SUSPENDED", "STOPPED", "SIGNALING", "STAGE_OUT"}) {
        if (slurmState == state) return true;
    }
    return endingOfState(slurmState).has_value();
}

std::optional<Ending> endingOfState(const std::string& slurmState) {
    for (const auto& [state, ending] : kOver) {
        if (slurmState == state) return ending;
    }
    return std::nullopt;
}

}  // namespace hindcast::replay
