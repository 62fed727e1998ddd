// SPDX-License-Identifier: Apache-2.0
#include "core/base/host_memory.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace hindcast::base {
namespace {

/// Flags of the mapping that holds an address, as the kernel writes them; "" where it does not.
std::string flagsOf(const void* address) {
    std::ifstream maps("/proc/self/smaps");
    const auto wanted = reinterpret_cast<std::uintptr_t>(address);
    bool inside = false;
    for (std::string line; std::getline(maps, line);) {
        std::uintptr_t begin = 0, end = 0;
        char dash = 0;
        std::istringstream range(line);
        if (range >> std::hex >> begin >> dash >> end && dash == '-') inside = wanted >= begin && wanted < end;
        if (inside && line.rfind("VmFlags:", 0) == 0) return line + " ";
    }
    return {};
}

TEST(HostMemory, IsToldOfAProcess) {
    EXPECT_GT(availableMemory(), 0U);
}

TEST(HostMemory, ComesInHugePagesWhereAnArrayIsLarge) {
    std::vector<std::uint64_t> array{1, 2, 3};
    reserveWhole(array, std::size_t{8} << 20);
    EXPECT_EQ(array, (std::vector<std::uint64_t>{1, 2, 3}));
    ASSERT_GE(array.capacity(), std::size_t{8} << 20);
    const std::string flags = flagsOf(array.data() + (array.capacity() / 2));
    if (!flags.empty() && std::filesystem::exists("/sys/kernel/mm/transparent_hugepage")) {
        EXPECT_NE(flags.find(" hg "), std::string::npos) << flags;
    }
    const std::uint64_t* const place = array.data();
    array.resize(std::size_t{8} << 20, 7);
    EXPECT_EQ(array.data(), place);
    EXPECT_EQ(array.back(), 7U);
    reserveWhole(array, 5);
    EXPECT_EQ(array.size(), std::size_t{8} << 20) << "room is never taken away";
}

TEST(HostMemory, LeavesSmallArraysAlone) {
    std::vector<char> array;
    reserveWhole(array, 1000);
    EXPECT_GE(array.capacity(), 1000U);
    preferHugePages(nullptr, 0);
}

}  // namespace
}  // namespace hindcast::base
