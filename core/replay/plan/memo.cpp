// SPDX-License-Identifier: Apache-2.0
#include "core/replay/plan/memo.h"

namespace hindcast::replay {

using base::Result;

Result<Memo> Memo::read(const store::Catalog& catalog, const base::Uuid& version) {
    Memo memo;
    HINDCAST_ASSIGN(const std::vector<store::ReplayRow> replays, catalog.replays(version));
    if (replays.empty()) return memo;
    HINDCAST_ASSIGN(const std::vector<store::FidelityRow> verdicts, catalog.fidelity(version));
    std::map<base::Uuid, std::vector<const store::FidelityRow*>> byReplay;
    for (const store::FidelityRow& verdict : verdicts) byReplay[verdict.replay].push_back(&verdict);
    for (const store::ReplayRow& replay : replays) {
        if (replay.superseded) continue;
        for (const store::ReplayProbeRow& probe : replay.probes) {
            if (probe.superseded || probe.memo.empty()) continue;
            for (const store::FidelityRow* verdict : byReplay[replay.uuid]) {
                const auto mode = modeNamed(verdict->mode);
                if (!mode) continue;
                const std::int64_t index = verdict->loop.empty() ? -1 : verdict->index;
                memo.m_byKey[probe.memo].push_back(
                    {*mode, verdict->loop, verdict->occurrence, index, verdict->grade == store::Fidelity::Diverged});
            }
        }
    }
    return memo;
}

std::set<std::int64_t> Memo::answered(const std::map<Mode, std::string>& keys, Mode asked, const std::string& loop,
                                      std::int64_t occurrence) const {
    std::set<std::int64_t> done;
    for (const auto& [mode, key] : keys) {
        const auto found = m_byKey.find(key);
        if (found == m_byKey.end()) continue;
        for (const Verdict& verdict : found->second) {
            if (!verdict.loop.empty() && (verdict.loop != loop || verdict.occurrence != occurrence)) continue;
            const bool nothingDeeper =
                verdict.mode == Mode::Beginning || verdict.mode == Mode::Prefix || verdict.mode == Mode::Suffix;
            if (answers(verdict.mode, asked) && (!verdict.diverged || nothingDeeper)) done.insert(verdict.index);
        }
    }
    return done;
}

}  // namespace hindcast::replay
