// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "core/replay/pool/executor.h"
#include "core/replay/schedule/folder_tail.h"
#include "core/replay/schedule/unit_queue.h"

namespace hindcast::replay {

/// A unit in flight and what its folder has said so far. One thread.
class RunningUnit {
public:
    /// `replayed`: as it was handed to the executor.
    RunningUnit(PendingUnit unit, const Unit& replayed, Executor::Handle handle,
                const std::filesystem::path& replayFolder);

    /// Reads what is new; returns the iterations decided since the last call.
    std::vector<IterationReport> follow();

    const PendingUnit& unit() const { return m_unit; }
    Executor::Handle handle() const { return m_handle; }
    const std::string& phase() const { return m_phase; }
    /// Its first iteration has begun.
    bool isAtWork() const { return m_atWork; }
    const std::vector<EscalationReport>& escalations() const { return m_escalations; }
    const std::string& endReason() const { return m_endReason; }
    std::uint64_t values() const { return m_values; }
    /// Iterations of the unit without a verdict.
    std::vector<std::int64_t> undecided() const;
    /// Whether a unit outside the loop has its verdict.
    bool decidedOutside() const { return m_decidedOutside; }
    double secondsLeft() const;

private:
    PendingUnit m_unit;
    std::string m_loop;
    std::int64_t m_occurrence;
    Executor::Handle m_handle;
    FolderTail m_tail;
    std::string m_phase = "starting";
    bool m_atWork = false;
    std::vector<EscalationReport> m_escalations;
    std::string m_endReason;
    std::uint64_t m_values = 0;
    std::set<std::int64_t> m_decided;
    bool m_decidedOutside = false;
    double m_iterationSeconds = 0;
    int m_iterationCount = 0;
    std::chrono::steady_clock::time_point m_started = std::chrono::steady_clock::now();
};

}  // namespace hindcast::replay
