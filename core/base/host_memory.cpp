// SPDX-License-Identifier: Apache-2.0
#include "core/base/host_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/file.h"

namespace hindcast::base {

namespace {
/// The number that follows `label` in a text, absent when there is none.
std::optional<std::size_t> numberAfter(std::string_view text, std::string_view label) {
    const auto at = text.find(label);
    if (at == std::string_view::npos) return std::nullopt;
    text.remove_prefix(at + label.size());
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() ? std::optional(number) : std::nullopt;
}

std::string contentOf(const std::string& path) {
    const auto bytes = readFile(path);
    return bytes ? std::string(textOf(*bytes)) : std::string();
}

std::optional<std::size_t> leftOfControlGroup() {
    const std::string own = contentOf("/proc/self/cgroup");
    const auto at = own.find("0::");
    if (at == std::string::npos) return std::nullopt;
    const std::string folder = "/sys/fs/cgroup" + own.substr(at + 3, own.find('\n', at) - at - 3);
    const auto limit = numberAfter(contentOf(folder + "/memory.max"), "");
    const auto used = numberAfter(contentOf(folder + "/memory.current"), "");
    if (!limit || !used) return std::nullopt;
    return *limit > *used ? *limit - *used : 0;
}
}  // namespace

std::size_t availableMemory() {
    const auto machine = numberAfter(contentOf("/proc/meminfo"), "MemAvailable:");
    const auto group = leftOfControlGroup();
    if (!machine) return group.value_or(0);
    return std::min(*machine * 1024, group.value_or(std::numeric_limits<std::size_t>::max()));
}

void preferHugePages(void* begin, std::size_t bytes) {
    constexpr std::uintptr_t kHugePage = std::uintptr_t{2} << 20;
    const auto from = reinterpret_cast<std::uintptr_t>(begin);
    const std::uintptr_t first = (from + kHugePage - 1) / kHugePage * kHugePage;
    const std::uintptr_t last = (from + bytes) / kHugePage * kHugePage;
    if (first < last) ::madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
}

}  // namespace hindcast::base
