// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

// How benchmarks measure: thread CPU time, contestants in turn (A B A B), medians, ratios to a peer in the same run. On
// a shared machine nothing else means anything.

namespace hindcast::bench {

inline double threadSeconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

inline double wallSeconds() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

inline double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

struct Contestant {
    std::string name;
    std::function<void()> run;
    double seconds = 0;  ///< median of the rounds
};

/// Runs the contestants in turn and fills in their medians.
inline void compete(std::vector<Contestant>& contestants, int rounds = 9) {
    std::vector<std::vector<double>> times(contestants.size());
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t c = 0; c < contestants.size(); ++c) {
            const double begin = threadSeconds();
            contestants[c].run();
            times[c].push_back(threadSeconds() - begin);
        }
    }
    for (std::size_t c = 0; c < contestants.size(); ++c) contestants[c].seconds = median(times[c]);
}

/// One row of the table that packaging/bench collects: lines that begin with a bar.
inline void printRow(const std::string& what, const std::string& reach, const std::string& peer,
                     const std::string& measured) {
    std::printf("| %s | %s | %s | %s |\n", what.c_str(), reach.c_str(), peer.c_str(), measured.c_str());
    std::fflush(stdout);
}

/// printf into a string, for the cells of a row.
template <class... Values>
std::string text(const char* form, Values... values) {
    char buffer[256];
    std::snprintf(buffer, sizeof buffer, form, values...);
    return buffer;
}

}  // namespace hindcast::bench
