// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <nlohmann/json.hpp>

#include "core/format/events/events.h"
#include "core/format/tensors/capture.h"

// Recorded things as JSON that loses nothing: what expected.json of a golden store holds.

namespace hindcast::format {

inline nlohmann::json describe(const Coordinates& coordinates) {
    nlohmann::json out = nlohmann::json::array();
    for (const LoopLevel& level : coordinates) out.push_back({level.loop, level.occurrence, level.index});
    return out;
}

inline std::string hexOf(base::BytesView bytes) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (const std::byte byte : bytes) {
        out += kDigits[static_cast<unsigned>(byte) >> 4];
        out += kDigits[static_cast<unsigned>(byte) & 15];
    }
    return out;
}

inline nlohmann::json describe(const Value& value) {
    struct {
        nlohmann::json operator()(std::monostate) const { return nullptr; }
        nlohmann::json operator()(bool truth) const { return truth; }
        nlohmann::json operator()(std::int64_t number) const { return number; }
        nlohmann::json operator()(double number) const { return {{"bits", std::bit_cast<std::uint64_t>(number)}}; }
        nlohmann::json operator()(const std::string& text) const { return text; }
        nlohmann::json operator()(const BigInteger& number) const { return {{"integer", number.digits}}; }
        nlohmann::json operator()(const RichValue& rich) const { return {{"cbor", hexOf(rich.cbor)}}; }
    } const visitor;
    return std::visit(visitor, value);
}

inline nlohmann::json describe(const RecordedValue& value) {
    return {{"coordinates", describe(value.coordinates)},
            {"name", value.name},
            {"ordinal", value.ordinal},
            {"value", describe(value.value)},
            {"argument", value.isArgument},
            {"probe", value.probe},
            {"thread", value.thread}};
}

/// Everything but the places of chunks, which `raw` (the bytes in hexadecimal) stands for where they are stored.
inline nlohmann::json describe(const TensorRecord& tensor, const std::string& raw) {
    return {{"key", tensor.key},
            {"dtype", dtypeName(tensor.dtype)},
            {"state", static_cast<int>(tensor.state)},
            {"shape", tensor.shape},
            {"bytes", tensor.rawBytes},
            {"digest", tensor.digest.hex()},
            {"raw", raw}};
}

inline nlohmann::json describe(const CaptureRecord& capture) {
    return {{"point", static_cast<int>(capture.point)},
            {"how", static_cast<int>(capture.how)},
            {"stored", capture.tensorsStored},
            {"stamp", capture.stamp},
            {"coordinates", describe(capture.coordinates)},
            {"passes", capture.passes},
            {"meta", hexOf(capture.meta)}};
}

}  // namespace hindcast::format
