// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/replay/unit.h"

namespace hindcast::replay {

/// One version's spliced source, for the mode decision.
struct DecisionQuestion {
    base::Uuid version;
    std::filesystem::path versionFolder;
    std::map<std::string, std::string> files;  ///< every Python file of the version, the changed ones spliced
    std::string script;
    std::vector<Injection> injected;
};

/// The mode one probe needs in one version, and why. A probe that is reached in several outermost loops has one for
/// each.
struct ProbeDecision {
    int probe = 0;
    Mode mode = Mode::Deep;
    std::string reason;     ///< one plain sentence
    std::string reasonKey;  ///< stable machine name of the reason
    std::vector<std::string> reasonArgs;
    std::string loop;                        ///< the outer loop, "" when the script has none
    std::optional<std::int64_t> occurrence;  ///< which of its runs; absent: all
    std::vector<std::string> innerLoops;
    std::vector<Mode> also;          ///< prefix, suffix: it is reached outside the loop too, and needs a unit there
    std::vector<std::string> level;  ///< loops the values will stand in, outermost first
};

struct Decision {
    base::Uuid version;
    std::string error;  ///< why the source cannot be replayed at all; "" when it can
    std::vector<ProbeDecision> probes;
};

/// Asks `interpreter -m hindcast.decide` about all versions at once. Answers come in the order of the questions.
/// Environment when the interpreter or the package fails. Costs one start of Python and some milliseconds a version.
base::Result<std::vector<Decision>> decideModes(const std::filesystem::path& interpreter,
                                                const std::filesystem::path& package,
                                                const std::vector<DecisionQuestion>& questions);

}  // namespace hindcast::replay
