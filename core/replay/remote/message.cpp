// SPDX-License-Identifier: Apache-2.0
#include "core/replay/remote/message.h"

#include <cstdlib>
#include <nlohmann/json.hpp>

namespace hindcast::replay {

using base::Error;
using base::ErrorCode;
using base::Result;
using nlohmann::json;

namespace {

constexpr std::size_t kPrefixBytes = 8;
/// Far above what is ever sent; more means that the stream is something else.
constexpr std::uint32_t kLargestPart = std::uint32_t{1} << 30;

void appendNumber(std::string& to, std::size_t value) {
    for (int shift = 0; shift < 32; shift += 8) to += static_cast<char>((value >> shift) & 0xff);
}

std::uint32_t numberAt(const std::string& bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
    return value;
}

}  // namespace

const std::string& Message::field(const std::string& name) const {
    static const std::string kNone;
    const auto found = fields.find(name);
    return found == fields.end() ? kNone : found->second;
}

std::int64_t Message::number(const std::string& name) const {
    return std::strtoll(field(name).c_str(), nullptr, 10);
}

std::string encodeMessage(const Message& message) {
    json head = message.fields;
    if (head.is_null()) head = json::object();
    head["is"] = message.kind;
    const std::string text = head.dump(-1, ' ', false, json::error_handler_t::replace);
    std::string out;
    out.reserve(kPrefixBytes + text.size() + message.body.size());
    appendNumber(out, text.size());
    appendNumber(out, message.body.size());
    return out + text + message.body;
}

Result<std::optional<Message>> MessageDecoder::next() {
    const std::size_t there = m_bytes.size() - m_at;
    if (there < kPrefixBytes) return std::optional<Message>();
    const std::uint32_t head = numberAt(m_bytes, m_at);
    const std::uint32_t body = numberAt(m_bytes, m_at + 4);
    if (head > kLargestPart || body > kLargestPart)
        return Error(ErrorCode::Parse, "the other side does not speak hindcast's language");
    if (there < kPrefixBytes + head + body) return std::optional<Message>();
    const json fields = json::parse(m_bytes.substr(m_at + kPrefixBytes, head), nullptr, false);
    Message message;
    if (fields.is_object()) {
        for (const auto& [name, value] : fields.items()) {
            if (value.is_string()) message.fields[name] = value.get<std::string>();
        }
    }
    message.kind = message.field("is");
    if (message.kind.empty()) return Error(ErrorCode::Parse, "the other side sent what is no message of hindcast");
    message.body = m_bytes.substr(m_at + kPrefixBytes + head, body);
    m_at += kPrefixBytes + head + body;
    constexpr std::size_t kKeep = std::size_t{1} << 20;
    if (m_at == m_bytes.size() || m_at > kKeep) {
        m_bytes.erase(0, m_at);
        m_at = 0;
    }
    return std::optional<Message>(std::move(message));
}

bool MessageDecoder::skipGreeting() {
    // A shell may print without a line's end; the greeting brings its own.
    const std::size_t at = m_bytes.find(kAgentGreeting);
    if (at == std::string::npos) return false;
    m_bytes.erase(0, at + kAgentGreeting.size());
    return true;
}

}  // namespace hindcast::replay
