// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/places/loop_levels.h"

#include "core/syntax/log_calls.h"

namespace hindcast::propagate {
namespace {

using syntax::Kind;

constexpr int kMaxCalls = 4;  ///< how far calls are followed outward

std::string nameOfLoop(const Side& side, int statement) {
    const auto file = side.fileOfStatement(statement);
    const ParsedFile& parsed = side.file(file);
    return syntax::loopName(*parsed.tree, parsed.scopes, parsed.outline, statement - side.statementBase(file));
}

bool isLoop(const Side& side, int statement, int block) {
    const Kind kind = side.statement(statement).kind;
    if (side.block(block).clause == Kind::ElseClause) return false;
    return kind == Kind::For || kind == Kind::While || (kind == Kind::With && !nameOfLoop(side, statement).empty());
}

}  // namespace

LoopLevels::LoopLevels(const Side& newer, const Side& older, const Mapping& mapping)
    : m_new(newer), m_old(older), m_map(mapping) {}

LoopLevels::Chain LoopLevels::within(const Side& side, int block) const {
    Chain chain;
    for (int at = block; side.ownerOf(at) >= 0;) {
        const int owner = side.ownerOf(at);
        if (side.statement(owner).kind == Kind::Function) {
            chain.function = owner;
            return chain;
        }
        if (isLoop(side, owner, at)) chain.loops.push_back(owner);
        at = side.blockOf(owner);
    }
    return chain;
}

/// The statement that calls the function, where there is exactly one; -1 else.
int LoopLevels::callSite(const Side& side, int function) {
    const std::string& name = side.statement(function).name;
    int site = -1;
    for (std::size_t f = 0; f < side.fileCount(); ++f) {
        const ParsedFile& file = side.file(f);
        for (std::uint32_t node = 0; node < file.tree->nodes().size(); ++node) {
            if (file.tree->node(node).kind != Kind::Call) continue;
            const auto callee = file.tree->child(node, syntax::Field::Function);
            if (callee < 0) continue;
            const auto text = file.tree->nodeText(static_cast<std::size_t>(callee));
            const bool named =
                text == name || (text.size() > name.size() && text.substr(text.size() - name.size()) == name &&
                                 text[text.size() - name.size() - 1] == '.');
            if (!named) continue;
            const int statement = side.statementBase(f) + file.outline.covering(file.tree->node(node).begin);
            if (site >= 0 && statement != site) return -1;
            site = statement;
        }
    }
    return site;
}

LoopLevels::Chain LoopLevels::through(const Side& side, int block) const {
    Chain chain = within(side, block);
    for (int calls = 0; chain.function >= 0 && calls < kMaxCalls; ++calls) {
        const int site = callSite(side, chain.function);
        if (site < 0 || (site > chain.function && site < side.endOf(chain.function))) break;
        const Chain outer = within(side, side.blockOf(site));
        chain.loops.insert(chain.loops.end(), outer.loops.begin(), outer.loops.end());
        chain.function = outer.function;
    }
    return chain;
}

bool LoopLevels::sameLoop(int newLoop, int oldLoop) const {
    const int there = m_map.toOld[static_cast<std::size_t>(newLoop)];
    if (there == oldLoop) return true;
    const std::string newName = nameOfLoop(m_new, newLoop);
    const std::string oldName = nameOfLoop(m_old, oldLoop);
    if (!newName.empty() && !oldName.empty()) return newName == oldName;
    return there < 0 && m_map.toNew[static_cast<std::size_t>(oldLoop)] < 0;
}

bool LoopLevels::agree(int statement, int oldBlock) const {
    Chain a = within(m_new, m_new.blockOf(statement));
    Chain b = within(m_old, oldBlock);
    const bool sameFunction =
        a.function >= 0 && b.function >= 0 && m_map.toOld[static_cast<std::size_t>(a.function)] == b.function;
    const bool bothModule = a.function < 0 && b.function < 0;
    if (!sameFunction && !bothModule) {
        a = through(m_new, m_new.blockOf(statement));
        b = through(m_old, oldBlock);
    }
    if (a.loops.size() != b.loops.size()) return false;
    for (std::size_t i = 0; i < a.loops.size(); ++i) {
        if (!sameLoop(a.loops[i], b.loops[i])) return false;
    }
    return true;
}

}  // namespace hindcast::propagate
