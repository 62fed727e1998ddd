// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hindcast::format {

/// Element types of tensors, with the numbers of FORMAT.md section 5.
enum class DType : std::uint8_t {
    U8 = 1,
    I8,
    I16,
    I32,
    I64,
    F16,
    BF16,
    F32,
    F64,
    Bool,
    C64,
    C128,
    U16,
    U32,
    U64,
    F8E4M3FN,
    F8E5M2,
    F8E4M3FNUZ,
    F8E5M2FNUZ,
    C32,
    Raw,
};

/// Absent when the number names no type.
std::optional<DType> dtypeOf(std::uint8_t number);
std::optional<DType> dtypeNamed(std::string_view name);

/// "f32", "bf16", "u8" …
std::string_view dtypeName(DType type);

/// Bytes of one element (Raw: 1).
std::size_t elementBytes(DType type);

/// Bytes of the unit that is split into planes: one component of a complex number, else the element.
std::size_t planeWidth(DType type);

/// Whether the unit of planeWidth is a floating-point number with a sign bit on top and an exponent below it.
bool isFloating(DType type);

}  // namespace hindcast::format
