// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/splice/splice.h"

#include <algorithm>

#include "core/propagate/splice/gap.h"
#include "core/propagate/splice/splice_check.h"

namespace hindcast::propagate {
namespace {

using syntax::Block;
using syntax::Statement;
using syntax::StatementId;
using syntax::SyntaxTree;
using syntax::TokenKind;

bool isBlank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n\f") == std::string_view::npos;
}

bool isAscii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// The blanks before a statement that begins its line; what is before it otherwise counts by the line's own blanks.
std::string indentOf(const SyntaxTree& tree, std::size_t byte) {
    const auto begin = tree.lineBegin(tree.lineOf(byte));
    auto line = tree.range(begin, byte);
    if (line.substr(0, 3) == "\xEF\xBB\xBF") line.remove_prefix(3);
    return std::string(line.substr(0, std::min(line.find_first_not_of(" \t\f"), line.size())));
}

std::string lineEndAt(const SyntaxTree& tree, std::size_t byte) {
    const std::string& text = tree.text();
    auto at = text.find_first_of("\r\n", byte);
    if (at == std::string::npos) at = text.find_first_of("\r\n");
    if (at == std::string::npos) return "\n";
    if (text[at] == '\n') return "\n";
    return at + 1 < text.size() && text[at + 1] == '\n' ? "\r\n" : "\r";
}

/// A comment that follows the statement on its last line travels with it; `;` and other statements do not.
std::size_t endWithComment(const SyntaxTree& tree, const Statement& statement) {
    const auto token = tree.tokenAt(statement.end);
    const auto line = tree.lineOf(statement.end - 1);
    if (token < tree.tokens().size() && tree.lineOf(tree.token(token).begin) == line) return statement.end;
    const auto rest = tree.range(statement.end, tree.lineBegin(line + 1));
    const auto ink = rest.find_last_not_of(" \t\r\n\f");
    return ink == std::string_view::npos ? statement.end : statement.end + ink + 1;
}

/// Whether a byte lies within a string, where line beginnings are content.
bool insideString(const SyntaxTree& tree, std::size_t byte) {
    auto token = tree.tokenAt(byte);
    while (token-- > 0) {
        const auto& candidate = tree.token(token);
        if (candidate.end > byte && candidate.begin < byte && candidate.kind == TokenKind::Literal) return true;
        if (candidate.end <= byte) return false;
    }
    return false;
}

struct Line {
    std::string text;
    bool raw;  ///< begins inside a string: not to be indented
};

/// The statement's lines, without line ends; the first starts at the statement itself.
std::vector<Line> statementLines(const ParsedFile& from, StatementId id, const std::vector<Replacement>& replacements) {
    const Statement& statement = from.outline.statement(id);
    const SyntaxTree& tree = *from.tree;
    const auto end = endWithComment(tree, statement);
    std::vector<Replacement> sorted = replacements;
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.begin < b.begin; });
    std::vector<Line> lines{{"", false}};
    auto next = sorted.begin();
    for (std::size_t byte = statement.begin; byte < end;) {
        if (next != sorted.end() && next->begin == byte) {
            lines.back().text += next->text;
            byte = next->end;
            ++next;
            continue;
        }
        const char c = tree.text()[byte++];
        if (c == '\r' && byte < end && tree.text()[byte] == '\n') continue;
        if (c == '\n' || c == '\r') {
            lines.push_back({"", insideString(tree, byte)});
        } else {
            lines.back().text += c;
        }
    }
    return lines;
}

/// One more level of indentation as the file writes it.
std::string indentUnit(const ParsedFile& file) {
    for (const Block& block : file.outline.blocks()) {
        if (block.owner < 0 || block.sameLine || block.statements.empty()) continue;
        const auto outer = indentOf(*file.tree, file.outline.statement(block.owner).begin);
        const auto inner = indentOf(*file.tree, file.outline.statement(block.statements.front()).begin);
        if (inner.size() > outer.size() && inner.compare(0, outer.size(), outer) == 0)
            return inner.substr(outer.size());
    }
    return "    ";
}

