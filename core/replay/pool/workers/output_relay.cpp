// SPDX-License-Identifier: Apache-2.0
#include "core/replay/pool/workers/output_relay.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace hindcast::replay {

using base::Error;
using base::Result;

namespace {

/// What one call takes at most, so that a worker that prints without end holds up nobody.
constexpr std::size_t kMostBytesAtOnce = std::size_t{8} << 20;
constexpr int kPipeBytes = 1 << 20;

void close(int& descriptor) {
    if (descriptor >= 0) ::close(descriptor);
    descriptor = -1;
}

}  // namespace

Result<OutputRelay> OutputRelay::make(std::filesystem::path file) {
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) return Error::fromErrno(errno, "cannot open " + file.string());
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) {
        const int number = errno;
        ::close(descriptor);
        return Error::fromErrno(number, "cannot make a pipe");
    }
    ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    ::fcntl(ends[0], F_SETPIPE_SZ, kPipeBytes);  // a smaller pipe is slower, nothing else
    return OutputRelay(std::move(file), descriptor, ends[0], ends[1]);
}

OutputRelay::OutputRelay(OutputRelay&& other) noexcept
    : m_file(std::move(other.m_file)),
      m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_read(std::exchange(other.m_read, -1)),
      m_write(std::exchange(other.m_write, -1)),
      m_total(other.m_total),
      m_tail(std::move(other.m_tail)) {}

OutputRelay::~OutputRelay() {
    close(m_descriptor);
    close(m_read);
    close(m_write);
}

void OutputRelay::closeWriteEnd() {
    close(m_write);
}

void OutputRelay::pump() {
    std::array<char, 1 << 16> buffer;
    for (std::size_t taken = 0; taken < kMostBytesAtOnce;) {
        const ssize_t got = ::read(m_read, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return;
        take(buffer.data(), static_cast<std::size_t>(got));
        taken += static_cast<std::size_t>(got);
    }
}

void OutputRelay::take(const char* text, std::size_t bytes) {
    const std::size_t toHead =
        m_total >= kHeadBytes ? 0 : std::min<std::size_t>(bytes, kHeadBytes - static_cast<std::size_t>(m_total));
    keep(text, toHead);
    m_tail.append(text + toHead, bytes - toHead);
    if (m_tail.size() > 2 * kTailBytes) m_tail.erase(0, m_tail.size() - kTailBytes);
    m_total += bytes;
}

void OutputRelay::keep(const char* text, std::size_t bytes) {
    while (bytes > 0) {
        const ssize_t wrote = ::write(m_descriptor, text, bytes);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return;
        text += wrote;
        bytes -= static_cast<std::size_t>(wrote);
    }
}

void OutputRelay::finish() {
    closeWriteEnd();
    pump();
    if (m_tail.size() > kTailBytes) m_tail.erase(0, m_tail.size() - kTailBytes);
    if (m_total > kHeadBytes + m_tail.size()) {
        const std::string note =
            "\n[… " + std::to_string(m_total - kHeadBytes - m_tail.size()) + " bytes were left out here …]\n";
        keep(note.data(), note.size());
    }
    keep(m_tail.data(), m_tail.size());
    m_tail.clear();
    close(m_descriptor);
}

}  // namespace hindcast::replay
