// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/replay/remote/message.h"

namespace hindcast::replay {

/// Messages over two descriptors, which it owns and makes non-blocking. One thread.
class MessageStream {
public:
    /// `in` and `out` may be one descriptor. A client expects the greeting of an agent first.
    MessageStream(int in, int out, bool expectsGreeting);
    MessageStream(const MessageStream&) = delete;
    MessageStream& operator=(const MessageStream&) = delete;
    ~MessageStream();

    /// Puts it into the queue; pump() writes.
    void send(const Message& message) { m_out += encodeMessage(message); }
    void sendRaw(std::string_view bytes) { m_out += bytes; }
    std::size_t unsent() const { return m_out.size() - m_sent; }
    /// Reads and writes what can be; waits up to `patience` for something to read.
    void pump(std::chrono::milliseconds patience);
    /// The next message that came; absent while there is none. Once the stream is useless, isOpen() says so.
    std::optional<Message> take();
    /// Whether the greeting came (or none is expected).
    bool isGreeted() const { return m_greeted; }
    /// False when the other side closed it, it broke, or what came was no messages. Messages before that can be taken.
    bool isOpen() const { return m_open; }
    const std::string& received() const { return m_decoder.pending(); }

private:
    void read();
    void write();

    int m_in;
    int m_outDescriptor;
    bool m_greeted;
    bool m_open = true;
    MessageDecoder m_decoder;
    std::string m_out;
    std::size_t m_sent = 0;
};

}  // namespace hindcast::replay
