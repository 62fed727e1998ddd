// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/format/tensors/capture.h"
#include "core/store/check/fsck.h"
#include "core/store/project.h"

/// Internal to this folder: the checks that fsck is made of. Each adds what it finds to a report and fails only when it
/// cannot work.
namespace hindcast::store {

/// Collects damages with paths relative to the store.
class DamageList {
public:
    DamageList(const Project& project, FsckReport& report);

    void add(const fs::path& path, std::string what, std::string costs, std::string remedy);
    /// "version v3 (0192f3c4-…)", or without the number where the annotations do not tell it.
    std::string nameOf(const std::string& version) const;
    FsckReport& report() { return m_report; }
    const Project& project() const { return m_project; }

private:
    const Project& m_project;
    FsckReport& m_report;
    std::map<std::string, int> m_numbers;
};

/// What of a version or replay is damaged, for repair.
struct RunDamage {
    bool recording = false;  ///< a writer has it: it is left alone
    bool runInfo = false;    ///< run.json is missing, does not parse, or is another's
    bool header = false;     ///< of the journal
    bool frames = false;     ///< unreadable stretches, missing numbers, captures that do not decode, no seal
    bool sourcePack = false;
    std::set<format::ChunkPlace> lost;  ///< chunks that captures name and that cannot be read
    std::set<std::string> segments;     ///< names of files in segments/ with a damaged header or records
};

/// run.json, journal, captures, segments, source.pack of one version or replay.
base::Result<RunDamage> checkRun(DamageList& list, const fs::path& folder, bool isReplay);
/// Segment files of packs/.
base::Result<void> checkPacks(DamageList& list);
base::Result<void> checkAnnotations(DamageList& list);
/// Every object of code.git, and every file of every version's tree.
base::Result<void> checkSources(DamageList& list);
/// catalog.db and the column blocks that it names.
base::Result<void> checkIndex(DamageList& list);

}  // namespace hindcast::store
