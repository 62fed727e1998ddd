// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iosfwd>
#include <random>
#include <string>
#include <vector>

#include "core/propagate/parsed_file.h"

namespace hindcast::bench {

/// One statement to carry back: it stands once in the newest source and once in `truth`, and was taken out of `hole`.
struct Case {
    int line = 0;        ///< where it starts in the newest source
    bool renamed = false;
    std::string truth;   ///< the past source
    std::string hole;    ///< the past source without the statement
    std::string statement;
    int truthLine = 0;   ///< where it starts in `truth`
    int truthBlock = 0;  ///< its block and position; the same numbers name the slot in `hole`
    int truthPosition = 0;
};

enum class Outcome { Exact, ExactBytes, Wrong, Refused, RefusedRanked, SaidThere, Failed };

struct Verdict {
    Outcome outcome = Outcome::Failed;
    double seconds = 0;
    double confidence = 0;
    std::string reason;
    std::string result;  ///< the text that came out, where one did
    std::string candidates;
};

/// Cases of one pair of versions: statements chosen by `random`, at most `limit`; a share of them with their variables
/// renamed throughout the past source.
std::vector<Case> makeCases(const std::string& newest, const std::string& past, std::size_t limit, double renamedShare, std::mt19937& random);

/// Carries the statement and compares with the truth: by syntax tree and by bytes.
Verdict judge(const std::string& newest, const Case& one);

/// What a plain line diff does with it, for comparison: the statement's lines after the counterpart of the line above them.
Verdict judgeLineDiff(const std::string& newest, const Case& one);

/// Writes one line for each place that was considered: case number, 1 for the true place, the features.
void dumpFeatures(const std::string& newest, const Case& one, int number, std::ostream& out);

}  // namespace hindcast::bench
