// SPDX-License-Identifier: Apache-2.0
#include "core/query/rows/rich_json.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

namespace hindcast::query {

using nlohmann::json;

namespace {

json numberJson(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
    return value;
}

template <class T>
json element(const std::uint8_t* at) {
    T value{};
    std::memcpy(&value, at, sizeof value);
    if constexpr (std::is_floating_point_v<T>) {
        return numberJson(value);
    } else {
        return value;
    }
}

/// IEEE half precision.
json halfElement(const std::uint8_t* at) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, at, sizeof bits);
    const double sign = (bits & 0x8000U) != 0 ? -1 : 1;
    const int exponent = (bits >> 10U) & 31U;
    const double fraction = (bits & 1023U) / 1024.0;
    if (exponent == 31) return numberJson(fraction == 0 ? sign * INFINITY : NAN);
    return numberJson(exponent == 0 ? sign * std::ldexp(fraction, -14)
                                    : sign * std::ldexp(1 + fraction, exponent - 15));
}

/// The upper half of a float32.
json brainElement(const std::uint8_t* at) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, at, sizeof bits);
    return numberJson(std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U));
}

/// A complex number as [real, imaginary].
template <class Real>
json complexElement(const std::uint8_t* at) {
    return json::array({element<Real>(at), element<Real>(at + sizeof(Real))});
}

struct Element {
    std::size_t bytes;
    json (*read)(const std::uint8_t*);
};

/// By the names of the format and by those that NumPy and torch use; both stand in stores.
const Element* elementOf(const std::string& dtype) {
    static const std::map<std::string, Element> kElements{
        {"u8", {1, element<std::uint8_t>}},
        {"i8", {1, element<std::int8_t>}},
        {"i16", {2, element<std::int16_t>}},
        {"i32", {4, element<std::int32_t>}},
        {"i64", {8, element<std::int64_t>}},
        {"u16", {2, element<std::uint16_t>}},
        {"u32", {4, element<std::uint32_t>}},
        {"u64", {8, element<std::uint64_t>}},
        {"f32", {4, element<float>}},
        {"f64", {8, element<double>}},
        {"f16", {2, halfElement}},
        {"bf16", {2, brainElement}},
        {"c64", {8, complexElement<float>}},
        {"c128", {16, complexElement<double>}},
        {"bool", {1, [](const std::uint8_t* at) -> json { return *at != 0; }}},
    };
    static const std::map<std::string, std::string> kShort{
        {"uint8", "u8"},    {"int8", "i8"},       {"int16", "i16"},     {"int32", "i32"},       {"int64", "i64"},
        {"uint16", "u16"},  {"uint32", "u32"},    {"uint64", "u64"},    {"float32", "f32"},     {"float64", "f64"},
        {"float16", "f16"}, {"bfloat16", "bf16"}, {"complex64", "c64"}, {"complex128", "c128"},
    };
    const auto known = kShort.find(dtype);
    const auto found = kElements.find(known == kShort.end() ? dtype : known->second);
    return found == kElements.end() ? nullptr : &found->second;
}

/// Nested lists of a row-major array; advances `at`.
json nested(const std::vector<std::size_t>& shape, std::size_t level, const Element& element, const std::uint8_t*& at) {
    if (level == shape.size()) {
        json value = element.read(at);
        at += element.bytes;
        return value;
    }
    json list = json::array();
    for (std::size_t i = 0; i < shape[level]; ++i) list.push_back(nested(shape, level + 1, element, at));
    return list;
}

/// The array as lists, or null when the bytes do not fit the shape.
json arrayJson(const json& value) {
    const Element* element = elementOf(value.value("dtype", ""));
    const auto shape = value.find("shape");
    const auto data = value.find("data");
    if (element == nullptr || shape == value.end() || !shape->is_array() || data == value.end() || !data->is_binary())
        return nullptr;
    std::vector<std::size_t> sizes;
    std::size_t count = 1;
    for (const json& size : *shape) {
        if (!size.is_number_unsigned() ||
            (size.get<std::size_t>() > 0 && count > data->get_binary().size() / size.get<std::size_t>())) {
            return nullptr;
        }
        sizes.push_back(size.get<std::size_t>());
        count *= sizes.back();
    }
    if (count * element->bytes != data->get_binary().size()) return nullptr;
    const std::uint8_t* at = data->get_binary().data();
    return nested(sizes, 0, *element, at);
}

/// Replaces what JSON has no text for: bytes by their number, non-finite numbers by their names.
void makeShowable(json& value) {
    if (value.is_binary()) {
        value = json{{"bytes", value.get_binary().size()}};
    } else if (value.is_number_float()) {
        value = numberJson(value.get<double>());
    } else if (value.is_structured()) {
        for (json& inner : value) makeShowable(inner);
    }
}

}  // namespace

std::string richJson(const std::string& cbor) {
    json value = json::from_cbor(cbor, true, false, json::cbor_tag_handler_t::ignore);
    if (value.is_discarded()) return json{{"type", "unreadable"}, {"bytes", cbor.size()}}.dump();
    if (value.is_object()) {
        const std::string type = value.value("type", "");
        if (type == "array" || type == "matrix") {
            json lists = arrayJson(value);
            if (type == "array" && !lists.is_null()) return lists.dump();
            if (!lists.is_null()) value["data"] = std::move(lists);
        } else if (type == "image") {
            value.erase("data");
        }
    }
    makeShowable(value);
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace hindcast::query
