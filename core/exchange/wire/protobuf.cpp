// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/wire/protobuf.h"

#include <bit>
#include <cstring>

namespace hindcast::exchange {

using base::BytesView;

bool ProtoReader::fail() {
    m_failed = true;
    return false;
}

bool ProtoReader::next() {
    if (m_failed || m_reader.atEnd()) return false;
    const std::uint64_t tag = m_reader.getVarint();
    constexpr std::uint64_t kMostNumber = (std::uint64_t{1} << 29) - 1;
    if (m_reader.failed() || tag >> 3 == 0 || tag >> 3 > kMostNumber) return fail();
    m_number = static_cast<std::uint32_t>(tag >> 3);
    m_integer = 0;
    m_bytes = {};
    return take(tag & 7) && !m_reader.failed() ? true : fail();
}

bool ProtoReader::take(std::uint64_t wire) {
    m_wire = static_cast<Wire>(wire);
    switch (m_wire) {
        case Wire::Varint:
            m_integer = m_reader.getVarint();
            return true;
        case Wire::Fixed64:
            m_integer = m_reader.get<std::uint64_t>();
            return true;
        case Wire::Fixed32:
            m_integer = m_reader.get<std::uint32_t>();
            return true;
        case Wire::Bytes:
            m_bytes = m_reader.getBytes(static_cast<std::size_t>(m_reader.getVarint()));
            return true;
    }
    return false;  // groups, which none of the formats has
}

double ProtoReader::number64() const {
    return m_wire == Wire::Fixed64 ? std::bit_cast<double>(m_integer) : 0;
}

float ProtoReader::number32() const {
    return m_wire == Wire::Fixed32 ? std::bit_cast<float>(static_cast<std::uint32_t>(m_integer)) : 0;
}

template <class T>
static std::vector<T> elementsOf(BytesView bytes) {
    std::vector<T> values(bytes.size() / sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
    return values;
}

std::vector<double> ProtoReader::doubles() const {
    return m_wire == Wire::Fixed64 ? std::vector{number64()} : elementsOf<double>(m_bytes);
}

std::vector<float> ProtoReader::floats() const {
    return m_wire == Wire::Fixed32 ? std::vector{number32()} : elementsOf<float>(m_bytes);
}

std::vector<std::int64_t> ProtoReader::integers() const {
    if (m_wire == Wire::Varint) return {integer()};
    std::vector<std::int64_t> values;
    for (base::ByteReader reader(m_bytes); !reader.atEnd();) {
        const auto value = static_cast<std::int64_t>(reader.getVarint());
        if (reader.failed()) break;
        values.push_back(value);
    }
    return values;
}

void ProtoWriter::tag(std::uint32_t field, std::uint32_t wire) {
    m_out.putVarint(std::uint64_t{field} << 3 | wire);
}

void ProtoWriter::integer(std::uint32_t field, std::int64_t value) {
    tag(field, 0);
    m_out.putVarint(static_cast<std::uint64_t>(value));
}

void ProtoWriter::number64(std::uint32_t field, double value) {
    tag(field, 1);
    m_out.put(value);
}

void ProtoWriter::number32(std::uint32_t field, float value) {
    tag(field, 5);
    m_out.put(value);
}

void ProtoWriter::bytes(std::uint32_t field, BytesView value) {
    tag(field, 2);
    m_out.putText(base::textOf(value));
}

void ProtoWriter::doubles(std::uint32_t field, const std::vector<double>& values) {
    bytes(field, std::as_bytes(std::span(values)));
}

}  // namespace hindcast::exchange
