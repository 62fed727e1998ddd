// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/propagate/parsed_file.h"

namespace hindcast::propagate {

/// A byte range of the newer file that reads differently in the old version.
struct Replacement {
    std::uint32_t begin;
    std::uint32_t end;
    std::string text;
};

/// A place for a statement: before the statement at `position` of the block, or at its end.
struct Slot {
    syntax::BlockId block = 0;
    int position = 0;
    int line = 0;  ///< 1-based line for it to start on, among the lines without code there; 0: where it fits best
};

struct SplicedText {
    std::string text;
    LineRange lines;        ///< in `text`
    std::string statement;  ///< as it stands there
};

/// The statement's text with replacements applied, its first line without indentation, later lines as they are.
std::string statementText(const ParsedFile& from, syntax::StatementId statement,
                          const std::vector<Replacement>& replacements);

/// Puts a statement of `from` into `to` and changes no other byte. Its indentation becomes that of the block, its line
/// ends those of the file; among the blank lines and comments around the place it stands as it does in `from`. The
/// result is proven (splice_check.h) to be the old tree with one statement more, or the answer is ErrorCode::Conflict
/// with the reason.
[[nodiscard]] base::Result<SplicedText> splice(const ParsedFile& from, syntax::StatementId statement,
                                               const std::vector<Replacement>& replacements, const ParsedFile& to,
                                               Slot slot);

/// The blanks that statements of a block begin with.
std::string blockIndent(const ParsedFile& file, syntax::BlockId block);

/// The 1-based line of the spliced text on which the statement would start, without splicing.
int lineOfSlot(const ParsedFile& from, syntax::StatementId statement, const ParsedFile& to, Slot slot);

}  // namespace hindcast::propagate
