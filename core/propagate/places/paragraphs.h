// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "core/propagate/match/matcher.h"
#include "core/propagate/match/side.h"
#include "core/propagate/splice/gap.h"

namespace hindcast::propagate {

/// The text of a block between its statements: runs that no blank line divides (paragraphs), and the comment lines that
/// head them (sections). Views into the side's sources.
struct BlockText {
    std::vector<Gap> gaps;                   ///< before each statement, and after the last
    std::vector<int> paragraph;              ///< of each statement
    std::vector<std::string_view> sections;  ///< for each gap, the last comment line up to it; "" for none
};

[[nodiscard]] BlockText textOf(const Side& side, int block);

/// How the paragraph and the section around a statement agree with those around a place.
class Paragraphs {
public:
    Paragraphs(const Side& newer, const Mapping& mapping, int statement);

    /// Sets the old block that the look-ups below are for.
    void enter(const Side& older, int oldBlock);

    const Gap& gap(int position) const { return m_text.gaps[static_cast<std::size_t>(position)]; }
    /// 0 … 1: how far those beside the place in its paragraph are the counterparts of those in the statement's.
    double matesAt(int position) const;
    /// 1 under the statement's own section comment, -1 where that heads other lines of the block, 0 where it has none.
    double sectionAt(int position) const;

private:
    const Mapping& m_map;
    std::vector<int> m_mates;  ///< counterparts of the statements of its paragraph, sorted
    std::string_view m_section;
    BlockText m_text;
    std::vector<double> m_likeness;  ///< of each paragraph of the block
    bool m_hasSection = false;
};

}  // namespace hindcast::propagate
