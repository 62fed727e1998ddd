// SPDX-License-Identifier: Apache-2.0
#include "core/store/bundle/tar.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

namespace hindcast::store {

using base::Bytes;
using base::BytesView;
using base::Error;
using base::ErrorCode;
using base::File;
using base::Result;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kCopyBytes = std::size_t{4} << 20;
constexpr std::uint64_t kOctalLimit = std::uint64_t{1} << 33;
// Fields of a header: offset and length.
constexpr std::size_t kNameBytes = 100, kModeAt = 100, kSizeAt = 124, kTimeAt = 136, kChecksumAt = 148, kTypeAt = 156,
                      kMagicAt = 257, kPrefixAt = 345, kPrefixBytes = 155;

using Header = std::array<char, kBlock>;

void putOctal(Header& header, std::size_t at, std::size_t digits, std::uint64_t value) {
    for (std::size_t i = digits; i-- > 0; value >>= 3) header[at + i] = static_cast<char>('0' + (value & 7));
}

void putSize(Header& header, std::uint64_t size) {
    if (size < kOctalLimit) {
        putOctal(header, kSizeAt, 11, size);
        return;
    }
    header[kSizeAt] = static_cast<char>(0x80);
    for (std::size_t i = 11; i > 0; --i, size >>= 8) header[kSizeAt + i] = static_cast<char>(size & 0xFF);
}

std::uint64_t checksumOf(const Header& header) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < kBlock; ++i) {
        const bool own = i >= kChecksumAt && i < kChecksumAt + 8;
        sum += own ? std::uint64_t{' '} : static_cast<std::uint64_t>(static_cast<unsigned char>(header[i]));
    }
    return sum;
}

/// Splits a long name at a slash; names here are far shorter than what ustar holds.
Result<Header> headerFor(const std::string& name, std::uint64_t size) {
    Header header{};
    std::size_t cut = 0;
    if (name.size() > kNameBytes) {
        cut = name.rfind('/', kPrefixBytes);
        if (cut == std::string::npos || name.size() - cut - 1 > kNameBytes)
            return Error(ErrorCode::InvalidArgument, "the name " + name + " is too long for a bundle");
        std::memcpy(header.data() + kPrefixAt, name.data(), cut);
        ++cut;
    }
    std::memcpy(header.data(), name.data() + cut, name.size() - cut);
    putOctal(header, kModeAt, 7, 0600);
    putOctal(header, kModeAt + 8, 7, 0);
    putOctal(header, kModeAt + 16, 7, 0);
    putSize(header, size);
    putOctal(header, kTimeAt, 11, 0);
    header[kTypeAt] = '0';
    std::memcpy(header.data() + kMagicAt, "ustar\00000", 8);
    putOctal(header, kChecksumAt, 6, checksumOf(header));
    header[kChecksumAt + 7] = ' ';
    return header;
}

Result<void> copyBytes(const File& from, std::uint64_t offset, std::uint64_t count, File& to) {
    Bytes buffer;
    for (std::uint64_t done = 0; done < count;) {
        const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(kCopyBytes, count - done));
        HINDCAST_ASSIGN(const std::size_t got, from.readInto(offset + done, buffer, part));
        if (got != part) return Error(ErrorCode::Damaged, from.path().string() + " is shorter than it should be");
        HINDCAST_TRY(to.write(BytesView(buffer).first(part)));
        done += part;
    }
    return {};
}

Result<void> putFile(const fs::path& path, const std::string& name, File& tar) {
    HINDCAST_ASSIGN(const File file, File::open(path, File::Mode::Read));
    HINDCAST_ASSIGN(const std::uint64_t size, file.size());
    HINDCAST_ASSIGN(const Header header, headerFor(name, size));
    HINDCAST_TRY(tar.write(std::as_bytes(std::span(header))));
    HINDCAST_TRY(copyBytes(file, 0, size, tar));
    const Bytes padding((kBlock - size % kBlock) % kBlock);
    return tar.write(padding);
}

struct Entry {
    std::string name;
    char type = '0';
    std::uint64_t size = 0;
};

std::string fieldText(const Header& header, std::size_t at, std::size_t length) {
    return std::string(header.data() + at, strnlen(header.data() + at, length));
}

std::uint64_t getOctal(const Header& header, std::size_t at, std::size_t length) {
    std::uint64_t value = 0;
    for (std::size_t i = at; i < at + length && header[i] >= '0' && header[i] <= '7'; ++i)
        value = value << 3 | static_cast<std::uint64_t>(header[i] - '0');
    return value;
}

