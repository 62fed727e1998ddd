// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/base/bytes.h"

// Byte planes: plane p holds byte p of every element. Splitting puts bytes of like meaning (exponents, high and low
// mantissa) together, which is what an entropy coder needs. Loops here are plain and compiled once per instruction set.
// `width` is 1, 2, 4 or 8; a tail shorter than one element follows the last plane unchanged. No function allocates.

namespace hindcast::format {

/// Where each plane begins: they need not follow each other, so that a plane stored as it is can be joined from where
/// it lies.
using PlanePlaces = std::array<const std::byte*, 8>;
/// Of planes that follow each other.
PlanePlaces placesOf(base::BytesView planes, unsigned width);

/// Plain split and its inverse. `out` is as long as the input.
void splitPlanes(base::BytesView raw, unsigned width, std::span<std::byte> out);
void joinPlanes(const PlanePlaces& planes, unsigned width, std::span<std::byte> out);

/// Elements rotated left by one bit (sign to the bottom, the exponent into a byte of its own), then split; and its
/// inverse.
void splitRotated(base::BytesView raw, unsigned width, std::span<std::byte> out);
void joinRotated(const PlanePlaces& planes, unsigned width, std::span<std::byte> out);

/// Zigzag of map(element) - map(base), then split, where map makes a float's bits an ordered integer; and its inverse.
void splitDifference(base::BytesView raw, base::BytesView base, unsigned width, std::span<std::byte> out);
void joinDifference(const PlanePlaces& planes, base::BytesView base, unsigned width, std::span<std::byte> out);

}  // namespace hindcast::format
