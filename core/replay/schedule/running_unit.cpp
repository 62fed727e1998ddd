// SPDX-License-Identifier: Apache-2.0
#include "core/replay/schedule/running_unit.h"

#include <algorithm>

namespace hindcast::replay {

RunningUnit::RunningUnit(PendingUnit unit, const Unit& replayed, Executor::Handle handle,
                         const std::filesystem::path& replayFolder)
    : m_unit(std::move(unit)),
      m_loop(replayed.loop),
      m_occurrence(replayed.occurrence),
      m_handle(handle),
      m_tail(replayFolder) {}

std::vector<IterationReport> RunningUnit::follow() {
    // A journal that cannot be read now is read later or judged by the worker's end.
    base::Result<TailReport> report = m_tail.poll();
    if (!report) return {};
    for (const PhaseReport& phase : report->phases) {
        if (phase.phase == "prefix") m_phase = m_unit.mode == Mode::Prefix ? "prefix" : "restore";
        m_atWork = m_atWork || phase.phase == "restore" || phase.phase == "iteration";
        if (phase.phase == "restore") m_phase = "iteration " + std::to_string(phase.index);
        if (phase.phase == "iteration") {
            m_phase = "iteration " + std::to_string(phase.index + 1);
            m_iterationSeconds += phase.seconds;
            ++m_iterationCount;
        }
    }
    for (EscalationReport& escalation : report->escalations) m_escalations.push_back(std::move(escalation));
    m_values += report->values;
    if (report->end) m_endReason = report->end->reason;
    for (const IterationReport& iteration : report->iterations) {
        if (iteration.loop.empty())
            m_decidedOutside = true;
        else if (iteration.loop == m_loop && iteration.occurrence == m_occurrence)
            m_decided.insert(iteration.index);
    }
    return std::move(report->iterations);
}

std::vector<std::int64_t> RunningUnit::undecided() const {
    std::vector<std::int64_t> left;
    std::set_difference(m_unit.iterations.begin(), m_unit.iterations.end(), m_decided.begin(), m_decided.end(),
                        std::back_inserter(left));
    return left;
}

double RunningUnit::secondsLeft() const {
    if (m_iterationCount > 0) {
        return m_iterationSeconds / m_iterationCount * static_cast<double>(undecided().size());
    }
    const std::chrono::duration<double> gone = std::chrono::steady_clock::now() - m_started;
    return std::max(0.5, m_unit.seconds - gone.count());
}

}  // namespace hindcast::replay
