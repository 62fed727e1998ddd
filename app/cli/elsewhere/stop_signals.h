// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace hindcast::cli {

/// From now on SIGTERM, SIGINT and SIGHUP do not end this process; wasStopped() says that one came.
void catchStopSignals();
bool wasStopped();

}  // namespace hindcast::cli
