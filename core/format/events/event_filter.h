// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "core/base/result.h"
#include "core/format/events/events.h"

namespace hindcast::format {

/// A block (payload of an EVENTS frame) without the values of the names for which `drops` is true: neither the values
/// nor the names are in it any more. Loops, times and all other values stay as they were, to the bit. Absent when the
/// block holds none of them. Damaged when the block does not decode.
base::Result<std::optional<base::Bytes>> withoutValues(base::BytesView payload,
                                                       const std::function<bool(std::string_view name)>& drops);

}  // namespace hindcast::format
