// SPDX-License-Identifier: Apache-2.0
// The user's consent to replays without a sandbox, taken away while a test asks for it.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace hindcast::replay {

/// While one lives, the environment of this process says nothing about replays without a sandbox, whatever it said to
/// the tests as a whole; it says that again afterwards.
class WithheldConsent {
public:
    static constexpr const char* kVariable = "HINDCAST_UNSANDBOXED";

    WithheldConsent() {
        if (const char* said = std::getenv(kVariable)) m_said = said;
        ::unsetenv(kVariable);
    }
    ~WithheldConsent() { m_said ? ::setenv(kVariable, m_said->c_str(), 1) : ::unsetenv(kVariable); }
    WithheldConsent(const WithheldConsent&) = delete;
    WithheldConsent& operator=(const WithheldConsent&) = delete;

private:
    std::optional<std::string> m_said;
};

}  // namespace hindcast::replay
