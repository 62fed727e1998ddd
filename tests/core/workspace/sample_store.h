// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/base/uuid.h"
#include "core/store/project.h"

namespace hindcast::workspace {

/// A project folder of the test's own with versions whose sources are stored; removed at its end.
class SampleStore {
public:
    SampleStore();
    ~SampleStore();
    SampleStore(const SampleStore&) = delete;
    SampleStore& operator=(const SampleStore&) = delete;

    const std::filesystem::path& root() const { return m_root; }
    /// Writes the files into the project folder (removing Python files that are not named), and records them as a
    /// version that logged the names once per pass of three epochs.
    base::Uuid record(const std::map<std::string, std::string>& files,
                      const std::vector<std::string>& names = {"loss"});
    void write(const std::string& file, const std::string& text) const;
    std::string read(const std::string& file) const;

private:
    std::filesystem::path m_root;
};

}  // namespace hindcast::workspace
