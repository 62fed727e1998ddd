// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/replay/source_texts.h"
#include "core/replay/unit.h"

namespace hindcast::replay {

/// One version's spliced source, for the mode decision.
struct DecisionQuestion {
    base::Uuid version;
    std::filesystem::path versionFolder;
    SourceTexts files;  ///< every Python file of the version, the changed ones spliced
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

/// Asks `python -m hindcast.decide` how versions have to be replayed, and remembers what it said: a question is the
/// same while the sources, the probes in them, what the version's folder holds and the package are. Remembered answers
/// lie in a file of the index folder, which may be deleted. One thread.
class ModeDecider {
public:
    /// `package`: the folder with the Python package; `memory`: the file.
    ModeDecider(std::filesystem::path package, std::filesystem::path memory);

    /// Answers come in the order of the questions. Environment when the interpreter or the package fails. Costs one
    /// start of Python and, for each file that differs from those of the versions before, about 5 ms.
    base::Result<std::vector<Decision>> decide(const std::filesystem::path& interpreter,
                                               const std::vector<DecisionQuestion>& questions);

private:
    void load();
    void save() const;

    std::filesystem::path m_package;
    std::filesystem::path m_memory;
    std::string m_packageState;  ///< changes when the package does
    bool m_loaded = false;
    std::map<std::string, std::string> m_answers;  ///< JSON, by what was asked
};

}  // namespace hindcast::replay
