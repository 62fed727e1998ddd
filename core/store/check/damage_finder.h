// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/uuid.h"
#include "core/store/check/fsck.h"
#include "core/store/project.h"

/// Internal to this folder: the checks that fsck is made of. Each adds what it finds to a report and fails only when it
/// cannot work.
namespace hindcast::store {

/// Collects damages with paths relative to the store.
class DamageList {
public:
    DamageList(const Project& project, FsckReport& report) : m_project(project), m_report(report) {}

    void add(const fs::path& path, std::string what, std::string costs);
    FsckReport& report() { return m_report; }
    const Project& project() const { return m_project; }

private:
    const Project& m_project;
    FsckReport& m_report;
};

/// run.json, journal, captures, segments of one version or replay.
base::Result<void> checkRun(DamageList& list, const fs::path& folder, bool isReplay);
/// Segment files of packs/.
base::Result<void> checkPacks(DamageList& list);
base::Result<void> checkAnnotations(DamageList& list);
/// Every object of code.git, and every file of every version's tree.
base::Result<void> checkSources(DamageList& list);
/// catalog.db and the column blocks that it names.
base::Result<void> checkIndex(DamageList& list);

}  // namespace hindcast::store
