// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/exchange/wire/record_files.h"

namespace hindcast::exchange {

using base::BytesView;
using base::Result;

Result<ForwardFile> ForwardFile::open(const std::filesystem::path& path) {
    HINDCAST_ASSIGN(base::File file, base::File::open(path, base::File::Mode::Read));
    HINDCAST_ASSIGN(const std::uint64_t size, file.size());
    return ForwardFile(std::move(file), size);
}

Result<std::optional<BytesView>> ForwardFile::take(std::size_t count) {
    if (count > left()) return std::optional<BytesView>();
    if (m_position + count > m_windowAt + m_windowBytes) {
        constexpr std::size_t kWindow = std::size_t{1} << 20;
        HINDCAST_ASSIGN(m_windowBytes, m_file.readInto(m_position, m_window, std::max(count, kWindow)));
        m_windowAt = m_position;
        // The file was cut shorter since.
        if (m_windowBytes < count) return std::optional<BytesView>();
    }
    const auto at = static_cast<std::size_t>(m_position - m_windowAt);
    m_position += count;
    return std::optional(BytesView(m_window).subspan(at, count));
}

}  // namespace hindcast::exchange
