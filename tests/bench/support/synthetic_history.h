// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/base/uuid.h"
#include "core/format/events/event_encoder.h"
#include "core/format/journal/journal_writer.h"
#include "core/store/project.h"

namespace hindcast::bench {

/// What one synthetic version holds. The defaults are 10,000 values: two a step, three an epoch.
struct SyntheticRun {
    int epochs = 10;
    int stepsPerEpoch = 498;  ///< each logs "loss" and "lr"
    int capturesBytes = 256;  ///< of the one tensor that each epoch captures; 0 = no captures
    std::int64_t values() const { return std::int64_t{epochs} * (2 * stepsPerEpoch + 3) + 10; }
};

/// Writes the folder of one finished version through core/format, frame by frame as a recorder does: run.json,
/// arguments, nested loops, values, captures with chunks in a segment, END and seal. Only what a clock would say is
/// made up: `ordinal` is the version's place in the history. Ends the program with a sentence when the disk does not
/// take it.
base::Uuid writeSyntheticVersion(const store::Project& project, int ordinal, const SyntheticRun& run = {});

/// A version that is being recorded: keeps its journal open and locked until destroyed.
class RunningVersion {
public:
    RunningVersion(const store::Project& project, int ordinal);
    /// Appends a block of `steps` passes with one value of "loss" each.
    void log(int steps);

private:
    std::int64_t m_now;
    format::JournalWriter m_journal;
    format::EventEncoder m_events{0};
};

}  // namespace hindcast::bench
