// SPDX-License-Identifier: Apache-2.0
#include "core/exchange/read/tensor_proto.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "core/exchange/wire/protobuf.h"
#include "core/exchange/wire/texts.h"

namespace hindcast::exchange {

using base::BytesView;
using format::Value;

namespace {

/// TensorFlow's DataType numbers.
enum class DataType : std::int64_t {
    Float = 1,
    Double = 2,
    Int32 = 3,
    UInt8 = 4,
    Int16 = 5,
    Int8 = 6,
    String = 7,
    Int64 = 9,
    Bool = 10,
    BFloat16 = 14,
    UInt16 = 17,
    Half = 19,
    UInt32 = 22,
    UInt64 = 23,
};

struct Tensor {
    DataType type = DataType::Float;
    std::vector<std::int64_t> shape;
    std::vector<double> numbers;
    std::vector<std::int64_t> integers;
    std::vector<std::string> texts;
    BytesView content;
};

std::vector<std::int64_t> shapeOf(BytesView message) {
    std::vector<std::int64_t> shape;
    for (ProtoReader fields(message); fields.next();) {
        if (fields.number() != 2) continue;
        std::int64_t size = 0;
        for (ProtoReader dimension(fields.bytes()); dimension.next();)
            if (dimension.number() == 1) size = dimension.integer();
        shape.push_back(size);
    }
    return shape;
}

double halfOf(std::uint16_t bits) {
    const double sign = (bits & 0x8000U) != 0 ? -1 : 1;
    const int exponent = (bits >> 10U) & 31;
    const int fraction = bits & 1023;
    if (exponent == 31) return fraction == 0 ? sign * HUGE_VAL : std::nan("");
    return exponent == 0 ? sign * std::ldexp(fraction, -24) : sign * std::ldexp(1024 + fraction, exponent - 25);
}

double brainOf(std::uint16_t bits) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

template <class T, class To>
void addElements(BytesView content, std::vector<To>& to) {
    for (std::size_t at = 0; at + sizeof(T) <= content.size(); at += sizeof(T)) {
        T element{};
        std::memcpy(&element, content.data() + at, sizeof element);
        to.push_back(static_cast<To>(element));
    }
}

/// Elements as they lie in memory.
void readContent(Tensor& tensor) {
    std::vector<std::int64_t> bits;
    switch (tensor.type) {
        case DataType::Float:
            return addElements<float>(tensor.content, tensor.numbers);
        case DataType::Double:
            return addElements<double>(tensor.content, tensor.numbers);
        case DataType::Int32:
            return addElements<std::int32_t>(tensor.content, tensor.integers);
        case DataType::UInt8:
        case DataType::Bool:
            return addElements<std::uint8_t>(tensor.content, tensor.integers);
        case DataType::Int16:
            return addElements<std::int16_t>(tensor.content, tensor.integers);
        case DataType::Int8:
            return addElements<std::int8_t>(tensor.content, tensor.integers);
        case DataType::Int64:
        case DataType::UInt64:
            return addElements<std::int64_t>(tensor.content, tensor.integers);
        case DataType::UInt32:
            return addElements<std::uint32_t>(tensor.content, tensor.integers);
        case DataType::UInt16:
            return addElements<std::uint16_t>(tensor.content, tensor.integers);
        case DataType::Half:
        case DataType::BFloat16:
            addElements<std::uint16_t>(tensor.content, tensor.integers);
            return;
        case DataType::String:
            return;
    }
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& more) {
    to.insert(to.end(), more.begin(), more.end());
}

std::optional<Tensor> parse(BytesView message) {
    Tensor tensor;
    ProtoReader fields(message);
    while (fields.next()) {
        switch (fields.number()) {
            case 1:
                tensor.type = static_cast<DataType>(fields.integer());
                break;
            case 2:
                tensor.shape = shapeOf(fields.bytes());
                break;
            case 4:
                tensor.content = fields.bytes();
                break;
            case 5:
                for (const float value : fields.floats()) tensor.numbers.push_back(static_cast<double>(value));
                break;
            case 6:
                append(tensor.numbers, fields.doubles());
                break;
            case 8:
                tensor.texts.push_back(wellFormed(fields.text()));
                break;
            case 7:   // int32 and smaller
            case 10:  // int64
            case 11:  // bool
            case 13:  // half and bfloat16, as bits
            case 16:  // uint32
            case 17:  // uint64
                append(tensor.integers, fields.integers());
                break;
            default:
                break;
        }
    }
    if (fields.failed()) return std::nullopt;
    if (tensor.numbers.empty() && tensor.integers.empty()) readContent(tensor);
    if (tensor.type == DataType::Half || tensor.type == DataType::BFloat16) {
        for (const std::int64_t bits : tensor.integers) {
            const auto half = static_cast<std::uint16_t>(bits);
            tensor.numbers.push_back(tensor.type == DataType::Half ? halfOf(half) : brainOf(half));
        }
        tensor.integers.clear();
    }
    return tensor;
}

/// Elements of the shape; absent when that is no size. One element stands for all where fewer are stored.
std::optional<std::size_t> countOf(const std::vector<std::int64_t>& shape) {
    constexpr std::int64_t kMost = std::int64_t{1} << 27;
    std::int64_t count = 1;
    for (const std::int64_t size : shape) {
        if (size < 0 || size > kMost || (size > 0 && count > kMost / size)) return std::nullopt;
        count *= size;
    }
    return static_cast<std::size_t>(count);
}

/// Buckets without the empty ones at both ends, which writers add so that the outermost edges are infinite.
std::optional<Value> trimmed(std::vector<double> edges, std::vector<double> counts) {
    std::size_t first = 0;
    std::size_t last = counts.size();
    while (first < last && counts[first] == 0) ++first;
    while (last > first && counts[last - 1] == 0) --last;
    if (first == last) return std::nullopt;
    return histogram(
        {edges.begin() + static_cast<std::ptrdiff_t>(first), edges.begin() + static_cast<std::ptrdiff_t>(last) + 1},
        {counts.begin() + static_cast<std::ptrdiff_t>(first), counts.begin() + static_cast<std::ptrdiff_t>(last)});
}

std::optional<Value> bucketsOf(const std::vector<double>& rows) {
    std::vector<double> edges;
    std::vector<double> counts;
    for (std::size_t at = 0; at + 3 <= rows.size(); at += 3) {
        if (edges.empty()) edges.push_back(rows[at]);
        edges.push_back(rows[at + 1]);
        counts.push_back(rows[at + 2]);
    }
    return trimmed(std::move(edges), std::move(counts));
}

}  // namespace

std::optional<Value> valueOfTensor(BytesView message, bool isHistogram) {
    std::optional<Tensor> tensor = parse(message);
    const auto count = tensor ? countOf(tensor->shape) : std::nullopt;
    if (!count) return std::nullopt;
    if (tensor->type == DataType::String) {
        std::string text;
        for (const std::string& part : tensor->texts) text += (text.empty() ? "" : "\n") + part;
        return Value(std::move(text));
    }
    const bool isWhole = !tensor->integers.empty();
    if (tensor->shape.empty() && (isWhole || !tensor->numbers.empty())) {
        if (!isWhole) return Value(tensor->numbers.front());
        const std::int64_t whole = tensor->integers.front();
        if (tensor->type == DataType::Bool) return Value(whole != 0);
        if (tensor->type == DataType::UInt64 && whole < 0)
            return Value(format::BigInteger{std::to_string(static_cast<std::uint64_t>(whole))});
        return Value(whole);
    }
    std::vector<double> numbers = std::move(tensor->numbers);
    for (const std::int64_t value : tensor->integers) numbers.push_back(static_cast<double>(value));
    if (numbers.size() == 1) numbers.resize(*count, numbers.front());
    if (numbers.size() != *count) return std::nullopt;
    if (isHistogram && tensor->shape.size() == 2 && tensor->shape[1] == 3) return bucketsOf(numbers);
    return doubles(numbers, tensor->shape);
}

std::optional<Value> valueOfHistogram(BytesView message) {
    double smallest = 0;
    double largest = 0;
    std::vector<double> limits;
    std::vector<double> counts;
    ProtoReader fields(message);
    while (fields.next()) {
        if (fields.number() == 1) smallest = fields.number64();
        if (fields.number() == 2) largest = fields.number64();
        if (fields.number() == 6) append(limits, fields.doubles());
        if (fields.number() == 7) append(counts, fields.doubles());
    }
    if (fields.failed() || limits.empty() || limits.size() != counts.size()) return std::nullopt;
    std::vector<double> edges{std::min(smallest, limits.front())};
    append(edges, limits);
    // The last limit is often the largest double there is.
    if (edges.back() > largest && largest > edges[edges.size() - 2]) edges.back() = largest;
    return trimmed(std::move(edges), std::move(counts));
}

}  // namespace hindcast::exchange
