// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

namespace hindcast::base {

/// The text's lines with their line ends; a lone carriage return ends a line too, as Python counts. Views into `text`.
std::vector<std::string_view> linesOf(std::string_view text);

}  // namespace hindcast::base