/// The entry at `offset`; absent at the end of the archive.
Result<std::optional<Entry>> entryAt(const File& tar, std::uint64_t offset) {
    Header header{};
    HINDCAST_TRY(tar.readExactlyAt(offset, std::as_writable_bytes(std::span(header))));
    if (std::all_of(header.begin(), header.end(), [](char c) { return c == 0; })) return std::optional<Entry>();
    if (std::memcmp(header.data() + kMagicAt, "ustar", 5) != 0 ||
        getOctal(header, kChecksumAt, 8) != checksumOf(header))
        return Error(ErrorCode::Damaged, tar.path().string() + " is no bundle, or is damaged");
    Entry entry;
    const std::string prefix = fieldText(header, kPrefixAt, kPrefixBytes);
    entry.name = (prefix.empty() ? "" : prefix + "/") + fieldText(header, 0, kNameBytes);
    entry.type = header[kTypeAt] == 0 ? '0' : header[kTypeAt];
    entry.size = getOctal(header, kSizeAt, 12);
    if ((static_cast<unsigned char>(header[kSizeAt]) & 0x80) != 0) {
        entry.size = 0;
        for (std::size_t i = 4; i < 12; ++i)
            entry.size = entry.size << 8 | static_cast<unsigned char>(header[kSizeAt + i]);
    }
    return std::optional<Entry>(std::move(entry));
}

bool staysBelow(const std::string& name, const std::string& prefix) {
    if (!name.starts_with(prefix + "/")) return false;
    for (const auto& part : fs::path(name))
        if (part == ".." || part == ".") return false;
    return true;
}

}  // namespace

Result<void> writeTar(const fs::path& folder, const std::string& prefix, const std::string& first,
                      const fs::path& tar) {
    std::vector<std::string> names;
    std::error_code code;
    for (fs::recursive_directory_iterator it(folder, code), end; !code && it != end; it.increment(code))
        if (it->is_regular_file()) names.push_back(it->path().lexically_relative(folder).string());
    if (code) return Error::fromErrno(code.value(), "cannot list " + folder.string());
    std::sort(names.begin(), names.end(), [&first](const std::string& a, const std::string& b) {
        return std::pair(a != first, std::string_view(a)) < std::pair(b != first, std::string_view(b));
    });
    HINDCAST_ASSIGN(File file, File::open(tar, File::Mode::CreateNew));
    for (const std::string& name : names) HINDCAST_TRY(putFile(folder / name, prefix + "/" + name, file));
    const Bytes end(2 * kBlock);
    HINDCAST_TRY(file.write(end));
    HINDCAST_TRY(file.sync());
    return file.close();
}

Result<void> readTar(const fs::path& tar, const std::string& prefix, const fs::path& folder) {
    HINDCAST_ASSIGN(const File file, File::open(tar, File::Mode::Read));
    HINDCAST_ASSIGN(const std::uint64_t total, file.size());
    for (std::uint64_t offset = 0;;) {
        HINDCAST_ASSIGN(const auto entry, entryAt(file, offset));
        if (!entry) return {};
        offset += kBlock;
        if (entry->size > total - std::min(total, offset))
            return Error(ErrorCode::Damaged, tar.string() + " is cut off: copy or export it again");
        const bool below = staysBelow(entry->name, prefix);
        if ((entry->type != '0' && entry->type != '5') || !below)
            return Error(ErrorCode::Damaged, tar.string() + " holds " + entry->name + ", which no bundle does");
        if (entry->type == '0') {
            const fs::path target = folder / entry->name.substr(prefix.size() + 1);
            HINDCAST_TRY(base::makeFolder(target.parent_path()));
            HINDCAST_ASSIGN(File out, File::open(target, File::Mode::CreateNew));
            HINDCAST_TRY(copyBytes(file, offset, entry->size, out));
            HINDCAST_TRY(out.sync());
        }
        offset += (entry->size + kBlock - 1) / kBlock * kBlock;
    }
}

bool isTarWith(const fs::path& path, const std::string& firstName) {
    std::error_code ignored;
    if (!fs::is_regular_file(path, ignored)) return false;
    const auto file = File::open(path, File::Mode::Read);
    if (!file) return false;
    const auto entry = entryAt(*file, 0);
    return entry && *entry && (*entry)->name == firstName;
}

}  // namespace hindcast::store
