// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace hindcast::base {

/// Bytes that this process can still use without pushing anything out: the machine's, or what is left of its control
/// group's limit (version 2) where that is less. 0 when neither can be told.
std::size_t availableMemory();

/// Asks that memory which was not written yet comes in pages of 2 MiB: the first write of each of 512 small ones costs
/// more than filling them. Nothing where it holds no whole one or the system has none.
void preferHugePages(void* begin, std::size_t bytes);

/// Room for `count` elements, in huge pages where it is large.
template <class T>
void reserveWhole(std::vector<T>& array, std::size_t count) {
    if (count <= array.capacity()) return;
    array.reserve(count);
    const std::size_t used = array.size();
    preferHugePages(array.data() + used, (array.capacity() - used) * sizeof(T));
}

}  // namespace hindcast::base
