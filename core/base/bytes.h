// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace hindcast::base {

static_assert(std::endian::native == std::endian::little, "the store is little-endian and so are the hosts supported");

using Bytes = std::vector<std::byte>;
using BytesView = std::span<const std::byte>;

inline BytesView bytesOf(std::string_view text) {
    return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}
inline std::string_view textOf(BytesView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Appends little-endian fields to a growing buffer.
class ByteWriter {
public:
    template <class T>
    requires std::is_arithmetic_v<T>
    void put(T value) {
        const auto* from = reinterpret_cast<const std::byte*>(&value);
        m_bytes.insert(m_bytes.end(), from, from + sizeof value);
    }
    /// Unsigned LEB128.
    void putVarint(std::uint64_t value) {
        while (value >= 0x80) {
            m_bytes.push_back(static_cast<std::byte>((value & 0x7F) | 0x80));
            value >>= 7;
        }
        m_bytes.push_back(static_cast<std::byte>(value));
    }
    /// Zigzag LEB128 of a signed integer.
    void putSignedVarint(std::int64_t value) {
        putVarint((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
    }
    void putBytes(BytesView bytes) { m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end()); }
    /// Varint length, then the bytes.
    void putText(std::string_view text) {
        putVarint(text.size());
        putBytes(bytesOf(text));
    }

    std::size_t size() const { return m_bytes.size(); }
    BytesView view() const { return m_bytes; }
    Bytes take() { return std::move(m_bytes); }
    void clear() { m_bytes.clear(); }

private:
    Bytes m_bytes;
};

/// Reads little-endian fields. A read past the end yields zero and latches failed(): check once, at the end.
class ByteReader {
public:
    explicit ByteReader(BytesView bytes) : m_bytes(bytes) {}

    template <class T>
    requires std::is_arithmetic_v<T> T get() {
        T value{};
        if (m_bytes.size() - m_at < sizeof value) return fail(value);
        std::memcpy(&value, m_bytes.data() + m_at, sizeof value);
        m_at += sizeof value;
        return value;
    }
    std::uint64_t getVarint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const auto byte = get<std::uint8_t>();
            value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
            if (byte < 0x80) return value;
        }
        return fail(value);
    }
    std::int64_t getSignedVarint() {
        const std::uint64_t raw = getVarint();
        return static_cast<std::int64_t>(raw >> 1) ^ -static_cast<std::int64_t>(raw & 1);
    }
    BytesView getBytes(std::size_t count) {
        if (m_bytes.size() - m_at < count) return fail(BytesView{});
        BytesView out = m_bytes.subspan(m_at, count);
        m_at += count;
        return out;
    }
    std::string_view getText() { return textOf(getBytes(static_cast<std::size_t>(getVarint()))); }

    bool failed() const { return m_failed; }
    bool atEnd() const { return m_at == m_bytes.size(); }
    std::size_t position() const { return m_at; }

private:
    template <class T>
    T fail(T value) {
        m_failed = true;
        m_at = m_bytes.size();
        return value;
    }

    BytesView m_bytes;
    std::size_t m_at = 0;
    bool m_failed = false;
};

}  // namespace hindcast::base
