// SPDX-License-Identifier: Apache-2.0
#include "core/replay/plan/job_maker.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>

#include "core/replay/plan/loop_facts.h"
#include "core/replay/plan/memo.h"

namespace hindcast::replay {

using base::Result;

namespace {

constexpr std::int64_t kOutside = -1;  ///< stands for "before or after the loop" among iterations

bool isOutside(Mode mode) {
    return mode == Mode::Prefix || mode == Mode::Suffix;
}

/// Makes the jobs of one version.
class JobMaker {
public:
    JobMaker(const store::Catalog& catalog, const JobInput& input, Memo memo)
        : m_catalog(catalog), m_input(input), m_memo(std::move(memo)) {}

    Result<JobsOfVersion> run() {
        for (const ProbeDecision& decision : m_input.decisions) HINDCAST_TRY(ask(decision));
        for (auto& [key, group] : m_groups) {
            HINDCAST_ASSIGN(Job job, jobOf(key, group));
            m_out.jobs.push_back(std::move(job));
        }
        if (m_out.jobs.empty() && m_out.whyNone.empty()) m_out.whyNone = "replayed-before";
        return m_out;
    }

private:
    struct GroupKey {
        Mode mode;
        std::string loop;
        std::int64_t occurrence = 0;
        std::string inner{};  ///< mid: the loop whose passes are asked for
        auto operator<=>(const GroupKey&) const = default;
    };
    struct Group {
        std::set<int> probes;
        std::set<std::int64_t> iterations;
        const ProbeDecision* deciding = nullptr;
        bool forWantOfCapture = false;
        std::optional<StepRange> steps;
    };

    const PlacedProbe* placedOf(int probe) const {
        for (const PlacedProbe& placed : *m_input.placed) {
            if (placed.probe == probe) return &placed;
        }
        return nullptr;
    }

    Mode modeFor(const ProbeDecision& decision) const {
        if (!m_input.forceMode) return decision.mode;
        if (*m_input.forceMode == Mode::Beginning) return Mode::Beginning;
        return isOutside(decision.mode) ? decision.mode : *m_input.forceMode;
    }

    /// The mode that can really produce an iteration: a capture that is missing means a deeper one.
    Mode modeAt(Mode mode, const ProbeDecision& decision, const LoopFacts& facts, std::int64_t iteration) const {
        const auto& starts = facts.boundaries;
        if (mode == Mode::Pre && !std::binary_search(starts.begin(), starts.end(), iteration)) return Mode::Deep;
        if (mode == Mode::Shallow) {
            for (const std::string& inner : decision.innerLoops) {
                const auto exits = facts.exits.find(inner);
                if (exits == facts.exits.end() || !exits->second.contains(iteration)) return Mode::Deep;
            }
        }
        return mode;
    }

    /// Whether a stored state makes this the only iteration to be run for it, in the mode that is asked for.
    bool costsOne(Mode mode, const ProbeDecision& decision, const LoopFacts& facts, std::int64_t iteration) const {
        const auto& starts = facts.boundaries;
        return modeAt(mode, decision, facts, iteration) == mode &&
               std::binary_search(starts.begin(), starts.end(), iteration);
    }

    Result<void> ask(const ProbeDecision& decision) {
        const PlacedProbe* placed = placedOf(decision.probe);
        if (!placed) return {};
        HINDCAST_ASSIGN(const SplicedSource alone, spliceAll(*m_input.originals, {{0, placed->insertions}}));
        std::map<Mode, std::string> keys;
        for (const Mode mode : {Mode::Prefix, Mode::Pre, Mode::Shallow, Mode::Deep, Mode::Suffix, Mode::Beginning}) {
            keys[mode] = memoKey(m_input.version, alone.files, mode);
        }
        m_keys[decision.probe] = keys;
        m_spliced[decision.probe] = alone.files;
        const Mode mode = modeFor(decision);
        // A replay of the whole run passes the places outside the loop as well.
        if (mode != Mode::Beginning) {
            for (const Mode outside : decision.also) askOutside(outside, decision);
        }
        if (isOutside(mode) || decision.loop.empty()) {
            askOutside(mode, decision);
            return {};
        }
        HINDCAST_ASSIGN(const std::int64_t runs, countRuns(m_catalog, m_input.version, decision.loop));
        for (std::int64_t occurrence = 0; occurrence < std::max<std::int64_t>(1, runs); ++occurrence) {
            if (decision.occurrence.value_or(occurrence) == occurrence)
                HINDCAST_TRY(askRun(mode, decision, occurrence));
        }
        return {};
    }

