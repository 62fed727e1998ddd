// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/propagate/splice/splice.h"

namespace hindcast::propagate {

/// Text to be inserted at a byte of a file, and where in that text the statement itself stands.
struct Insertion {
    std::size_t byte = 0;
    std::string text;
    std::size_t statementBegin = 0;
    std::size_t statementEnd = 0;
};

/// Proves that a file with the insertion is the old tree with one statement more, at the slot; answers with the lines
/// on which that statement then stands, or with ErrorCode::Conflict and the reason. Only the top-level statements that
/// the insertion touches are parsed again: a line that begins at the left margin outside brackets and strings begins
/// afresh, so nothing before or behind them can change.
[[nodiscard]] base::Result<LineRange> checkSplice(const ParsedFile& to, const Insertion& insertion, Slot slot);

}  // namespace hindcast::propagate
