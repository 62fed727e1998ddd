// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace hindcast::replay {

/// What hindcast here and hindcast on another machine tell each other. Plain value.
struct Message {
    std::string kind;
    std::map<std::string, std::string> fields;
    std::string body;

    /// "" when there is no such field.
    const std::string& field(const std::string& name) const;
    /// 0 when there is none or it is no number.
    std::int64_t number(const std::string& name) const;
};

/// What an agent says first. Everything before it was printed by a login shell and is not ours.
inline constexpr std::string_view kAgentGreeting = "\nHINDCAST AGENT 1\n";

/// On the wire: u32 bytes of the head, u32 bytes of the body, both little-endian; the head, a JSON object of texts with
/// the kind as "is"; the body.
std::string encodeMessage(const Message& message);

/// Cuts a byte stream into messages. One thread.
class MessageDecoder {
public:
    void feed(std::string_view bytes) { m_bytes += bytes; }
    /// The next whole message, absent while there is none. Parse when the bytes are no messages: the stream is useless
    /// then.
    base::Result<std::optional<Message>> next();
    /// Drops what stands before the greeting, and the greeting. False while it has not come.
    bool skipGreeting();
    /// What came so far, for the words of an error.
    const std::string& pending() const { return m_bytes; }

private:
    std::string m_bytes;
    std::size_t m_at = 0;
};

}  // namespace hindcast::replay
