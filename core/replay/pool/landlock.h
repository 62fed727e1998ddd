// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace hindcast::replay {

/// What this kernel's Landlock can hold: 1 (Linux 5.13) to 7 and beyond; 0 where there is none or it is switched off.
int landlockVersion();

/// What a process under Landlock may still change. Everything may be read.
struct LandlockRules {
    std::vector<std::filesystem::path> writable;  ///< folders with all in them, or files; what is not there is left out
    bool network = false;                         ///< TCP may be used (below version 4 it always may)
};

/// A set of rules that a process enters and neither it nor anything it starts can leave again: the sandbox of machines
/// that allow no namespaces. Besides `rules` it leaves what a Python that trains needs: null and terminal devices,
/// shared memory, graphics devices.
class LandlockRuleset {
public:
    /// Unsupported where the kernel has no Landlock. `version`: at most what the kernel has; fewer rights are held with
    /// an older one.
    static base::Result<LandlockRuleset> make(const LandlockRules& rules, int version = landlockVersion());

    LandlockRuleset(LandlockRuleset&& other) noexcept;
    LandlockRuleset& operator=(LandlockRuleset&& other) noexcept;
    ~LandlockRuleset();

    /// Puts the calling process under the rules, for good. It keeps no capability but the one over file modes. Returns
    /// an errno, 0 when done. Async-signal-safe: for a child between fork and exec.
    int enter() const;

private:
    explicit LandlockRuleset(int descriptor) : m_descriptor(descriptor) {}

    int m_descriptor = -1;
};

/// What a Landlock of this version leaves open, as the end of a sentence that begins "Not held: "; never empty.
std::string openUnderLandlock(int version);

}  // namespace hindcast::replay
