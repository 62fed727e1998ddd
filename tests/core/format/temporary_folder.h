// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <vector>

namespace hindcast::format {

/// A test with a folder of its own that is gone afterwards.
class FolderTest : public testing::Test {
protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "hindcast-format-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        m_folder = pattern;
    }
    void TearDown() override { std::filesystem::remove_all(m_folder); }

    /// Replaces a file without syncing it: the tests that damage every byte do this thousands of times.
    static void put(const std::filesystem::path& path, const std::vector<std::byte>& bytes) {
        std::filesystem::remove(path);  // ext4 syncs a file that is truncated and written again
        std::ofstream file(path, std::ios::binary | std::ios::trunc);
        file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        ASSERT_TRUE(file.flush().good());
    }

    std::filesystem::path m_folder;
};

}  // namespace hindcast::format
