// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/places/paragraphs.h"

#include <algorithm>

namespace hindcast::propagate {
namespace {

std::string_view commentOf(std::string_view line) {
    const auto first = line.find_first_not_of(" \t\f");
    if (first == std::string_view::npos || line[first] != '#') return {};
    return line.substr(first, line.find_last_not_of(" \t\r\n\f") - first + 1);
}

}  // namespace

BlockText textOf(const Side& side, int block) {
    BlockText text;
    const auto file = side.fileOfBlock(block);
    const ParsedFile& parsed = side.file(file);
    const auto local = block - side.blockBase(file);
    const int size = static_cast<int>(parsed.outline.block(local).statements.size());
    std::string_view section;
    int paragraph = 0;
    for (int position = 0; position <= size; ++position) {
        text.gaps.push_back(gapAt(parsed, {local, position}));
        for (const auto line : text.gaps.back().lines) {
            const auto comment = commentOf(line);
            if (!comment.empty()) section = comment;
        }
        text.sections.push_back(section);
        if (position > 0 && hasBlank(text.gaps.back())) ++paragraph;
        text.paragraph.push_back(paragraph);
    }
    text.paragraph.pop_back();
    return text;
}

Paragraphs::Paragraphs(const Side& newer, const Mapping& mapping, int statement) : m_map(mapping) {
    const int block = newer.blockOf(statement);
    const BlockText own = textOf(newer, block);
    const auto siblings = newer.statementsIn(block);
    const auto position = static_cast<std::size_t>(newer.statement(statement).position);
    m_section = own.sections[position];
    for (std::size_t i = 0; i < siblings.size(); ++i) {
        const int there = mapping.toOld[static_cast<std::size_t>(siblings[i])];
        if (i != position && there >= 0 && own.paragraph[i] == own.paragraph[position]) m_mates.push_back(there);
    }
    std::sort(m_mates.begin(), m_mates.end());
}

void Paragraphs::enter(const Side& older, int oldBlock) {
    m_text = textOf(older, oldBlock);
    m_hasSection = !m_section.empty() &&
                   std::find(m_text.sections.begin(), m_text.sections.end(), m_section) != m_text.sections.end();
    const auto statements = older.statementsIn(oldBlock);
    std::vector<int> mates(statements.size() + 1, 0);
    std::vector<int> known(statements.size() + 1, 0);
    for (std::size_t i = 0; i < statements.size(); ++i) {
        const auto paragraph = static_cast<std::size_t>(m_text.paragraph[i]);
        mates[paragraph] += std::binary_search(m_mates.begin(), m_mates.end(), statements[i]) ? 1 : 0;
        known[paragraph] += m_map.toNew[static_cast<std::size_t>(statements[i])] >= 0 ? 1 : 0;
    }
    m_likeness.clear();
    for (std::size_t p = 0; p < mates.size(); ++p) {
        const double size = static_cast<double>(m_mates.size()) + known[p];
        m_likeness.push_back(size > 0 ? 2.0 * mates[p] / size : 0);
    }
}

double Paragraphs::matesAt(int position) const {
    const auto of = [&](int index) {
        if (index < 0 || index >= static_cast<int>(m_text.paragraph.size())) return 0.0;
        return m_likeness[static_cast<std::size_t>(m_text.paragraph[static_cast<std::size_t>(index)])];
    };
    return std::max(of(position - 1), of(position));
}

double Paragraphs::sectionAt(int position) const {
    if (!m_hasSection) return 0;
    const auto at = static_cast<std::size_t>(position);
    const bool under = m_text.sections[at] == m_section || (at > 0 && m_text.sections[at - 1] == m_section);
    return under ? 1 : -1;
}

}  // namespace hindcast::propagate
