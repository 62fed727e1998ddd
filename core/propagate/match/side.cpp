// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/match/side.h"

#include <algorithm>

namespace hindcast::propagate {

Side::Side(std::vector<ParsedFilePtr> files)
    : m_files(std::move(files)), m_statementBase{0}, m_blockBase{0}, m_bindingBase{0} {
    for (const auto& file : m_files) {
        m_statementBase.push_back(m_statementBase.back() + static_cast<int>(file->outline.statements().size()));
        m_blockBase.push_back(m_blockBase.back() + static_cast<int>(file->outline.blocks().size()));
        m_bindingBase.push_back(m_bindingBase.back() + static_cast<int>(file->scopes.bindings().size()));
    }
}

int Side::indexOf(const std::string& path) const {
    for (std::size_t i = 0; i < m_files.size(); ++i) {
        if (m_files[i]->path == path) return static_cast<int>(i);
    }
    return -1;
}

std::size_t Side::owner(const std::vector<int>& base, int id) {
    if (base.size() == 2) return 0;
    return static_cast<std::size_t>(std::upper_bound(base.begin(), base.end(), id) - base.begin() - 1);
}

int Side::ownerOf(int block) const {
    const auto f = fileOfBlock(block);
    const auto local = m_files[f]->outline.block(block - m_blockBase[f]).owner;
    return local < 0 ? -1 : m_statementBase[f] + local;
}

std::vector<int> Side::blocksOf(int statement) const {
    const auto f = fileOfStatement(statement);
    std::vector<int> out;
    for (const auto id : this->statement(statement).blocks) out.push_back(m_blockBase[f] + id);
    return out;
}

std::vector<int> Side::statementsIn(int block) const {
    const auto f = fileOfBlock(block);
    std::vector<int> out;
    for (const auto id : this->block(block).statements) out.push_back(m_statementBase[f] + id);
    return out;
}

}  // namespace hindcast::propagate