/// Later lines keep what they have beyond the statement's own indentation, levels written as the target writes them.
std::string joinLines(const std::vector<Line>& lines, const std::string& oldIndent, const std::string& newIndent,
                      const std::string& oldUnit, const std::string& newUnit, const std::string& lineEnd) {
    std::string out = lines.front().text;
    for (std::size_t i = 1; i < lines.size(); ++i) {
        out += lineEnd;
        std::string_view text = lines[i].text;
        if (lines[i].raw || isBlank(text)) {
            out += text;
            continue;
        }
        if (text.substr(0, oldIndent.size()) != oldIndent) {
            out += text;
            continue;
        }
        text.remove_prefix(oldIndent.size());
        out += newIndent;
        while (oldUnit != newUnit && text.substr(0, oldUnit.size()) == oldUnit) {
            out += newUnit;
            text.remove_prefix(oldUnit.size());
        }
        out += text;
    }
    return out;
}

base::Error conflict(std::string text) {
    return base::Error(base::ErrorCode::Conflict, std::move(text));
}

/// What is to be inserted at which byte.
struct Edit {
    std::size_t byte;
    std::string before;
    std::string body;
    std::string after;
};

class Splicer {
public:
    Splicer(const ParsedFile& from, StatementId statement, const std::vector<Replacement>& replacements,
            const ParsedFile& to, Slot slot)
        : m_from(from),
          m_statement(from.outline.statement(statement)),
          m_id(statement),
          m_to(to),
          m_slot(slot),
          m_block(to.outline.block(slot.block)),
          m_lines(statementLines(from, statement, replacements)) {}

    base::Result<Edit> edit() const {
        if (!sameEncoding()) return conflict("the statement has characters that the old file's encoding may not have");
        const auto* previous = neighbour(m_slot.position - 1);
        const auto* following = neighbour(m_slot.position);
        const bool joined = previous != nullptr && following != nullptr &&
                            m_to.tree->lineOf(previous->end - 1) == m_to.tree->lineOf(following->begin);
        if (m_block.sameLine || joined || continuesLine(previous)) return inlineEdit(previous, following);
        return lineEdit();
    }

    int line() const {
        const auto* previous = neighbour(m_slot.position - 1);
        if (m_block.sameLine && previous != nullptr) return m_to.tree->lineOf(previous->end - 1);
        const Gap gap = gapAt(m_to, m_slot);
        if (m_slot.line > 0)
            return std::clamp(m_slot.line, gap.firstLine, gap.firstLine + static_cast<int>(gap.lines.size()));
        return gap.firstLine + splitGap(gap, gapBefore(m_from, m_id), gapAfter(m_from, m_id), blockIndent());
    }

private:
    const Statement* neighbour(int position) const {
        if (position < 0 || position >= static_cast<int>(m_block.statements.size())) return nullptr;
        return &m_to.outline.statement(m_block.statements[static_cast<std::size_t>(position)]);
    }

    bool sameEncoding() const {
        if (m_from.tree->isUtf8() && m_to.tree->isUtf8()) return true;
        return std::all_of(m_lines.begin(), m_lines.end(), [](const Line& line) { return isAscii(line.text); });
    }

    /// `a; S` where the statement comes from and `a` stands before the slot at the end of its line: joined there too.
    bool continuesLine(const Statement* previous) const {
        const Block& home = m_from.outline.block(m_statement.block);
        if (previous == nullptr || m_statement.position == 0 || home.sameLine) return false;
        const auto& before =
            m_from.outline.statement(home.statements[static_cast<std::size_t>(m_statement.position) - 1]);
        if (m_from.tree->lineOf(before.end - 1) != m_from.tree->lineOf(m_statement.begin)) return false;
        return before.hash == previous->hash && previous->blocks.empty();
    }

    std::string blockIndent() const { return propagate::blockIndent(m_to, m_slot.block); }

    base::Result<Edit> inlineEdit(const Statement* previous, const Statement* following) const {
        if (!m_statement.blocks.empty() || m_lines.size() > 1) {
            return conflict("the place is inside a line with several statements, where this statement does not fit");
        }
        std::string text = m_lines.front().text.substr(0, m_lines.front().text.size());
        if (endWithComment(*m_from.tree, m_statement) > m_statement.end) {
            const auto comment = endWithComment(*m_from.tree, m_statement) - m_statement.end;
            text.resize(text.size() - comment);
        }
        while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.pop_back();
        if (previous != nullptr) return Edit{previous->end, "; ", text, ""};
        return Edit{following->begin, "", text, "; "};
    }

