// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/places/surroundings.h"

#include <algorithm>

#include "core/propagate/places/statement_names.h"
#include "core/propagate/splice/gap.h"

namespace hindcast::propagate {
namespace {

using syntax::Kind;

constexpr int kNear = 5;  ///< siblings on each side that count as around it
constexpr double kManyBetween = 3;

class Reader {
public:
    Reader(const Side& newer, const Side& older, const Mapping& mapping, int statement)
        : m_new(newer),
          m_old(older),
          m_map(mapping),
          m_statement(statement),
          m_siblings(newer.statementsIn(newer.blockOf(statement))),
          m_position(newer.statement(statement).position) {}

    Surroundings read() {
        siblings();
        file();
        between();
        ties();
        form();
        return m_out;
    }

private:
    double& at(Surrounding which) { return m_out[static_cast<std::size_t>(which)]; }
    int sibling(int offset) const {
        const int index = m_position + offset;
        return index < 0 || index >= static_cast<int>(m_siblings.size()) ? -1
                                                                         : m_siblings[static_cast<std::size_t>(index)];
    }
    int counterpart(int statement) const {
        return statement < 0 ? -1 : m_map.toOld[static_cast<std::size_t>(statement)];
    }
    /// Whether two statements that follow each other in a block stand otherwise in the old version.
    bool apart(int before, int after) const { return after < before || m_old.blockOf(before) != m_old.blockOf(after); }

    void siblings() {
        int total = 0;
        int kept = 0;
        int equal = 0;
        int pairs = 0;
        int moved = 0;
        int last = -1;
        for (int offset = -kNear; offset <= kNear; ++offset) {
            const int other = offset == 0 ? -1 : sibling(offset);
            if (other < 0) continue;
            const int there = counterpart(other);
            ++total;
            kept += there >= 0 ? 1 : 0;
            equal += there >= 0 && m_map.quality[static_cast<std::size_t>(other)] > 0.999F ? 1 : 0;
            if (there < 0) continue;
            pairs += last >= 0 ? 1 : 0;
            moved += last >= 0 && apart(last, there) ? 1 : 0;
            last = there;
        }
        at(Surrounding::SiblingsKept) = share(kept, total);
        at(Surrounding::SiblingsEqual) = share(equal, total);
        at(Surrounding::SiblingsMoved) = share(moved, pairs);
    }

    void file() {
        const auto file = m_new.fileOfStatement(m_statement);
        const int begin = m_new.statementBase(file);
        const int end = begin + static_cast<int>(m_new.file(file).outline.statements().size());
        int kept = 0;
        int pairs = 0;
        int moved = 0;
        for (int s = begin; s < end; ++s) {
            const int there = counterpart(s);
            kept += there >= 0 ? 1 : 0;
            const auto& block = m_new.block(m_new.blockOf(s)).statements;
            const auto next = static_cast<std::size_t>(m_new.statement(s).position) + 1;
            const int after = next < block.size() ? counterpart(begin + block[next]) : -1;
            if (there < 0 || after < 0) continue;
            ++pairs;
            moved += apart(there, after) ? 1 : 0;
        }
        at(Surrounding::FileKept) = share(kept, end - begin);
        at(Surrounding::FileMoved) = share(moved, pairs);
    }

    /// The nearest sibling on one side that has a counterpart; `skipped` counts those between.
    int nearest(int step, int& skipped) const {
        skipped = 0;
        for (int offset = step; sibling(offset) >= 0; offset += step, ++skipped) {
            if (counterpart(sibling(offset)) >= 0) return counterpart(sibling(offset));
        }
        return -1;
    }

    void between() {
        int skippedBefore = 0;
        int skippedAfter = 0;
        const int before = nearest(-1, skippedBefore);
        const int after = nearest(1, skippedAfter);
        at(Surrounding::FarBefore) = std::min(1.0, skippedBefore / kManyBetween);
        at(Surrounding::FarAfter) = std::min(1.0, skippedAfter / kManyBetween);
        const int anchor = before >= 0 ? before : after;
        if (anchor < 0) return;
        const auto block = m_old.statementsIn(m_old.blockOf(anchor));
        int unknown = 0;
        int foreign = 0;
        for (const int s : block) {
            if ((before >= 0 && s <= before) || (after >= 0 && s >= after)) continue;
            (m_map.toNew[static_cast<std::size_t>(s)] < 0 ? unknown : foreign) += 1;
        }
        at(Surrounding::UnknownBetween) = std::min(1.0, unknown / kManyBetween);
        at(Surrounding::ForeignBetween) = std::min(1.0, foreign / kManyBetween);
    }

    void ties() {
        const StatementNames own = namesOf(m_new, m_statement);
        const auto tied = [&](int other) {
            if (other < 0) return false;
            const StatementNames names = namesOf(m_new, other);
            return meet(names.writes, own.reads) || meet(own.writes, names.reads);
        };
        at(Surrounding::TiedBefore) = tied(sibling(-1)) ? 1 : 0;
        at(Surrounding::TiedAfter) = tied(sibling(1)) ? 1 : 0;
        at(Surrounding::IsConstant) = own.reads.empty() && !own.writes.empty() ? 1 : 0;
        at(Surrounding::IsCall) = own.writes.empty() ? 1 : 0;
    }

    void form() {
        const auto& self = m_new.statement(m_statement);
        const auto sameKind = [&](int other) { return other >= 0 && m_new.statement(other).kind == self.kind; };
        at(Surrounding::SameKindBefore) = sameKind(sibling(-1)) ? 1 : 0;
        at(Surrounding::SameKindAfter) = sameKind(sibling(1)) ? 1 : 0;
        at(Surrounding::IsImport) = self.kind == Kind::Import || self.kind == Kind::ImportFrom ? 1 : 0;
        at(Surrounding::IsCompound) = self.blocks.empty() ? 0 : 1;
        const auto file = m_new.fileOfStatement(m_statement);
        const auto local = m_statement - m_new.statementBase(file);
        at(Surrounding::SetOff) =
            hasBlank(gapBefore(m_new.file(file), local)) && hasBlank(gapAfter(m_new.file(file), local)) ? 1 : 0;
    }

    static double share(int part, int whole) { return whole > 0 ? static_cast<double>(part) / whole : 0; }

    const Side& m_new;
    const Side& m_old;
    const Mapping& m_map;
    int m_statement;
    std::vector<int> m_siblings;
    int m_position;
    Surroundings m_out{};
};

}  // namespace

Surroundings surroundingsOf(const Side& newer, const Side& older, const Mapping& mapping, int statement) {
    return Reader(newer, older, mapping, statement).read();
}

}  // namespace hindcast::propagate
