// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace hindcast::python {

/// Tags of FORMAT.md 5.1 that have a Python type of their own.
enum CborTag : std::uint64_t {
    kPositiveInteger = 2,
    kNegativeInteger = 3,
    kSet = 258,
    kTuple = 48000,
    kFrozenSet = 48001,
    kMapping = 48002,
    kComplex = 48003,
    kDeque = 48008,
    kByteArray = 48009,
};

}  // namespace hindcast::python
