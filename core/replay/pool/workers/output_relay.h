// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace hindcast::replay {

/// Takes what a worker prints through a pipe and keeps its beginning and its end in a file, so that a script that
/// prints gigabytes costs two megabytes of disk. The beginning is in the file as it comes, the end when the worker has
/// ended. One thread.
class OutputRelay {
public:
    static constexpr std::size_t kHeadBytes = std::size_t{1} << 20;
    static constexpr std::size_t kTailBytes = std::size_t{1} << 20;

    /// Makes the file, empty, and the pipe.
    static base::Result<OutputRelay> make(std::filesystem::path file);
    OutputRelay(OutputRelay&& other) noexcept;
    OutputRelay& operator=(OutputRelay&&) = delete;
    ~OutputRelay();

    int writeEnd() const { return m_write; }  ///< for the child; -1 when closed
    void closeWriteEnd();
    /// Takes what is in the pipe, at most a few megabytes. Never blocks. A file that cannot be written (a full disk)
    /// loses text and stops nothing.
    void pump();
    /// Takes the rest and writes the end, with a line that says how much was left out.
    void finish();
    const std::filesystem::path& file() const { return m_file; }

private:
    OutputRelay(std::filesystem::path file, int descriptor, int read, int write)
        : m_file(std::move(file)), m_descriptor(descriptor), m_read(read), m_write(write) {}
    void take(const char* text, std::size_t bytes);
    void keep(const char* text, std::size_t bytes);

    std::filesystem::path m_file;
    int m_descriptor = -1;
    int m_read = -1;
    int m_write = -1;
    std::uint64_t m_total = 0;
    std::string m_tail;  ///< up to twice kTailBytes
};

}  // namespace hindcast::replay
