// SPDX-License-Identifier: Apache-2.0
#include "core/workspace/probes/statement_text.h"

#include <algorithm>

#include "core/base/lines.h"
#include "core/propagate/parsed_file.h"

namespace hindcast::workspace {

using base::Error;
using base::ErrorCode;
using base::linesOf;
using base::Result;

int lineCount(std::string_view text) {
    return static_cast<int>(linesOf(text).size());
}

std::string linesFrom(std::string_view text, propagate::LineRange range) {
    std::string out;
    int number = 0;
    for (const std::string_view line : linesOf(text)) {
        ++number;
        if (number >= range.first && number <= range.last) out += line;
    }
    return out;
}

std::string indentOf(std::string_view text) {
    return std::string(text.substr(0, std::min(text.find_first_not_of(" \t"), text.size())));
}

std::string dedented(std::string_view text) {
    const std::vector<std::string_view> lines = linesOf(text);
    std::size_t shared = std::string_view::npos;
    for (const std::string_view line : lines) {
        const std::size_t indent = line.find_first_not_of(" \t");
        if (indent == std::string_view::npos || line[indent] == '\n' || line[indent] == '\r') continue;
        shared = std::min(shared, indent);
    }
    std::string out;
    for (std::string_view line : lines) {
        line.remove_prefix(std::min({shared, line.size(), line.find_first_not_of(" \t")}));
        while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
        out += std::string(line) + "\n";
    }
    return out;
}

std::string patternOf(const std::string& source) {
    std::size_t at = source.find_first_of("\"'");
    if (at == std::string::npos || at > 2) return "*";
    const bool formatted = source.find_first_of("fF") < at;
    const char quote = source[at];
    const std::size_t end = source.find(quote, at + 1);
    if (end == std::string::npos) return "*";
    std::string pattern;
    int braces = 0;
    for (++at; at < end; ++at) {
        if (formatted && source[at] == '{') {
            if (braces++ == 0) pattern += '*';
        } else if (formatted && source[at] == '}') {
            braces = std::max(0, braces - 1);
        } else if (braces == 0) {
            pattern += source[at];
        }
    }
    const bool more = source.find_first_not_of(" )", end + 1) != std::string::npos;
    return more && !pattern.ends_with('*') ? pattern + "*" : pattern;
}

Result<std::vector<propagate::Probe>> statementsIn(const propagate::SourceFile& file, propagate::LineRange range) {
    HINDCAST_ASSIGN(const propagate::ParsedFilePtr parsed, propagate::parseFile(file.path, file.text));
    const syntax::Outline& outline = parsed->outline;
    const syntax::StatementId first = outline.startingOnLine(*parsed->tree, range.first);
    if (first < 0) {
        return Error(ErrorCode::InvalidArgument,
                     "no statement starts on line " + std::to_string(range.first) + " of " + file.path);
    }
    std::vector<propagate::Probe> probes;
    for (const syntax::StatementId id : outline.block(outline.statement(first).block).statements) {
        const int line = parsed->tree->lineOf(outline.statement(id).begin);
        if (id >= first && line <= range.last) probes.push_back({file.path, line});
    }
    return probes;
}

Result<propagate::LineRange> statementRange(const propagate::SourceFile& file, int line) {
    HINDCAST_ASSIGN(const propagate::ParsedFilePtr parsed, propagate::parseFile(file.path, file.text));
    const syntax::StatementId id = parsed->outline.startingOnLine(*parsed->tree, line);
    if (id < 0) {
        return Error(ErrorCode::InvalidArgument,
                     "no statement starts on line " + std::to_string(line) + " of " + file.path);
    }
    const syntax::Statement& statement = parsed->outline.statement(id);
    const std::size_t last = statement.end > statement.begin ? statement.end - 1 : statement.begin;
    return propagate::LineRange{line, parsed->tree->lineOf(last)};
}

}  // namespace hindcast::workspace
