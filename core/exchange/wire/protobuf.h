// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"

/// The wire form of protocol buffers, field by field: no schema, no generated code. What is not known is skipped.
namespace hindcast::exchange {

/// Walks the fields of one message.
///
///     for (ProtoReader fields(bytes); fields.next();) switch (fields.number()) { … }
///
/// A message that breaks off or is no message ends early, and failed() says so. Views point into the bytes given.
class ProtoReader {
public:
    explicit ProtoReader(base::BytesView message) : m_reader(message) {}

    bool next();
    std::uint32_t number() const { return m_number; }
    bool failed() const { return m_failed; }

    /// The field's value; of another wire type: zero, or empty.
    std::int64_t integer() const { return static_cast<std::int64_t>(m_integer); }
    double number64() const;
    float number32() const;
    base::BytesView bytes() const { return m_bytes; }
    std::string_view text() const { return base::textOf(m_bytes); }

    /// Elements of a repeated field, packed or this one alone.
    std::vector<double> doubles() const;
    std::vector<float> floats() const;
    std::vector<std::int64_t> integers() const;

private:
    enum class Wire : std::uint8_t { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };

    bool fail();
    bool take(std::uint64_t wire);

    base::ByteReader m_reader;
    std::uint32_t m_number = 0;
    Wire m_wire = Wire::Varint;
    std::uint64_t m_integer = 0;  ///< of Varint, Fixed64 and Fixed32: the bits
    base::BytesView m_bytes;
    bool m_failed = false;
};

/// Appends fields of one message.
class ProtoWriter {
public:
    void integer(std::uint32_t field, std::int64_t value);
    void number64(std::uint32_t field, double value);
    void number32(std::uint32_t field, float value);
    void bytes(std::uint32_t field, base::BytesView value);
    void text(std::uint32_t field, std::string_view value) { bytes(field, base::bytesOf(value)); }
    void message(std::uint32_t field, const ProtoWriter& value) { bytes(field, value.view()); }
    void doubles(std::uint32_t field, const std::vector<double>& values);

    base::BytesView view() const { return m_out.view(); }

private:
    void tag(std::uint32_t field, std::uint32_t wire);

    base::ByteWriter m_out;
};

}  // namespace hindcast::exchange
