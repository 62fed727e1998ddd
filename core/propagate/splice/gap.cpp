// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/splice/gap.h"

#include <algorithm>
#include <cmath>

namespace hindcast::propagate {
namespace {

using syntax::Statement;
using syntax::StatementId;

constexpr std::size_t kMaxLines = 200;  ///< longer gaps are compared by their first lines

std::string_view trimmed(std::string_view line) {
    const auto first = line.find_first_not_of(" \t\r\n\f");
    if (first == std::string_view::npos) return {};
    return line.substr(first, line.find_last_not_of(" \t\r\n\f") - first + 1);
}

Gap linesBetween(const ParsedFile& file, int first, int last) {
    Gap gap;
    gap.firstLine = first;
    for (int line = first; line <= last && gap.lines.size() < kMaxLines; ++line) {
        gap.lines.push_back(file.tree->range(file.tree->lineBegin(line), file.tree->lineBegin(line + 1)));
    }
    return gap;
}

/// Line of the last token before the byte, 0 where there is none.
int codeLineBefore(const ParsedFile& file, std::size_t byte) {
    const auto token = file.tree->tokenAt(byte);
    return token == 0 ? 0 : file.tree->lineOf(file.tree->token(token - 1).end - 1);
}

/// Line of the first token from the byte on, past the last line where there is none.
int codeLineAfter(const ParsedFile& file, std::size_t byte) {
    const auto token = file.tree->tokenAt(byte);
    return token >= file.tree->tokens().size() ? file.tree->lineCount() + 1
                                               : file.tree->lineOf(file.tree->token(token).begin);
}

/// Weight of the best common subsequence of two runs of lines: a comment counts 2, a blank line 0.5.
double commonLines(const std::vector<std::string_view>& a, std::size_t beginA, std::size_t endA,
                   const std::vector<std::string_view>& b) {
    const std::size_t n = endA - beginA;
    const std::size_t m = b.size();
    if (n == 0 || m == 0) return 0;
    std::vector<double> previous(m + 1, 0);
    std::vector<double> current(m + 1, 0);
    for (std::size_t i = 1; i <= n; ++i) {
        const auto line = trimmed(a[beginA + i - 1]);
        for (std::size_t j = 1; j <= m; ++j) {
            current[j] = std::max(previous[j], current[j - 1]);
            if (line == trimmed(b[j - 1]))
                current[j] = std::max(current[j], previous[j - 1] + (line.empty() ? 0.5 : 2.0));
        }
        std::swap(previous, current);
    }
    return previous[m];
}

}  // namespace

Gap gapAt(const ParsedFile& file, Slot slot) {
    const auto& block = file.outline.block(slot.block);
    const auto at = static_cast<std::size_t>(slot.position);
    std::size_t byte = 0;
    if (at > 0) {
        byte = file.outline.statement(block.statements[at - 1]).end;
    } else if (!block.statements.empty() && block.owner >= 0) {
        byte = file.outline.statement(block.statements.front()).begin;
        return linesBetween(file, codeLineBefore(file, byte) + 1, codeLineAfter(file, byte) - 1);
    }
    const int first = at == 0 && block.owner < 0 ? 1 : file.tree->lineOf(byte > 0 ? byte - 1 : 0) + 1;
    return linesBetween(file, first, codeLineAfter(file, byte) - 1);
}

Gap gapBefore(const ParsedFile& file, StatementId id) {
    const Statement& statement = file.outline.statement(id);
    return linesBetween(file, codeLineBefore(file, statement.begin) + 1, file.tree->lineOf(statement.begin) - 1);
}

Gap gapAfter(const ParsedFile& file, StatementId id) {
    const Statement& statement = file.outline.statement(id);
    return linesBetween(file, file.tree->lineOf(statement.end - 1) + 1, codeLineAfter(file, statement.end) - 1);
}

int splitGap(const Gap& gap, const Gap& before, const Gap& after, std::string_view indent) {
    const auto size = gap.lines.size();
    int best = 0;
    double bestScore = -1e9;
    for (std::size_t t = 0; t <= size; ++t) {
        double score = commonLines(gap.lines, 0, t, before.lines) + commonLines(gap.lines, t, size, after.lines);
        score -= 0.05 * std::abs(static_cast<double>(t) - static_cast<double>(before.lines.size()));
        score -= 0.04 * std::abs(static_cast<double>(size - t) - static_cast<double>(after.lines.size()));
        if (t > 0) {
            // A comment that is indented less belongs to the code around the block.
            const auto line = gap.lines[t - 1];
            const auto ink = line.find_first_not_of(" \t");
            if (!trimmed(line).empty() && ink < indent.size()) score -= 1.5;
        }
        if (score > bestScore + 1e-9) {
            bestScore = score;
            best = static_cast<int>(t);
        }
    }
    return best;
}

bool hasBlank(const Gap& gap) {
    return std::any_of(gap.lines.begin(), gap.lines.end(), [](auto line) { return trimmed(line).empty(); });
}

bool sharesComment(const Gap& gap, const Gap& around) {
    for (auto line = around.lines.rbegin(); line != around.lines.rend(); ++line) {
        const auto comment = trimmed(*line);
        if (comment.empty()) return false;
        if (std::any_of(gap.lines.begin(), gap.lines.end(), [&](auto other) { return trimmed(other) == comment; }))
            return true;
    }
    return false;
}

}  // namespace hindcast::propagate