    /// The passes of the inner loop around the probe that were asked for; absent: all of them.
    Result<std::optional<StepRange>> stepsFor(const ProbeDecision& decision, const LoopFacts& facts) {
        std::optional<StepRange> steps;
        if (decision.level.size() < 2) return steps;
        const std::string& inner = decision.level[1];
        if (m_input.steps && m_input.steps->loop == inner) steps = m_input.steps;
        if (!steps && m_input.matchingSteps) {
            std::int64_t passes = 0;
            for (const auto& [key, inside] : facts.inside)
                passes = key.first == inner && !inside.stored.empty() ? std::max(passes, inside.passes) : passes;
            if (passes > 0) {
                HINDCAST_ASSIGN(steps, m_input.matchingSteps(inner, passes));
            }
        }
        if (steps) {  // an answer for some passes is none for others
            std::map<std::string, std::string> parts = m_spliced[decision.probe];
            parts[steps->loop] = std::to_string(steps->first) + ".." + std::to_string(steps->last);
            m_keys[decision.probe][Mode::Mid] = memoKey(m_input.version, parts, Mode::Mid);
        }
        return steps;
    }

    /// Whether a state stored inside the inner loop lies before the first of the passes, behind the loop's beginning.
    static bool hasStateInside(const LoopFacts& facts, const StepRange& steps, std::int64_t iteration) {
        const auto inside = facts.inside.find({steps.loop, iteration});
        if (inside == facts.inside.end() || inside->second.stored.empty()) return false;
        return *inside->second.stored.begin() <= steps.first && steps.first < inside->second.passes;
    }

    /// The iterations of one run of the loop.
    Result<void> askRun(Mode mode, const ProbeDecision& decision, std::int64_t occurrence) {
        HINDCAST_ASSIGN(std::vector<std::int64_t> wanted, wantedIterations(decision.loop, occurrence));
        const LoopFacts& facts = m_loops[{decision.loop, occurrence}];
        if (m_input.onlyCaptured && !wanted.empty()) {
            std::erase_if(wanted, [&](std::int64_t index) { return !costsOne(mode, decision, facts, index); });
            if (wanted.empty()) m_out.whyNone = "none-captured";
        }
        HINDCAST_ASSIGN(const std::optional<StepRange> steps, stepsFor(decision, facts));
        const auto answered = [&](Mode asked) {
            return m_memo.answered(m_keys[decision.probe], asked, decision.loop, occurrence);
        };
        const std::set<std::int64_t> whole = answered(mode);
        const std::set<std::int64_t> inPart = steps ? answered(Mode::Mid) : std::set<std::int64_t>();
        for (const std::int64_t iteration : wanted) {
            if (whole.contains(iteration) || inPart.contains(iteration)) continue;
            const Mode able = modeAt(mode, decision, facts, iteration);
            if (able == Mode::Deep && decision.mode == Mode::Deep && !m_input.forceMode && steps &&
                hasStateInside(facts, *steps, iteration)) {
                add({Mode::Mid, decision.loop, occurrence, steps->loop}, decision, iteration, false);
                const auto group = m_groups.find({Mode::Mid, decision.loop, occurrence, steps->loop});
                if (group != m_groups.end()) group->second.steps = steps;
            } else {
                add({able, decision.loop, occurrence}, decision, iteration, able != mode);
            }
        }
        return {};
    }

