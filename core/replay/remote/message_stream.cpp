// SPDX-License-Identifier: Apache-2.0
#include "core/replay/remote/message_stream.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace hindcast::replay {

namespace {

constexpr std::size_t kReadBytes = 256 * 1024;
/// As much is read before messages are taken: a fast sender must not fill our memory.
constexpr int kReadsPerPump = 16;

bool wouldBlock(int number) {
    return number == EINTR || number == EAGAIN || number == EWOULDBLOCK;
}

/// Without the signal that ends a program whose peer has gone.
ssize_t writeSome(int descriptor, const char* bytes, std::size_t count) {
    const ssize_t sent = ::send(descriptor, bytes, count, MSG_NOSIGNAL);
    return sent < 0 && errno == ENOTSOCK ? ::write(descriptor, bytes, count) : sent;
}

void makeNonBlocking(int descriptor) {
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

}  // namespace

MessageStream::MessageStream(int in, int out, bool expectsGreeting)
    : m_in(in), m_outDescriptor(out), m_greeted(!expectsGreeting) {
    makeNonBlocking(in);
    makeNonBlocking(out);
}

MessageStream::~MessageStream() {
    ::close(m_in);
    if (m_outDescriptor != m_in) ::close(m_outDescriptor);
}

void MessageStream::read() {
    static thread_local std::array<char, kReadBytes> buffer;
    for (int round = 0; round < kReadsPerPump; ++round) {
        const ssize_t got = ::read(m_in, buffer.data(), buffer.size());
        if (got < 0 && wouldBlock(errno)) return;
        if (got <= 0) {
            m_open = false;
            return;
        }
        m_decoder.feed({buffer.data(), static_cast<std::size_t>(got)});
        if (static_cast<std::size_t>(got) < buffer.size()) return;
    }
}

void MessageStream::write() {
    while (m_sent < m_out.size()) {
        const ssize_t wrote = writeSome(m_outDescriptor, m_out.data() + m_sent, m_out.size() - m_sent);
        if (wrote < 0) {
            // What the other side said before it went can still be read.
            if (!wouldBlock(errno)) m_sent = m_out.size();
            break;
        }
        m_sent += static_cast<std::size_t>(wrote);
    }
    if (m_sent == m_out.size()) {
        m_out.clear();
        m_sent = 0;
    }
}

void MessageStream::pump(std::chrono::milliseconds patience) {
    if (!m_open) return;
    write();
    std::array<pollfd, 2> waits{{{m_in, POLLIN, 0}, {unsent() > 0 ? m_outDescriptor : -1, POLLOUT, 0}}};
    ::poll(waits.data(), waits.size(), static_cast<int>(patience.count()));
    if (waits[1].revents) write();
    if (waits[0].revents) read();
    if (!m_greeted) m_greeted = m_decoder.skipGreeting();
}

std::optional<Message> MessageStream::take() {
    if (!m_greeted) return std::nullopt;
    auto message = m_decoder.next();
    if (message) return *std::move(message);
    m_open = false;
    return std::nullopt;
}

}  // namespace hindcast::replay
