// SPDX-License-Identifier: Apache-2.0
#include "app/cli/replay/follow.h"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>
#include <thread>

#include "app/cli/print.h"

namespace hindcast::cli {

using workspace::QueueRow;
using workspace::ReplayProgress;
using workspace::UnitState;

namespace {

volatile std::sig_atomic_t g_interrupted = 0;
volatile std::sig_atomic_t g_terminated = 0;

void onInterrupt(int) {
    g_interrupted = 1;
}

void onTerminate(int) {
    g_terminated = 1;
}

void printProgress(const ReplayProgress& progress) {
    std::string line = std::to_string(progress.done) + " of " + std::to_string(progress.total) + " passes";
    if (progress.secondsLeft >= 0) line += ", " + durationText(progress.secondsLeft) + " left";
    for (const QueueRow& row : progress.rows) {
        const bool waitsElsewhere = row.state == UnitState::Queued && !row.phase.empty();
        if (row.state == UnitState::Running || waitsElsewhere)
            line += "  v" + std::to_string(row.number) + " " + row.phase;
    }
    std::fprintf(stderr, "\r\033[K%.*s", 118, line.c_str());
}

}  // namespace

ReplayProgress follow(workspace::ReplayRun& run) {
    g_interrupted = 0;
    g_terminated = 0;
    const auto interrupt = std::signal(SIGINT, onInterrupt);
    const auto terminate = std::signal(SIGTERM, onTerminate);
    const bool live = errorIsTerminal();
    ReplayProgress progress = run.progress();
    bool cancelled = false;
    while (!progress.finished && !g_terminated) {
        if (g_interrupted && !cancelled) {
            run.cancel();
            cancelled = true;
        }
        if (live) printProgress(progress);
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        progress = run.progress();
    }
    if (live) std::fprintf(stderr, "\r\033[K");
    progress.cancelled = progress.cancelled || g_terminated;
    std::signal(SIGINT, interrupt);
    std::signal(SIGTERM, terminate);
    return progress;
}

}  // namespace hindcast::cli
