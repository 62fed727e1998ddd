// SPDX-License-Identifier: Apache-2.0
#include "core/syntax/outline.h"

#include <algorithm>
#include <unordered_map>

namespace hindcast::syntax {
namespace {

constexpr std::uint64_t kPrime = 0x9E3779B185EBCA87ULL;

std::uint64_t mix(std::uint64_t seed, std::uint64_t value) {
    seed ^= value + kPrime + (seed << 6) + (seed >> 2);
    seed *= 0xC2B2AE3D27D4EB4FULL;
    return seed ^ (seed >> 29);
}

bool isClause(Kind kind) {
    return kind == Kind::ElifClause || kind == Kind::ElseClause || kind == Kind::ExceptClause ||
           kind == Kind::FinallyClause || kind == Kind::CaseClause;
}

Kind statementKind(const SyntaxTree& tree, std::uint32_t node) {
    const Kind kind = tree.node(node).kind;
    if (kind == Kind::Decorated) {
        const auto definition = tree.child(node, Field::Definition);
        return definition < 0 ? Kind::Function : tree.node(static_cast<std::size_t>(definition)).kind;
    }
    if (kind != Kind::ExpressionStatement || node + 1 >= tree.node(node).next) return kind;
    const Kind inner = tree.node(node + 1).kind;
    const bool sole = tree.node(node + 1).next == tree.node(node).next;
    return sole && (inner == Kind::Assignment || inner == Kind::AugmentedAssignment) ? inner : kind;
}

std::uint32_t definitionNode(const SyntaxTree& tree, std::uint32_t node) {
    if (tree.node(node).kind != Kind::Decorated) return node;
    const auto definition = tree.child(node, Field::Definition);
    return definition < 0 ? node : static_cast<std::uint32_t>(definition);
}

}  // namespace

bool isPlainName(const SyntaxTree& tree, const Token& token) {
    if (token.kind != TokenKind::Identifier) return false;
    const Node& node = tree.node(token.node);
    if (node.field == Field::AttributeName) return false;
    if (node.field != Field::Name || node.parent < 0) return true;
    return tree.node(static_cast<std::size_t>(node.parent)).kind != Kind::KeywordArgument;
}

Outline::Outline(const SyntaxTree& tree) {
    Block module{};
    module.owner = -1;
    module.clause = Kind::Other;
    m_blocks.push_back(module);
    readBlock(tree, 0, 0);
    for (auto id = static_cast<StatementId>(m_statements.size()) - 1; id >= 0; --id) finish(tree, id);
}

void Outline::readBlock(const SyntaxTree& tree, std::uint32_t node, BlockId block) {
    const auto& nodes = tree.nodes();
    for (std::uint32_t child = node + 1; child < nodes[node].next; child = nodes[child].next) {
        const Node& inner = nodes[child];
        if (inner.named && inner.kind != Kind::Comment && inner.end > inner.begin && tree.text()[inner.begin] != '\\') {
            readStatement(tree, child, block);
        }
    }
}

void Outline::readStatement(const SyntaxTree& tree, std::uint32_t node, BlockId block) {
    const auto id = static_cast<StatementId>(m_statements.size());
    Statement statement{};
    statement.kind = statementKind(tree, node);
    statement.node = node;
    statement.block = block;
    statement.position = static_cast<std::int32_t>(m_blocks[static_cast<std::size_t>(block)].statements.size());
    statement.begin = tree.node(node).begin;
    statement.end = tree.node(node).end;
    statement.tokens = {static_cast<std::uint32_t>(tree.tokenAt(statement.begin)),
                        static_cast<std::uint32_t>(tree.tokenAt(statement.end))};
    const std::uint32_t definition = definitionNode(tree, node);
    if (statement.kind == Kind::Function || statement.kind == Kind::Class) {
        const auto name = tree.child(definition, Field::Name);
        if (name >= 0) statement.name = std::string(tree.nodeText(static_cast<std::size_t>(name)));
    }
    m_statements.push_back(std::move(statement));
    m_blocks[static_cast<std::size_t>(block)].statements.push_back(id);
    readSuites(tree, definition, id, Kind::Other);
    Statement& stored = m_statements[static_cast<std::size_t>(id)];
    stored.next = static_cast<StatementId>(m_statements.size());
    if (stored.tokens.second > stored.tokens.first) stored.end = tree.token(stored.tokens.second - 1).end;
    stored.head = stored.tokens;
    if (stored.blocks.empty()) return;
    const Block& first = m_blocks[static_cast<std::size_t>(stored.blocks.front())];
    // The first suite of a `match` is a case, with a head of its own.
    stored.head.second = first.clause == Kind::Other ? first.head.second : first.head.first;
}

void Outline::readSuites(const SyntaxTree& tree, std::uint32_t node, StatementId owner, Kind clause) {
    const auto& nodes = tree.nodes();
    const bool isMatch = nodes[node].kind == Kind::Match;
    for (std::uint32_t child = node + 1; child < nodes[node].next; child = nodes[child].next) {
        const Kind kind = nodes[child].kind;
        if (kind == Kind::Block && isMatch) {
            readSuites(tree, child, owner, clause);
        } else if (kind == Kind::Block) {
            addSuite(tree, child, owner, clause, node);
        } else if (isClause(kind)) {
            readSuites(tree, child, owner, kind);
        }
    }
}

void Outline::addSuite(const SyntaxTree& tree, std::uint32_t node, StatementId owner, Kind clause,
                       std::uint32_t around) {
    const auto id = static_cast<BlockId>(m_blocks.size());
    const Statement& statement = m_statements[static_cast<std::size_t>(owner)];
    const auto headBegin = clause == Kind::Other ? statement.tokens.first
                                                 : static_cast<std::uint32_t>(tree.tokenAt(tree.node(around).begin));
    const auto headEnd = static_cast<std::uint32_t>(tree.tokenAt(tree.node(node).begin));
    Block block{};
    block.owner = owner;
    block.clause = clause;
    block.head = {headBegin, headEnd};
    block.sameLine = headEnd > headBegin && headEnd < tree.tokens().size() &&
                     tree.lineOf(tree.token(headEnd - 1).begin) == tree.lineOf(tree.token(headEnd).begin);
    m_blocks.push_back(block);
    m_statements[static_cast<std::size_t>(owner)].blocks.push_back(id);
    readBlock(tree, node, id);
}

void Outline::finish(const SyntaxTree& tree, StatementId id) {
    Statement& statement = m_statements[static_cast<std::size_t>(id)];
    statement.hash = hashOf(tree, id, true);
    statement.shape = hashOf(tree, id, false);
    statement.weight = 0;
    for (auto t = statement.tokens.first; t < statement.tokens.second; ++t) {
        const TokenKind kind = tree.token(t).kind;
        statement.weight += kind == TokenKind::Identifier || kind == TokenKind::Literal ? 1 : 0;
    }
}

/// Tokens in order, with a mark where the nesting changes. Shapes are hashed over the whole statement, since the
/// numbering of names is its own.
std::uint64_t Outline::hashOf(const SyntaxTree& tree, StatementId id, bool names) const {
    const Statement& statement = m_statements[static_cast<std::size_t>(id)];
    std::uint64_t hash = mix(kPrime, static_cast<std::uint64_t>(statement.kind));
    std::unordered_map<std::uint64_t, std::uint64_t> order;
    const auto addTokens = [&](TokenRange range) {
        for (auto t = range.first; t < range.second; ++t) {
            const Token& token = tree.token(t);
            if (names || !isPlainName(tree, token)) {
                hash = mix(hash, token.hash);
            } else {
                hash = mix(hash, order.emplace(token.hash, order.size()).first->second + 1);
            }
        }
    };
    addTokens(statement.head);
    // Nested statements are in preorder: one pass, with the block's number of statements as the mark of nesting.
    const auto mark = [&](StatementId inner) {
        for (const BlockId block : this->statement(inner).blocks)
            hash = mix(hash, kPrime * (this->block(block).statements.size() + 1));
    };
    mark(id);
    for (StatementId inner = id + 1; inner < statement.next; ++inner) {
        const Statement& nested = this->statement(inner);
        const Block& around = this->block(nested.block);
        if (nested.position == 0 && around.clause != Kind::Other) addTokens(around.head);
        addTokens(nested.head);
        mark(inner);
    }
    return hash;
}

StatementId Outline::enclosingDefinition(StatementId id) const {
    for (auto up = parent(id); up >= 0; up = parent(up)) {
        if (statement(up).kind == Kind::Function || statement(up).kind == Kind::Class) return up;
    }
    return -1;
}

StatementId Outline::enclosingFunction(StatementId id) const {
    for (auto up = parent(id); up >= 0; up = parent(up)) {
        if (statement(up).kind == Kind::Function) return up;
    }
    return -1;
}

StatementId Outline::startingOnLine(const SyntaxTree& tree, int line) const {
    const auto begin = tree.lineBegin(line);
    const auto end = tree.lineBegin(line + 1);
    for (std::size_t i = 0; i < m_statements.size(); ++i) {
        if (m_statements[i].begin >= begin && m_statements[i].begin < end) return static_cast<StatementId>(i);
    }
    return -1;
}

StatementId Outline::covering(std::size_t byte) const {
    // Preorder is the order of the first bytes, so the last statement that begins at or before the byte is in it or in
    // one around it.
    const auto after = std::upper_bound(m_statements.begin(), m_statements.end(), byte,
                                        [](std::size_t at, const Statement& s) { return at < s.begin; });
    auto id = static_cast<StatementId>(after - m_statements.begin()) - 1;
    while (id >= 0 && byte >= statement(id).end) id = parent(id);
    return id;
}

std::string Outline::qualifiedName(StatementId id) const {
    std::string name;
    for (auto up = enclosingDefinition(id); up >= 0; up = enclosingDefinition(up)) {
        name = name.empty() ? statement(up).name : statement(up).name + "." + name;
    }
    return name;
}

}  // namespace hindcast::syntax
