// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/propagate/propagate.h"

/// Lines and statements of a source text. Pure functions.
namespace hindcast::workspace {

/// Lines first..last with their line ends.
std::string linesFrom(std::string_view text, propagate::LineRange range);
int lineCount(std::string_view text);

/// The text without the indentation that all its lines share, ending in one line end.
std::string dedented(std::string_view text);

/// The blanks before the first line.
std::string indentOf(std::string_view text);

/// `f"recall_{c}"` → `recall_*`, `"recall_" + str(c)` → `recall_*`; `*` when nothing of it is known.
std::string patternOf(const std::string& source);

/// Statements of one block that start within the range, in order: what a text of several statements consists of.
/// InvalidArgument when none starts on the first line.
base::Result<std::vector<propagate::Probe>> statementsIn(const propagate::SourceFile& file, propagate::LineRange range);

/// Lines of the statement that starts on the line, everything nested in it included.
base::Result<propagate::LineRange> statementRange(const propagate::SourceFile& file, int line);

}  // namespace hindcast::workspace
