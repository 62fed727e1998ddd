// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/cell_store.h"

#include "widgets/tasks/workspace_thread.h"

namespace hindcast::models {

namespace {
constexpr std::size_t kBatch = 32;
}

CellStore::CellStore(tasks::WorkspaceThread& thread, QObject* parent) : QObject(parent), m_thread(thread) {}

void CellStore::setVersions(const std::vector<base::Uuid>& versions) {
    m_versions = versions;
    for (const auto& version : versions) {
        if (!m_cells.contains(version)) m_missing.insert(version);
    }
    read();
}

void CellStore::touch(const std::vector<base::Uuid>& versions) {
    m_missing.insert(versions.begin(), versions.end());
    read();
}

const std::vector<workspace::CellView>& CellStore::cells(const base::Uuid& version) const {
    static const std::vector<workspace::CellView> kNone;
    const auto found = m_cells.find(version);
    return found == m_cells.end() ? kNone : found->second;
}

void CellStore::read() {
    if (m_running || m_missing.empty()) return;
    std::vector<base::Uuid> ordered;
    for (const auto& version : m_versions) {
        if (m_missing.contains(version)) ordered.push_back(version);
    }
    m_missing.clear();
    m_running = true;
    m_thread.run<bool>(
        QString(), tasks::Urgency::Soon,
        [this, ordered](workspace::Workspace& workspace, const tasks::JobControl& control) -> base::Result<bool> {
            Batch batch;
            for (const auto& version : ordered) {
                auto cells = workspace.cells(version);
                batch.emplace_back(version, cells ? *std::move(cells) : std::vector<workspace::CellView>());
                if (batch.size() < kBatch && version != ordered.back()) continue;
                control.report([this, batch] { take(batch); });
                batch.clear();
            }
            return true;
        },
        [this](base::Result<bool>) {
            m_running = false;
            read();
        });
}

void CellStore::take(const Batch& batch) {
    std::vector<base::Uuid> versions;
    for (const auto& [version, cells] : batch) {
        m_cells[version] = cells;
        versions.push_back(version);
    }
    Q_EMIT changed(versions);
}

}  // namespace hindcast::models
