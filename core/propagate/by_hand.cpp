// SPDX-License-Identifier: Apache-2.0
// What the user writes or places: statements put by hand and expressions made into log calls.
#include <algorithm>
#include <array>
#include <optional>

#include "core/propagate/propagate.h"
#include "core/propagate/splice/gap.h"
#include "core/propagate/splice/splice.h"
#include "core/syntax/log_calls.h"

namespace hindcast::propagate {
namespace {

using syntax::Kind;
using syntax::Statement;
using syntax::StatementId;

base::Error invalid(std::string text) {
    return base::Error(base::ErrorCode::InvalidArgument, std::move(text));
}

/// Whether a slot lies between statements that `;` joins on one line: no line of its own can be there.
bool isWithinLine(const ParsedFile& file, const Slot& slot) {
    const auto& statements = file.outline.block(slot.block).statements;
    const auto at = static_cast<std::size_t>(slot.position);
    if (at == 0 || at >= statements.size()) return false;
    const auto end = file.outline.statement(statements[at - 1]).end;
    return file.tree->lineOf(end - 1) == file.tree->lineOf(file.outline.statement(statements[at]).begin);
}

/// Slots whose lines without code reach the line: between the code before it and the code after it, in every block that
/// is open there.
std::vector<Slot> slotsOnLine(const ParsedFile& file, int line) {
    std::vector<Slot> slots;
    for (std::size_t b = 0; b < file.outline.blocks().size(); ++b) {
        const auto id = static_cast<syntax::BlockId>(b);
        const auto& block = file.outline.block(id);
        if (block.sameLine) continue;
        for (int position = 0; position <= static_cast<int>(block.statements.size()); ++position) {
            if (isWithinLine(file, {id, position})) continue;
            const Gap gap = gapAt(file, {id, position});
            if (line >= gap.firstLine && line <= gap.firstLine + static_cast<int>(gap.lines.size()))
                slots.push_back({id, position, line});
        }
    }
    return slots;
}

std::string leadingBlanks(std::string_view text) {
    return std::string(text.substr(0, std::min(text.find_first_not_of(" \t"), text.size())));
}

std::optional<Slot> slotOnLine(const ParsedFile& file, int line, std::string_view statement,
                               const std::optional<std::string>& known = std::nullopt) {
    const auto slots = slotsOnLine(file, line);
    if (slots.empty()) return std::nullopt;
    const std::string indent = known.value_or(leadingBlanks(statement));
    const auto fits = std::find_if(slots.begin(), slots.end(),
                                   [&](const Slot& slot) { return blockIndent(file, slot.block) == indent; });
    if ((known || !indent.empty()) && fits != slots.end()) return *fits;
    // The block of the code directly above, else the one of the code below.
    for (const Slot& slot : slots) {
        const Gap gap = gapAt(file, {slot.block, slot.position});
        if (slot.position > 0 && line == gap.firstLine) return slot;
    }
    for (const Slot& slot : slots) {
        if (slot.position < static_cast<int>(file.outline.block(slot.block).statements.size())) return slot;
    }
    return slots.front();
}

/// Takes the first line's indentation off every line, so that the text parses by itself.
std::string dedented(std::string_view text) {
    const std::string indent = leadingBlanks(text);
    std::string out;
    while (!text.empty()) {
        auto end = text.find('\n');
        end = end == std::string_view::npos ? text.size() : end + 1;
        auto line = text.substr(0, end);
        if (line.substr(0, indent.size()) == indent) line.remove_prefix(indent.size());
        out += line;
        text.remove_prefix(end);
    }
    return out;
}

std::string pythonString(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (c == '\n')
            out += "\\n";
        else
            out += c;
    }
    return out + "\"";
}

/// The grammar takes reserved words for names here and there.
bool isReserved(std::string_view word) {
    static constexpr std::array<std::string_view, 35> kWords = {
        "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
        "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
        "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
        "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield"};
    return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

bool isExpression(const std::string& text) {
    const auto parsed = parseFile("expression", "(" + text + "\n)");
    if (!parsed || (*parsed)->outline.statements().size() != 1) return false;
    const auto& tree = *(*parsed)->tree;
    for (std::size_t t = 0; t < tree.tokens().size(); ++t) {
        if (tree.token(t).kind == syntax::TokenKind::Identifier && isReserved(tree.tokenText(t))) return false;
    }
    const auto& statement = (*parsed)->outline.statement(0);
    const std::uint32_t inner = statement.node + 1;
    return statement.kind == Kind::ExpressionStatement && inner < tree.nodes().size() &&
           tree.node(inner).kind == Kind::Parenthesized && tree.node(inner).end == statement.end &&
           text.find_first_not_of(" \t\r\n") != std::string::npos;
}

/// The innermost statement whose own lines (a compound one's head) hold the line, or -1.
StatementId onLine(const ParsedFile& file, int line) {
    StatementId found = -1;
    for (std::size_t i = 0; i < file.outline.statements().size(); ++i) {
        const Statement& statement = file.outline.statements()[i];
        const auto end = file.tree->token(statement.head.second - 1).end;
        if (file.tree->lineOf(statement.begin) <= line && line <= file.tree->lineOf(end - 1))
            found = static_cast<StatementId>(i);
    }
    return found;
}

/// The slot beside a line, before or after all that stands on it: `a; b` and `if a: b` have no line of their own
/// between them.
std::optional<Slot> slotBeside(const ParsedFile& file, int line, bool after) {
    StatementId id = onLine(file, line);
    if (id < 0) return slotOnLine(file, line, "");
    const bool onHead = file.outline.block(file.outline.statement(id).block).sameLine;
    while (file.outline.block(file.outline.statement(id).block).sameLine)
        id = file.outline.block(file.outline.statement(id).block).owner;
    const Statement& statement = file.outline.statement(id);
    if (!after) {
        Slot slot{statement.block, statement.position};
        while (isWithinLine(file, slot)) --slot.position;
        return slot;
    }
    if (onHead) return Slot{statement.block, statement.position + 1};
    if (!statement.blocks.empty()) return Slot{statement.blocks.front(), 0};
    return Slot{statement.block, statement.position + 1};
}

}  // namespace

base::Result<Placement> placeAt(const Project& old, std::string_view file, int line, std::string_view statement,
                                const std::optional<std::string>& indent) {
    HINDCAST_ASSIGN(ParsedFilePtr target, ProjectAccess::parsed(old, file));
    const auto source = parseFile("statement", dedented(statement));
    if (!source) return invalid("the statement does not parse: " + source.error().text());
    if ((*source)->outline.block(0).statements.empty()) return invalid("there is no statement to place");
    const auto slot = slotOnLine(*target, line, statement, indent);
    if (!slot) return invalid("line " + std::to_string(line) + " is inside a statement");
    Placement placement;
    placement.kind = Placement::Kind::Placed;
    placement.confidence = 1;
    placement.reason = "placed by hand";
    SplicedFile spliced;
    spliced.file = std::string(file);
    Slot at = *slot;
    const auto& statements = (*source)->outline.block(0).statements;
    for (const auto id : statements) {
        auto one = splice(**source, id, {}, *target, at);
        if (!one) return invalid(one.error().text());
        spliced.text = one->text;
        spliced.inserted.push_back(one->lines);
        if (id == statements.back()) break;
        HINDCAST_ASSIGN(target, parseFile(target->path, one->text));
        at = {at.block, at.position + 1, one->lines.last + 1};
    }
    placement.spliced.push_back(std::move(spliced));
    return placement;
}

base::Result<WrittenProbe> writeExpression(const Project& newest, const ExpressionProbe& probe) {
    HINDCAST_ASSIGN(const ParsedFilePtr file, ProjectAccess::parsed(newest, probe.file));
    if (!isExpression(probe.expression)) return invalid("'" + probe.expression + "' is not a Python expression");
    if (probe.name.empty()) return invalid("the logged value needs a name");
    const auto slot = slotBeside(*file, probe.line, probe.after);
    if (!slot) return invalid("line " + std::to_string(probe.line) + " is inside a statement");
    const auto& block = file->outline.block(slot->block);
    const auto at = static_cast<std::size_t>(slot->position);
    const std::size_t byte = at < block.statements.size() ? file->outline.statement(block.statements[at]).begin
                             : block.statements.empty()   ? 0
                                                          : file->outline.statement(block.statements.back()).end;
    const std::string callee = syntax::logCallee(*file->tree, file->scopes, byte);
    const auto statement =
        parseFile("statement", callee + "(" + pythonString(probe.name) + ", " + probe.expression + ")");
    if (!statement) return invalid("'" + probe.expression + "' is not a Python expression");
    auto spliced = splice(**statement, 0, {}, *file, *slot);
    if (!spliced) return invalid(spliced.error().text());
    return WrittenProbe{spliced->text, {probe.file, spliced->lines.first}};
}

}  // namespace hindcast::propagate
