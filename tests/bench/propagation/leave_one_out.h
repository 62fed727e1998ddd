// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <iosfwd>
#include <random>
#include <string>
#include <vector>

#include "core/propagate/parsed_file.h"

namespace hindcast::bench {

/// What is known of a case's truth.
enum class Trust {
    Survived,   ///< the statement stood there all the time between the two versions: every tool can be held to it
    Rewritten,  ///< it stands once in each, but was taken out, moved or put in again between them: no text can tell
                ///< where it was
    Inserted,   ///< a new statement between two neighbours that stood beside each other all the time
    InsertedBeside,  ///< a new statement after one that stood there all the time; what follows changed
};

/// One statement to carry back: it stands once in `newest` and once in `truth`, and was taken out of `hole`.
struct Case {
    std::string newest;
    int line = 0;  ///< where it starts in the newest source
    Trust trust = Trust::Rewritten;
    bool renamed = false;
    std::string truth;  ///< the past source
    std::string hole;   ///< the past source without the statement
    std::string statement;
    std::vector<std::string> between;  ///< versions on the way, newest first, without the statement
    int truthLine = 0;                 ///< where it starts in `truth`
    int truthBlock = 0;                ///< its block and position; the same numbers name the slot in `hole`
    int truthPosition = 0;
};

enum class Outcome { Exact, ExactBytes, Wrong, Refused, RefusedRanked, SaidThere, Failed };

struct Verdict {
    Outcome outcome = Outcome::Failed;
    double seconds = 0;  ///< of the processor, parsing both sources included
    double confidence = 0;
    std::string reason;
    std::string result;  ///< the text that came out, where one did
    std::string candidates;
};

/// How cases are chosen.
struct CaseChoice {
    std::size_t limit = 12;     ///< per pair of versions
    double renamedShare = 0.3;  ///< of them with their variables renamed throughout the past source
    double insertedShare = 0;   ///< of them a new statement instead of one taken out
};

/// Cases of one pair of versions, chosen by `random`. `oldLines` gives for each line of the newest source the line it
/// has been in the past one, or 0 (git_history.h). `between`: versions on the way, newest first; a statement that is
/// taken out is taken out of them too, and one in which it stands several times is left out.
std::vector<Case> makeCases(const std::string& newest, const std::string& past, const std::vector<int>& oldLines,
                            const std::vector<std::string>& between, const CaseChoice& choice, std::mt19937& random);

/// Carries the statement, through the versions on the way where there are some, and compares with the truth: by syntax
/// tree and by bytes.
Verdict judge(const Case& one);

/// What a plain line diff does with it, for comparison: the statement's lines after the counterpart of the line above
/// them.
Verdict judgeLineDiff(const Case& one);

/// Writes one line for each place that was considered: case number, history, trust, 1 if renamed, 1 for the true place,
/// the features.
void dumpFeatures(const Case& one, int number, int history, std::ostream& out);

}  // namespace hindcast::bench
