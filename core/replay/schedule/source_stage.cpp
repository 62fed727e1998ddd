// SPDX-License-Identifier: Apache-2.0
#include "core/replay/schedule/source_stage.h"

#include <algorithm>
#include <set>

#include "core/base/file.h"
#include "core/replay/pool/later_data.h"
#include "core/store/source/source_trees.h"

namespace hindcast::replay {

namespace fs = std::filesystem;
using base::Result;

namespace {

/// Code that came after this version: its own imports must not find it.
std::vector<std::string> laterFiles(const store::SourceTrees& trees, const base::Uuid& version,
                                    const base::Uuid& newest) {
    const auto own = trees.list(version);
    const auto later = trees.list(newest);
    std::vector<std::string> hidden;
    if (!own || !later) return hidden;
    std::set<std::string> known;
    for (const store::SourceFile& file : *own) known.insert(file.path);
    for (const store::SourceFile& file : *later) {
        if (!known.contains(file.path)) hidden.push_back(file.path);
    }
    std::sort(hidden.begin(), hidden.end());
    return hidden;
}

Result<StagedSource> write(const store::Project& project, const VersionWork& work, const base::Uuid& newest,
                           const std::map<std::string, std::string>& changed, const fs::path& folder) {
    HINDCAST_ASSIGN(const store::SourceTrees trees, store::SourceTrees::open(project));
    HINDCAST_TRY(trees.exportTree(work.version, folder));
    for (const auto& [file, text] : changed)
        HINDCAST_TRY(base::writeFileAtomically(folder / file, base::bytesOf(text)));
    return StagedSource{folder, laterFiles(trees, work.version, newest),
                        laterData(project.root(), folder, work.process.startedMicros)};
}

}  // namespace

SourceStage::SourceStage(store::Project project, base::Uuid newest) : m_project(std::move(project)), m_newest(newest) {}

SourceStage::~SourceStage() {
    for (auto& [key, entry] : m_entries) {
        if (entry.writing.valid()) entry.writing.wait();
    }
}

void SourceStage::prepare(std::size_t version, std::size_t job, const VersionWork& work) {
    const Key key{version, job};
    if (m_entries.contains(key)) return;
    if (!m_folder) {
        auto folder = store::ScratchFolder::make(m_project.scratch(), "source");
        if (!folder) {
            m_entries[key].done = folder.error();
            return;
        }
        m_folder.emplace(*std::move(folder));
    }
    const fs::path folder = m_folder->path() / (work.version.text() + "-" + std::to_string(job));
    m_entries[key].writing =
        std::async(std::launch::async, write, m_project, work, m_newest, work.jobs[job].source.files, folder);
}

std::optional<Result<StagedSource>> SourceStage::take(std::size_t version, std::size_t job) {
    const auto found = m_entries.find({version, job});
    if (found == m_entries.end()) return std::nullopt;
    Entry& entry = found->second;
    if (!entry.done) {
        if (entry.writing.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return std::nullopt;
        entry.done = entry.writing.get();
    }
    return entry.done;
}

void SourceStage::remove(std::size_t version, std::size_t job) {
    const auto found = m_entries.find({version, job});
    if (found == m_entries.end()) return;
    if (found->second.writing.valid()) found->second.writing.wait();
    if (found->second.done && *found->second.done) {
        static_cast<void>(base::removeTree((*found->second.done)->tree).has_value());
    }
    m_entries.erase(found);
}

}  // namespace hindcast::replay
