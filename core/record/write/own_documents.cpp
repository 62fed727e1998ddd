// SPDX-License-Identifier: Apache-2.0
#include "core/record/write/own_documents.h"

namespace hindcast::record {

std::string jsonText(std::string_view text) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20) {
            out += "\\u00";
            out += kDigits[byte >> 4];
            out += kDigits[byte & 15];
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string incompleteEnd(std::string_view reason) {
    return "{\"status\":\"incomplete\",\"reason\":" + jsonText(reason) +
           ",\"exception\":null,\"exit\":\"\",\"counters\":{}}";
}

std::string silentWriteNote(std::string_view key, std::int64_t until) {
    return "{\"note\":\"hazard\",\"what\":\"silent writes\",\"object\":" + jsonText(key) +
           ",\"until\":" + std::to_string(until) + "}";
}

std::string skipNote(int point, std::string_view loop, std::int64_t index, std::string_view reason, std::size_t bytes) {
    return "{\"note\":\"skip\",\"point\":" + std::to_string(point) + ",\"loop\":" + jsonText(loop) +
           ",\"index\":" + std::to_string(index) + ",\"reason\":" + jsonText(reason) +
           ",\"bytes\":" + std::to_string(bytes) + "}";
}

}  // namespace hindcast::record
