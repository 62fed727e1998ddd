// SPDX-License-Identifier: Apache-2.0
#include "core/replay/remote/pull/pull_sink.h"

#include "core/base/file.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Error;
using base::Result;

bool growsInPlace(const std::string& path) {
    const std::string name = fs::path(path).filename().string();
    return name == "journal" || name.starts_with("seg-") || path.starts_with("annotations/");
}

Result<bool> PullSink::take(const Message& piece) {
    const auto from = static_cast<std::uint64_t>(piece.number("from"));
    const auto total = static_cast<std::uint64_t>(piece.number("total"));
    if (from != m_from) m_inPlace = false;  // begins anew, and must not tear what is there
    HINDCAST_TRY(put(piece, from));
    m_from = from + piece.body.size();
    if (m_from < total) return false;
    if (m_inPlace) return true;
    std::error_code problem;
    fs::rename(m_temporary, m_target, problem);
    if (problem) return Error::fromErrno(problem.value(), "cannot keep " + m_target.string());
    return true;
}

Result<void> PullSink::put(const Message& piece, std::uint64_t from) {
    HINDCAST_TRY(base::makeFolder(m_target.parent_path()));
    const fs::path& file = m_inPlace ? m_target : m_temporary;
    std::error_code ignored;
    if (!m_inPlace && from == 0) fs::remove(file, ignored);
    HINDCAST_ASSIGN(base::File open, base::File::open(file, base::File::Mode::Append));
    return open.write(base::bytesOf(piece.body));
}

}  // namespace hindcast::replay
