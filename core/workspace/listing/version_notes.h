// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/workspace/store_handles.h"

namespace hindcast::workspace {

/// Something that the recorder noticed, as a sentence.
struct VersionNote {
    enum class Kind {
        Hazard,  ///< something that replay cannot bring back, or could bring back wrongly
        Hint,
        Skip,  ///< captures that were not taken
        Cost   ///< what recording took
    };
    Kind kind = Kind::Hint;
    std::string key;                ///< of the sentence, for translation
    std::vector<std::string> args;  ///< what it speaks of
    std::string text;               ///< in English
    std::string remedy;             ///< what to do about it, "" when nothing is known or needed
};

struct VersionNotes {
    std::vector<VersionNote> notes;  ///< hazards first, the cost last
    bool hashSeedFixed = false;      ///< whether strings hash alike in a replay
};

/// Notes of one version. Skipped captures are counted by reason; every other note stands once.
base::Result<VersionNotes> readVersionNotes(const StoreHandles& store, const base::Uuid& version);

}  // namespace hindcast::workspace
