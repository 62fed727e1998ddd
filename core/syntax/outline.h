// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/syntax/syntax_tree.h"

namespace hindcast::syntax {

using StatementId = std::int32_t;                            ///< index into Outline::statements; -1 is none
using BlockId = std::int32_t;                                ///< index into Outline::blocks; 0 is the module
using TokenRange = std::pair<std::uint32_t, std::uint32_t>;  ///< first token and past the last

/// One statement, simple or compound, with everything it contains.
struct Statement {
    Kind kind;  ///< of a decorated definition: Function or Class
    std::uint32_t node;
    BlockId block;          ///< where it stands
    std::int32_t position;  ///< in that block
    std::uint32_t begin;    ///< bytes; nested statements included
    std::uint32_t end;
    TokenRange tokens;  ///< whole
    TokenRange head;    ///< up to the first inner block; whole for a simple statement
    StatementId next;   ///< past the statements nested in it: statements are in preorder
    std::vector<BlockId> blocks;
    std::string name;      ///< of a function or class
    std::uint64_t hash;    ///< of all tokens and the nesting: equal means the same syntax tree
    std::uint64_t shape;   ///< the same with plain names replaced by the order of their first appearance
    std::uint32_t weight;  ///< names and literals in it: how much it tells
};

/// A run of statements of one indentation: the module, or a suite of a compound statement.
struct Block {
    StatementId owner;  ///< -1 for the module
    Kind clause;        ///< Other for a statement's own suite, else ElifClause, ElseClause, ExceptClause …
    TokenRange head;    ///< tokens of the clause's own line(s)
    bool sameLine;      ///< a one-line suite: `if x: y`
    std::vector<StatementId> statements;
};

/// The statements of a source and how they nest, with hashes. Built once; immutable; O(size of the source).
class Outline {
public:
    explicit Outline(const SyntaxTree& tree);

    const std::vector<Statement>& statements() const { return m_statements; }
    const std::vector<Block>& blocks() const { return m_blocks; }
    const Statement& statement(StatementId id) const { return m_statements[static_cast<std::size_t>(id)]; }
    const Block& block(BlockId id) const { return m_blocks[static_cast<std::size_t>(id)]; }

    /// The statement that owns the block `id` stands in, or -1 at module level.
    StatementId parent(StatementId id) const { return block(statement(id).block).owner; }
    /// Innermost function or class around a statement (itself not counted), or -1.
    StatementId enclosingDefinition(StatementId id) const;
    /// Innermost function around a statement (itself not counted), or -1.
    StatementId enclosingFunction(StatementId id) const;
    /// The first statement that starts on the 1-based line (a decorator's line counts), or -1.
    StatementId startingOnLine(const SyntaxTree& tree, int line) const;
    /// The innermost statement whose bytes cover `byte`, or -1.
    StatementId covering(std::size_t byte) const;
    /// "Trainer.fit" for a statement in that method; "" at module level.
    std::string qualifiedName(StatementId id) const;

private:
    void readBlock(const SyntaxTree& tree, std::uint32_t node, BlockId block);
    void readStatement(const SyntaxTree& tree, std::uint32_t node, BlockId block);
    void readSuites(const SyntaxTree& tree, std::uint32_t node, StatementId owner, Kind clause);
    /// `around` is the node that the suite is a child of: the clause, or the statement itself.
    void addSuite(const SyntaxTree& tree, std::uint32_t node, StatementId owner, Kind clause, std::uint32_t around);
    void finish(const SyntaxTree& tree, StatementId id);
    std::uint64_t hashOf(const SyntaxTree& tree, StatementId id, bool names) const;

    std::vector<Statement> m_statements;
    std::vector<Block> m_blocks;
};

/// Whether an identifier token is a plain name: not an attribute's and not a keyword argument's.
bool isPlainName(const SyntaxTree& tree, const Token& token);

}  // namespace hindcast::syntax
