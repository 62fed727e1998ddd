// SPDX-License-Identifier: Apache-2.0
#include "core/syntax/source_encoding.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace hindcast::syntax {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool isEncodingNameCharacter(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
}

/// The name in a comment line `# … coding: name` or `coding=name`, or "".
std::string declaredName(std::string_view line) {
    const auto start = line.find_first_not_of(" \t\f");
    if (start == std::string_view::npos || line[start] != '#') return {};
    for (auto at = line.find("coding", start); at != std::string_view::npos; at = line.find("coding", at + 1)) {
        auto p = at + 6;
        if (p >= line.size() || (line[p] != ':' && line[p] != '=')) continue;
        ++p;
        while (p < line.size() && (line[p] == ' ' || line[p] == '\t')) ++p;
        std::string name;
        for (; p < line.size() && isEncodingNameCharacter(line[p]); ++p) {
            const char c = line[p] == '_' ? '-' : line[p];
            name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
        if (!name.empty()) return name;
    }
    return {};
}

bool startsWithAny(std::string_view name, std::initializer_list<std::string_view> prefixes) {
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](auto prefix) { return name.substr(0, prefix.size()) == prefix; });
}

}  // namespace

base::Result<SourceEncoding> declaredEncoding(std::string_view text) {
    SourceEncoding encoding;
    if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) return encoding;
    std::size_t begin = 0;
    for (int line = 0; line < 2 && begin < text.size(); ++line) {
        const auto end = std::min(text.find('\n', begin), text.size());
        const auto content = text.substr(begin, end - begin);
        const auto name = declaredName(content);
        if (!name.empty()) {
            encoding.name = name;
            break;
        }
        const auto first = content.find_first_not_of(" \t\f\r");
        if (first != std::string_view::npos && content[first] != '#')
            break;  // a second line counts only after a comment
        begin = end + 1;
    }
    const std::string& name = encoding.name;
    if (startsWithAny(name, {"utf-8", "utf8", "u8", "ascii", "us-ascii"})) return encoding;
    encoding.utf8 = false;
    if (startsWithAny(name, {"shift-jis", "shiftjis", "sjis", "s-jis", "cp932", "ms932", "ms-kanji", "gbk", "gb18030",
                             "cp936", "ms936", "936", "big5", "cp950", "johab", "cp949", "949", "uhc", "ms949"})) {
        encoding.doubleByte = true;
        return encoding;
    }
    if (startsWithAny(name, {"latin", "iso-8859", "iso8859", "l1", "8859", "cp12", "windows-12", "12", "cp4", "cp8",
                             "koi8", "euc", "ujis", "gb2312", "mac", "tis-620", "hz", "ptcp154", "kz-1048"})) {
        return encoding;
    }
    return base::Error(base::ErrorCode::Parse,
                       "the declared encoding '" + name + "' is not one that can be edited safely");
}

std::string maskedForParsing(std::string_view text, const SourceEncoding& encoding) {
    std::string masked(text);
    for (std::size_t i = 0; i < masked.size(); ++i) {
        if (static_cast<unsigned char>(masked[i]) < 0x80) continue;
        masked[i] = 'x';
        if (encoding.doubleByte && i + 1 < masked.size() && masked[i + 1] != '\n' && masked[i + 1] != '\r')
            masked[++i] = 'x';
    }
    return masked;
}

bool isWellFormedUtf8(std::string_view text) {
    std::size_t i = 0;
    while (i < text.size()) {
        const auto lead = static_cast<unsigned char>(text[i]);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        const std::size_t extra = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
        if (lead < 0xC2 || lead > 0xF4 || i + extra >= text.size()) return false;
        for (std::size_t k = 1; k <= extra; ++k) {
            if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
        }
        const auto second = static_cast<unsigned char>(text[i + 1]);
        if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) || (lead == 0xF0 && second < 0x90) ||
            (lead == 0xF4 && second > 0x8F)) {
            return false;
        }
        i += extra + 1;
    }
    return true;
}

}  // namespace hindcast::syntax
