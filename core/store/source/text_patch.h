// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace hindcast::store {

/// How a file became another, as `diff -u` writes it.
struct TextPatch {
    std::string text;  ///< with the two header lines; of bytes that are no text: one sentence
    std::size_t added = 0;
    std::size_t removed = 0;
};

/// The patch from one content to another. An absent side is a file that is not there. `before` and `after` are what the
/// header calls them. Cost: that of Myers' difference, near linear where little changed.
base::Result<TextPatch> patchBetween(const std::optional<std::string_view>& oldText,
                                     const std::optional<std::string_view>& newText, const std::string& before,
                                     const std::string& after);

}  // namespace hindcast::store
