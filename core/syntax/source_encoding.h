// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace hindcast::syntax {

/// What a source says about its own bytes (PEP 263).
struct SourceEncoding {
    std::string name = "utf-8";  ///< declared name in lower case with `-` for `_`
    bool utf8 = true;
    bool doubleByte = false;  ///< the second byte of a character may look like ASCII (Shift JIS, GBK, Big5 …)
};

/// The encoding declared in the first two lines, or by a byte order mark. ErrorCode::Parse where it is one whose
/// bytes below 128 are not ASCII or that is not known here.
[[nodiscard]] base::Result<SourceEncoding> declaredEncoding(std::string_view text);

/// A copy of the text of the same length in which every byte that is not ASCII by itself is a letter. Tokens of Python
/// are ASCII, so a parse of the copy has the byte ranges of the original.
std::string maskedForParsing(std::string_view text, const SourceEncoding& encoding);

/// Whether the bytes are well-formed UTF-8.
bool isWellFormedUtf8(std::string_view text);

}  // namespace hindcast::syntax
