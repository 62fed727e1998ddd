// SPDX-License-Identifier: Apache-2.0
#include "app/cli/replay/consent.h"

#include <unistd.h>

#include <cstdio>
#include <iostream>

namespace hindcast::cli {

bool confirmed(const char* question) {
    std::fprintf(stderr, "%s [y/N] ", question);
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

base::Result<bool> hasConsent(workspace::Workspace& workspace, const workspace::Plan& plan, bool mayAsk) {
    if (plan.missingConsent.empty()) return true;
    if (!mayAsk || !isatty(STDIN_FILENO)) return base::Error(base::ErrorCode::Conflict, plan.missingConsent);
    std::fprintf(stderr, "%s.\n", plan.missingConsent.c_str());
    if (!confirmed("Let replays of this project run without a sandbox from now on?")) return false;
    HINDCAST_TRY(workspace.allowUnsandboxed());
    return true;
}

}  // namespace hindcast::cli