    void askOutside(Mode mode, const ProbeDecision& decision) {
        const std::int64_t occurrence = decision.occurrence.value_or(0);
        if (!m_memo.answered(m_keys[decision.probe], mode, decision.loop, occurrence).contains(kOutside))
            add({mode, decision.loop, occurrence}, decision, kOutside, false);
    }

    Result<std::vector<std::int64_t>> wantedIterations(const std::string& loop, std::int64_t occurrence) {
        const std::pair run(loop, occurrence);
        if (!m_loops.contains(run)) {
            HINDCAST_ASSIGN(m_loops[run], readLoop(m_catalog, m_input.version, loop, occurrence));
        }
        const std::int64_t passes = m_loops[run].passes;
        std::vector<std::int64_t> wanted;
        if (m_input.matching) {
            HINDCAST_ASSIGN(wanted, m_input.matching(loop, passes));
        } else {
            for (std::int64_t index = 0; index < passes; ++index) wanted.push_back(index);
        }
        if (passes == 0)
            m_out.whyNone = "no-iterations";
        else if (wanted.empty())
            m_out.whyNone = "filtered-out";
        if (m_input.range) {
            std::erase_if(wanted, [this](std::int64_t index) {
                return index < m_input.range->first || index > m_input.range->second;
            });
            if (wanted.empty() && m_out.whyNone.empty()) m_out.whyNone = "no-iterations";
        }
        const std::int64_t first = m_input.range ? m_input.range->first : 0;
        std::erase_if(wanted, [&](std::int64_t index) { return (index - first) % m_input.stride != 0; });
        return wanted;
    }

    void add(const GroupKey& target, const ProbeDecision& decision, std::int64_t iteration, bool forWantOfCapture) {
        if (iteration == kOutside) {
            Group& group = m_groups[target];
            group.probes.insert(decision.probe);
            if (!group.deciding) group.deciding = &decision;
            return;
        }
        // One unit runs an iteration for all probes: in the deepest mode that any of them needs.
        const auto key = std::tuple(target.loop, target.occurrence, iteration);
        const auto earlier = m_iterationMode.find(key);
        std::set<int> probes{decision.probe};
        if (earlier != m_iterationMode.end()) {
            const GroupKey before = earlier->second;
            Group& old = m_groups[before];
            if (before == target || answers(before.mode, target.mode)) {
                old.probes.insert(decision.probe);
                return;
            }
            probes.insert(old.probes.begin(), old.probes.end());
            old.iterations.erase(iteration);
            if (old.iterations.empty()) m_groups.erase(before);
        }
        m_iterationMode[key] = target;
        Group& group = m_groups[target];
        group.probes.insert(probes.begin(), probes.end());
        group.iterations.insert(iteration);
        if (!group.deciding) {
            group.deciding = &decision;
            group.forWantOfCapture = forWantOfCapture;
        }
    }

    Result<Job> jobOf(const GroupKey& key, const Group& group) {
        Job job;
        job.mode = key.mode;
        job.loop = key.loop;
        job.occurrence = key.occurrence;
        job.reason = group.deciding->reason;
        job.reasonKey = group.deciding->reasonKey;
        job.reasonArgs = group.deciding->reasonArgs;
        explain(job, group);
        std::set<std::string> inner;
        for (const ProbeDecision& decision : m_input.decisions) {
            if (group.probes.contains(decision.probe))
                inner.insert(decision.innerLoops.begin(), decision.innerLoops.end());
        }
        // A loop with a statement inside it is run.
        for (const ProbeDecision& decision : m_input.decisions) {
            if (!group.probes.contains(decision.probe)) continue;
            for (const std::string& around : decision.level) inner.erase(around);
        }
        job.innerLoops.assign(inner.begin(), inner.end());
        job.probes.assign(group.probes.begin(), group.probes.end());
        job.iterations.assign(group.iterations.begin(), group.iterations.end());
        job.captures = usableCaptures(key, job.innerLoops);
        if (key.mode == Mode::Mid) addSteps(job, *group.steps);
        std::vector<ProbeInsertions> insertions;
        for (std::size_t at = 0; at < job.probes.size(); ++at) {
            const int probe = job.probes[at];
            const PlacedProbe* placed = placedOf(probe);
            const AskedProbe& asked = (*m_input.asked)[static_cast<std::size_t>(probe)];
            insertions.push_back({static_cast<int>(at), placed->insertions});
            job.memos.push_back(m_keys[probe]);
            job.unitProbes.push_back({asked.id, asked.revision, asked.name, m_keys[probe].at(key.mode), placed->text});
        }
        HINDCAST_ASSIGN(job.source, spliceAll(*m_input.originals, insertions));
        return job;
    }

