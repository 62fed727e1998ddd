// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace hindcast::base {

/// Bytes that this process can still use without pushing anything out: the machine's, or what is left of its control
/// group's limit (version 2) where that is less. 0 when neither can be told.
std::size_t availableMemory();

}  // namespace hindcast::base
