// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <map>
#include <set>
#include <vector>

#include "core/workspace/views.h"

namespace hindcast::tasks {
class WorkspaceThread;
}

namespace hindcast::models {

/// The timeline's cells of every version, read in the background. GUI thread only.
class CellStore : public QObject {
    Q_OBJECT
public:
    CellStore(tasks::WorkspaceThread& thread, QObject* parent);

    void setVersions(const std::vector<base::Uuid>& versions);
    /// Versions whose cells changed: read again, the old ones stay visible until then.
    void touch(const std::vector<base::Uuid>& versions);
    /// By outer iteration; empty while not read.
    const std::vector<workspace::CellView>& cells(const base::Uuid& version) const;
    /// Versions read so far.
    int known() const { return static_cast<int>(m_cells.size()); }

Q_SIGNALS:
    void changed(const std::vector<hindcast::base::Uuid>& versions);

private:
    using Batch = std::vector<std::pair<base::Uuid, std::vector<workspace::CellView>>>;
    void read();
    void take(const Batch& batch);

    tasks::WorkspaceThread& m_thread;
    std::vector<base::Uuid> m_versions;
    std::map<base::Uuid, std::vector<workspace::CellView>> m_cells;
    std::set<base::Uuid> m_missing;
    bool m_running = false;
};

}  // namespace hindcast::models
