// SPDX-License-Identifier: Apache-2.0
#include "app/cli/elsewhere/stop_signals.h"

#include <csignal>
#include <initializer_list>

namespace hindcast::cli {

namespace {

volatile std::sig_atomic_t g_stopped = 0;

void onStop(int) {
    g_stopped = 1;
}

}  // namespace

void catchStopSignals() {
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) std::signal(signal, onStop);
}

bool wasStopped() {
    return g_stopped != 0;
}

}  // namespace hindcast::cli
