// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/store/check/damage_finder.h"
#include "core/store/check/repair.h"
#include "core/store/check/set_aside.h"

/// Internal to this folder: what repair is made of.
namespace hindcast::store {

/// Where menders put what they replace and say what they did.
class RepairLog {
public:
    RepairLog(const Project& project, RepairReport& report) : m_project(project), m_report(report), m_aside(project) {}

    void add(const fs::path& path, std::string done);
    SetAside& aside() { return m_aside; }
    const Project& project() const { return m_project; }

private:
    const Project& m_project;
    RepairReport& m_report;
    SetAside m_aside;
};

/// Segment files whose chunks cannot be reached because of their header alone. True when there was one: what checkRun
/// said is out of date then.
base::Result<bool> mendSegmentHeaders(RepairLog& log, const fs::path& folder, const base::Uuid& uuid,
                                      const std::set<std::string>& segments);
/// A version or replay that is not being recorded, whose segments have right headers.
base::Result<void> mendRun(RepairLog& log, const fs::path& folder, bool isReplay, const RunDamage& damage);
/// One segment file in place; `uuid` is for its header.
base::Result<void> mendSegment(RepairLog& log, const fs::path& path, const base::Uuid& uuid);
base::Result<void> mendPacks(RepairLog& log);
base::Result<void> mendAnnotations(RepairLog& log);
base::Result<void> mendSources(RepairLog& log);

}  // namespace hindcast::store