    base::Result<Edit> lineEdit() const {
        const SyntaxTree& tree = *m_to.tree;
        const int line = this->line();
        std::size_t byte = tree.lineBegin(line);
        if (line == 1 && tree.text().compare(0, 3, "\xEF\xBB\xBF") == 0) byte = 3;
        const std::string lineEnd = lineEndAt(tree, byte > 0 ? tree.lineBegin(line - 1) : 0);
        const std::string indent = blockIndent();
        const std::string body = joinLines(m_lines, indentOf(*m_from.tree, m_statement.begin), indent,
                                           indentUnit(m_from), indentUnit(m_to), lineEnd);
        const bool unfinished =
            byte == tree.text().size() && byte > 0 && tree.text().back() != '\n' && tree.text().back() != '\r';
        const auto [above, below] = blanksAround(line, lineEnd);
        if (unfinished) return Edit{byte, lineEnd + above + indent, body, ""};
        return Edit{byte, above + indent, body, lineEnd + below};
    }

    /// A definition keeps the blank lines that set it off where it comes from; other statements bring none.
    std::pair<std::string, std::string> blanksAround(int line, const std::string& lineEnd) const {
        if (m_statement.kind != syntax::Kind::Function && m_statement.kind != syntax::Kind::Class) return {};
        const Gap gap = gapAt(m_to, m_slot);
        const int split = line - gap.firstLine;
        const auto blanks = [](const Gap& from, std::size_t begin, std::size_t end) {
            int count = 0;
            for (auto i = begin; i < end && i < from.lines.size(); ++i) count += isBlank(from.lines[i]) ? 1 : 0;
            return count;
        };
        const Gap before = gapBefore(m_from, m_id);
        const Gap after = gapAfter(m_from, m_id);
        const auto at = static_cast<std::size_t>(std::max(0, split));
        const int missingAbove = blanks(before, 0, before.lines.size()) - blanks(gap, 0, at);
        const int missingBelow = blanks(after, 0, after.lines.size()) - blanks(gap, at, gap.lines.size());
        const bool first = m_slot.position == 0;
        const bool last = neighbour(m_slot.position) == nullptr;
        const auto lines = [&](int count) {
            std::string out;
            for (int i = 0; i < count; ++i) out += lineEnd;
            return out;
        };
        return {first ? std::string() : lines(missingAbove), last ? std::string() : lines(missingBelow)};
    }

    const ParsedFile& m_from;
    const Statement& m_statement;
    StatementId m_id;
    const ParsedFile& m_to;
    Slot m_slot;
    const Block& m_block;
    std::vector<Line> m_lines;
};

}  // namespace

std::string blockIndent(const ParsedFile& file, syntax::BlockId block) {
    const auto& statements = file.outline.block(block).statements;
    return statements.empty() ? std::string() : indentOf(*file.tree, file.outline.statement(statements.front()).begin);
}

std::string statementText(const ParsedFile& from, StatementId statement, const std::vector<Replacement>& replacements) {
    std::string out;
    for (const Line& line : statementLines(from, statement, replacements)) out += (out.empty() ? "" : "\n") + line.text;
    return out;
}

base::Result<SplicedText> splice(const ParsedFile& from, StatementId statement,
                                 const std::vector<Replacement>& replacements, const ParsedFile& to, Slot slot) {
    HINDCAST_ASSIGN(const Edit edit, Splicer(from, statement, replacements, to, slot).edit());
    Insertion insertion{edit.byte, edit.before + edit.body + edit.after, edit.before.size(),
                        edit.before.size() + edit.body.size()};
    HINDCAST_ASSIGN(const LineRange lines, checkSplice(to, insertion, slot));
    std::string text = to.text();
    text.insert(edit.byte, insertion.text);
    return SplicedText{std::move(text), lines, edit.body};
}

int lineOfSlot(const ParsedFile& from, StatementId statement, const ParsedFile& to, Slot slot) {
    return Splicer(from, statement, {}, to, slot).line();
}

}  // namespace hindcast::propagate
