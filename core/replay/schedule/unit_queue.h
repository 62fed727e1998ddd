// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "core/replay/plan/work.h"
#include "core/replay/schedule/view.h"

namespace hindcast::replay {

/// A unit that waits. Refers to a job of a plan by indexes.
struct PendingUnit {
    std::size_t version = 0;  ///< index into WorkPlan::versions
    std::size_t job = 0;      ///< index into its jobs
    Mode mode = Mode::Deep;
    std::vector<std::int64_t> iterations;  ///< ascending, with the gaps of the job; empty outside the loop
    int attempt = 0;
    double seconds = 0;                                 ///< estimate
    int escalations = 0;                                ///< how often it was sent deeper
    int losses = 0;                                     ///< how often the place where it ran was lost
    std::optional<std::int64_t> latest = std::nullopt;  ///< see Unit::latest
};

/// Splits jobs into units. A unit costs a start and a prefix, so a job is split only to keep workers busy, or where its
/// iterations take long beside the prefix and a curve would otherwise grow from one end; units begin at captures. What
/// lies between the iterations of a unit is left out by its worker where a capture allows it.
std::vector<PendingUnit> splitJobs(const WorkPlan& plan);

/// Order of a number of things from coarse to fine: both ends, the middle, quarters, …
std::vector<std::size_t> coarseToFine(std::size_t count);

/// Units in the order they should start: one of every version first (versions coarse to fine, newest first), within a
/// version coarse to fine, so that every curve takes shape early.
class UnitQueue {
public:
    explicit UnitQueue(std::vector<PendingUnit> units);

    /// Moves what is in view to the front, keeping the order otherwise. A unit that reaches far out of it is parted:
    /// where that delays what is in view by more than another start takes.
    void show(const View& view, const WorkPlan& plan);

    bool empty() const { return m_units.empty(); }
    std::size_t size() const { return m_units.size(); }
    std::optional<PendingUnit> take();
    /// For escalations and retries: the version's curve is waiting for these.
    void pushFront(PendingUnit unit) { m_units.push_front(std::move(unit)); }
    /// Removes and returns everything of a version.
    std::vector<PendingUnit> removeVersion(std::size_t version);
    std::vector<PendingUnit> removeAll();
    const std::deque<PendingUnit>& units() const { return m_units; }

private:
    std::deque<PendingUnit> m_units;
};

}  // namespace hindcast::replay
