// SPDX-License-Identifier: Apache-2.0
#include "core/format/tensors/dtype.h"

#include <array>

namespace hindcast::format {

namespace {
struct TypeFacts {
    std::string_view name;
    std::uint8_t elementBytes;
    std::uint8_t planeWidth;
    bool floating;
};
constexpr std::array<TypeFacts, 22> kFacts{{
    {"", 0, 0, false},         {"u8", 1, 1, false},     {"i8", 1, 1, false},         {"i16", 2, 2, false},
    {"i32", 4, 4, false},      {"i64", 8, 8, false},    {"f16", 2, 2, true},         {"bf16", 2, 2, true},
    {"f32", 4, 4, true},       {"f64", 8, 8, true},     {"bool", 1, 1, false},       {"c64", 8, 4, true},
    {"c128", 16, 8, true},     {"u16", 2, 2, false},    {"u32", 4, 4, false},        {"u64", 8, 8, false},
    {"f8e4m3fn", 1, 1, false}, {"f8e5m2", 1, 1, false}, {"f8e4m3fnuz", 1, 1, false}, {"f8e5m2fnuz", 1, 1, false},
    {"c32", 4, 2, true},       {"raw", 1, 1, false},
}};
const TypeFacts& factsOf(DType type) {
    return kFacts[static_cast<std::size_t>(type)];
}
}  // namespace

std::optional<DType> dtypeOf(std::uint8_t number) {
    if (number == 0 || number >= kFacts.size()) return std::nullopt;
    return static_cast<DType>(number);
}

std::optional<DType> dtypeNamed(std::string_view name) {
    for (std::size_t i = 1; i < kFacts.size(); ++i) {
        if (kFacts[i].name == name) return static_cast<DType>(i);
    }
    return std::nullopt;
}

std::string_view dtypeName(DType type) {
    return factsOf(type).name;
}
std::size_t elementBytes(DType type) {
    return factsOf(type).elementBytes;
}
std::size_t planeWidth(DType type) {
    return factsOf(type).planeWidth;
}
bool isFloating(DType type) {
    return factsOf(type).floating;
}

}  // namespace hindcast::format
