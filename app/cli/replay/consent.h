// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/cli/verb.h"

namespace hindcast::cli {

/// Asks y/N on the terminal. Anything but a yes is a no.
bool confirmed(const char* question);

/// Where nothing here can hold past code and the project has not said that it may run so: asks once, where somebody can
/// answer, and remembers a yes. False: the answer was no. Without a terminal, or `mayAsk`, fails with Conflict and what
/// to type.
base::Result<bool> hasConsent(workspace::Workspace& workspace, const workspace::Plan& plan, bool mayAsk);

}  // namespace hindcast::cli
