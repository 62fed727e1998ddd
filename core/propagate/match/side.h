// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/propagate/parsed_file.h"

namespace hindcast::propagate {

/// The files of one version that are compared, with statements, blocks and bindings numbered through all of them.
/// The numbers below are these; `local` is the number within the file.
class Side {
public:
    explicit Side(std::vector<ParsedFilePtr> files);

    const std::vector<ParsedFilePtr>& files() const { return m_files; }
    std::size_t fileCount() const { return m_files.size(); }
    const ParsedFile& file(std::size_t index) const { return *m_files[index]; }
    /// Index of the file with the path, or -1.
    int indexOf(const std::string& path) const;

    int statementCount() const { return m_statementBase.back(); }
    int blockCount() const { return m_blockBase.back(); }
    int bindingCount() const { return m_bindingBase.back(); }

    std::size_t fileOfStatement(int statement) const { return owner(m_statementBase, statement); }
    std::size_t fileOfBlock(int block) const { return owner(m_blockBase, block); }
    std::size_t fileOfBinding(int binding) const { return owner(m_bindingBase, binding); }

    int statementBase(std::size_t file) const { return m_statementBase[file]; }
    int blockBase(std::size_t file) const { return m_blockBase[file]; }
    int bindingBase(std::size_t file) const { return m_bindingBase[file]; }

    const syntax::Statement& statement(int id) const {
        const auto f = fileOfStatement(id);
        return m_files[f]->outline.statement(id - m_statementBase[f]);
    }
    const syntax::Block& block(int id) const {
        const auto f = fileOfBlock(id);
        return m_files[f]->outline.block(id - m_blockBase[f]);
    }
    const syntax::Binding& binding(int id) const {
        const auto f = fileOfBinding(id);
        return m_files[f]->scopes.binding(id - m_bindingBase[f]);
    }
    const syntax::SyntaxTree& treeOfStatement(int id) const { return *m_files[fileOfStatement(id)]->tree; }

    int blockOf(int statement) const {
        return m_blockBase[fileOfStatement(statement)] + this->statement(statement).block;
    }
    int ownerOf(int block) const;  ///< statement that owns a block, or -1
    int parentOf(int statement) const { return ownerOf(blockOf(statement)); }
    int endOf(int statement) const {
        return m_statementBase[fileOfStatement(statement)] + this->statement(statement).next;
    }
    std::vector<int> blocksOf(int statement) const;
    std::vector<int> statementsIn(int block) const;

private:
    static std::size_t owner(const std::vector<int>& base, int id);

    std::vector<ParsedFilePtr> m_files;
    std::vector<int> m_statementBase;
    std::vector<int> m_blockBase;
    std::vector<int> m_bindingBase;
};

}  // namespace hindcast::propagate
