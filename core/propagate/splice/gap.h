// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "core/propagate/parsed_file.h"
#include "core/propagate/splice/splice.h"

namespace hindcast::propagate {

/// The lines without code between two neighbouring statements: blank lines and comments.
struct Gap {
    int firstLine = 1;  ///< 1-based; the line after the code before
    std::vector<std::string_view> lines;
};

/// The gap before the slot, which reaches from the code before it to the code after it.
Gap gapAt(const ParsedFile& file, Slot slot);

/// The gaps directly before and after a statement that stands on lines of its own.
Gap gapBefore(const ParsedFile& file, syntax::StatementId statement);
Gap gapAfter(const ParsedFile& file, syntax::StatementId statement);

/// How many lines of `gap` stand before a statement that has `before` and `after` around it where it comes from: the
/// split under which comments and blank lines agree best. `indent` is the indentation of the block it goes to.
int splitGap(const Gap& gap, const Gap& before, const Gap& after, std::string_view indent);

/// Whether a line of the gap is blank.
bool hasBlank(const Gap& gap);

/// Whether the comment lines directly above the statement are found in the gap.
bool sharesComment(const Gap& gap, const Gap& around);

}  // namespace hindcast::propagate
