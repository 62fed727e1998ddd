// SPDX-License-Identifier: Apache-2.0
#include "core/store/source/loose_object.h"

#include <zlib.h>

#include <optional>
#include <string>

#include "core/base/file.h"
#include "core/store/source/git_repository.h"

namespace hindcast::store {

namespace {

constexpr std::size_t kStepBytes = std::size_t{1} << 16;

/// The whole stream, nothing behind it; absent when it is damaged.
std::optional<std::string> inflated(std::string packed) {
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK) return std::nullopt;
    stream.next_in = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_in = static_cast<uInt>(packed.size());
    std::string text;
    int code = Z_OK;
    while (code == Z_OK) {
        const std::size_t before = text.size();
        text.resize(before + kStepBytes);
        stream.next_out = reinterpret_cast<Bytef*>(text.data() + before);
        stream.avail_out = static_cast<uInt>(kStepBytes);
        code = inflate(&stream, Z_NO_FLUSH);
        text.resize(before + kStepBytes - stream.avail_out);
        if (code == Z_OK && text.size() == before) break;  // cut short
    }
    const bool whole = code == Z_STREAM_END && stream.avail_in == 0;
    inflateEnd(&stream);
    return whole ? std::optional(std::move(text)) : std::nullopt;
}

}  // namespace

LooseObject checkLooseObject(const Project& project, const git_oid& id) {
    const std::string hex = hexOf(id);
    auto packed = base::readTextFile(project.codeGit() / "objects" / hex.substr(0, 2) / hex.substr(2));
    if (!packed)
        return packed.error().code() == base::ErrorCode::NotFound ? LooseObject::Missing : LooseObject::Damaged;
    const auto text = inflated(*std::move(packed));
    if (!text) return LooseObject::Damaged;
    // "type size NUL content"; the name is the hash of all of it, so a wrong size in the head is found too.
    const std::size_t space = text->find(' ');
    const std::size_t head = text->find('\0');
    if (space == std::string::npos || head == std::string::npos || head < space) return LooseObject::Damaged;
    const git_object_t type = git_object_string2type(text->substr(0, space).c_str());
    const std::size_t size = text->size() - head - 1;
    git_oid found{};
    if (type == GIT_OBJECT_INVALID || text->substr(space + 1, head - space - 1) != std::to_string(size) ||
        git_odb_hash(&found, text->data() + head + 1, size, type) != 0)
        return LooseObject::Damaged;
    return git_oid_equal(&found, &id) != 0 ? LooseObject::Whole : LooseObject::Damaged;
}

}  // namespace hindcast::store
