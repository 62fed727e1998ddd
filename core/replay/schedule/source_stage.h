// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <future>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/replay/plan/work.h"
#include "core/store/project.h"
#include "core/store/scratch.h"

namespace hindcast::replay {

/// A version's spliced source on disk, ready for executors.
struct StagedSource {
    std::filesystem::path tree;
    std::vector<std::string> hiddenFiles;  ///< in the newest version's source but not in this one's, sorted
    std::vector<std::string> laterData;    ///< files and folders of the project that changed after the version began
};

/// Writes the spliced trees of a plan's jobs below the store's scratch folder, each when it is first wanted, on a
/// thread of its own, and removes them at the end. One tree serves all units of a job; executors never write to it. Use
/// from one thread.
class SourceStage {
public:
    SourceStage(store::Project project, base::Uuid newest);
    ~SourceStage();

    /// Begins to write the tree of a job, once.
    void prepare(std::size_t version, std::size_t job, const VersionWork& work);
    /// The tree, when it is written; absent while it is being written (prepare begins that).
    std::optional<base::Result<StagedSource>> take(std::size_t version, std::size_t job);
    /// Removes the tree of a job whose units have ended.
    void remove(std::size_t version, std::size_t job);

private:
    using Key = std::pair<std::size_t, std::size_t>;
    struct Entry {
        std::future<base::Result<StagedSource>> writing;
        std::optional<base::Result<StagedSource>> done;
    };

    store::Project m_project;
    base::Uuid m_newest;
    std::optional<store::ScratchFolder> m_folder;
    std::map<Key, Entry> m_entries;
};

}  // namespace hindcast::replay
