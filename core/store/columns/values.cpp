// SPDX-License-Identifier: Apache-2.0
#include "core/store/columns/values.h"

namespace hindcast::store {

Value ValueSeries::valueAt(std::size_t row) const {
    switch (kindAt(row)) {
        case ValueKind::Double:
            return numbers[row];
        case ValueKind::Int:
            return integers[row];
        case ValueKind::Bool:
            return numbers[row] != 0;
        case ValueKind::Text:
            return texts[row];
        case ValueKind::BigInt:
            return BigInteger{texts[row]};
        case ValueKind::Rich:
            return RichValue{texts[row]};
        case ValueKind::None:
            break;
    }
    return std::monostate{};
}

Coordinates ValueSeries::coordinatesAt(std::size_t row) const {
    Coordinates out;
    for (std::size_t level = 0; level < loops.size(); ++level)
        out.push_back({loops[level], occurrenceAt(level, row), index[level][row]});
    return out;
}

}  // namespace hindcast::store
