// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <vector>

#include "core/base/uuid.h"
#include "widgets/timeline/timeline_model.h"

namespace hindcast::models {

class Project;

/// The project as the timeline wants it: cells of the store, with what a running replay waits for or works on laid
/// over.
class TimelineAdapter : public timeline::TimelineModel {
    Q_OBJECT
public:
    explicit TimelineAdapter(Project& project, QObject* parent = nullptr);

    int versionCount() const override;
    timeline::Row row(int row) const override;
    int iterationCount(int row) const override;
    timeline::Cell cell(int row, int iteration) const override;

private:
    void follow();
    void cellsChanged(const std::vector<base::Uuid>& versions);
    void overlayReplay();

    Project& m_project;
    std::map<base::Uuid, int> m_rowOf;
    std::vector<std::vector<timeline::Cell>> m_cells;
    /// Iterations that a running replay works on or will.
    std::map<base::Uuid, std::map<int, timeline::Hindsight>> m_live;
};

}  // namespace hindcast::models