    /// How much of the iterations is run: from the state stored inside to where the next one can be compared with.
    void addSteps(Job& job, const StepRange& steps) {
        job.steps = steps;
        double share = 0;
        std::int64_t from = 0;
        for (const std::int64_t iteration : job.iterations) {
            const LoopFacts::Inside& inside = m_loops[{job.loop, job.occurrence}].inside[{steps.loop, iteration}];
            from = *std::prev(inside.stored.upper_bound(steps.first));
            const auto next = inside.stored.upper_bound(steps.last);
            const std::int64_t to = next == inside.stored.end() ? inside.passes : *next;
            share += static_cast<double>(to - from) / static_cast<double>(inside.passes);
        }
        job.share = share / static_cast<double>(job.iterations.size());
        job.reason =
            "the state inside the loop '" + steps.loop + "' was stored before its pass " + std::to_string(from);
        job.reasonKey = "state-inside-loop";
        job.reasonArgs = {steps.loop, std::to_string(from)};
    }

    void explain(Job& job, const Group& group) const {
        if (m_input.forceMode && job.mode == *m_input.forceMode && group.deciding->mode != job.mode) {
            job.reason = "asked for";
            job.reasonKey = "forced";
            job.reasonArgs.clear();
        } else if (group.forWantOfCapture) {
            job.reason = "these iterations have no stored state from the end of the inner loop";
            job.reasonKey = "no-exit-capture";
            job.reasonArgs.clear();
        } else if (isOutside(job.mode) && group.deciding->mode != job.mode) {
            const bool before = job.mode == Mode::Prefix;
            job.reason =
                std::string("it is reached ") + (before ? "before" : "after") + " the loop '" + job.loop + "' too";
            job.reasonKey = before ? "also-before-loop" : "also-after-loop";
            job.reasonArgs = {job.loop};
        }
    }

    std::vector<std::int64_t> usableCaptures(const GroupKey& key, const std::vector<std::string>& innerLoops) {
        const auto found = m_loops.find({key.loop, key.occurrence});
        if (found == m_loops.end() || key.mode == Mode::Beginning) return {};
        const LoopFacts& facts = found->second;
        if (key.mode != Mode::Shallow) return facts.boundaries;
        std::vector<std::int64_t> usable;
        for (std::int64_t index = 0; index < facts.passes; ++index) {
            const bool all = std::all_of(innerLoops.begin(), innerLoops.end(), [&](const std::string& inner) {
                const auto exits = facts.exits.find(inner);
                return exits != facts.exits.end() && exits->second.contains(index);
            });
            if (all) usable.push_back(index);
        }
        return usable;
    }

    const store::Catalog& m_catalog;
    const JobInput& m_input;
    Memo m_memo;
    JobsOfVersion m_out;
    std::map<int, std::map<Mode, std::string>> m_keys;
    std::map<int, std::map<std::string, std::string>> m_spliced;        ///< files with one probe alone in them
    std::map<std::pair<std::string, std::int64_t>, LoopFacts> m_loops;  ///< by loop and occurrence
    std::map<std::tuple<std::string, std::int64_t, std::int64_t>, GroupKey> m_iterationMode;
    std::map<GroupKey, Group> m_groups;
};

}  // namespace

Result<JobsOfVersion> makeJobs(const store::Catalog& catalog, const JobInput& input) {
    HINDCAST_ASSIGN(Memo memo, Memo::read(catalog, input.version));
    return JobMaker(catalog, input, std::move(memo)).run();
}

}  // namespace hindcast::replay
