// SPDX-License-Identifier: Apache-2.0
#include "core/replay/remote/file_transfer.h"

#include <algorithm>

#include "core/base/file.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::uint64_t kPieceBytes = std::uint64_t{1} << 20;

}  // namespace

Result<Message> fileMessage(const store::Project& project, const StoreFile& file, std::uint64_t from) {
    HINDCAST_ASSIGN(const base::File source, base::File::open(project.store() / file.path, base::File::Mode::Read));
    const std::uint64_t count = std::min(kPieceBytes, file.bytes - from);
    HINDCAST_ASSIGN(const base::Bytes bytes, source.readAt(from, static_cast<std::size_t>(count)));
    if (bytes.empty() && count > 0) return Error(ErrorCode::NotFound, file.path + " became shorter while it was read");
    Message message{"file",
                    {{"path", file.path},
                     {"from", std::to_string(from)},
                     {"total", std::to_string(file.bytes)},
                     {"identity", std::to_string(file.identity)}},
                    std::string(base::textOf(bytes))};
    return message;
}

Result<void> takeFileMessage(const store::Project& project, const Message& message) {
    const std::string& path = message.field("path");
    if (!isCopiedPath(path)) return Error(ErrorCode::Refused, "the other side sent a file for elsewhere: " + path);
    const fs::path target = project.store() / path;
    HINDCAST_TRY(base::makeFolder(target.parent_path()));
    const auto from = static_cast<std::uint64_t>(message.number("from"));
    const bool whole = from == 0 && message.body.size() == static_cast<std::uint64_t>(message.number("total"));
    if (whole) return base::writeFileAtomically(target, base::bytesOf(message.body));
    if (from == 0) fs::remove(target);
    HINDCAST_ASSIGN(base::File file, base::File::open(target, base::File::Mode::Append));
    HINDCAST_ASSIGN(const std::uint64_t there, file.size());
    if (there != from) return Error(ErrorCode::Conflict, path + " was changed here while it was being copied");
    return file.write(base::bytesOf(message.body));
}

}  // namespace hindcast::replay
