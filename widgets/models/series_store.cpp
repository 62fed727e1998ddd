// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/series_store.h"

#include <algorithm>

#include "widgets/tasks/workspace_thread.h"

namespace hindcast::models {

namespace {
/// Series handed over at once: small enough that a picture takes shape while the rest is read.
constexpr std::size_t kBatch = 8;
}  // namespace

SeriesStore::SeriesStore(tasks::WorkspaceThread& thread, QObject* parent) : QObject(parent), m_thread(thread) {}

SeriesPointer SeriesStore::find(const base::Uuid& version, const QString& name) const {
    const auto named = m_series.find(name);
    if (named == m_series.end()) return nullptr;
    const auto found = named->second.find(version);
    return found == named->second.end() ? nullptr : found->second;
}

void SeriesStore::setVersions(const std::vector<base::Uuid>& versions) {
    std::vector<base::Uuid> added;
    for (const auto& version : versions) {
        if (std::find(m_versions.begin(), m_versions.end(), version) == m_versions.end()) added.push_back(version);
    }
    m_versions = versions;
    if (added.empty()) return;
    for (const QString& name : std::as_const(m_wanted)) {
        m_missing[name].insert(added.begin(), added.end());
        read(name);
    }
}

void SeriesStore::want(const QStringList& names) {
    for (auto it = m_series.begin(); it != m_series.end();) {
        if (names.contains(it->first)) {
            ++it;
        } else {
            m_missing.erase(it->first);
            it = m_series.erase(it);
        }
    }
    const QStringList before = m_wanted;
    m_wanted = names;
    for (const QString& name : names) {
        if (before.contains(name)) continue;
        m_series[name];
        m_missing[name].insert(m_versions.begin(), m_versions.end());
        read(name);
    }
}

void SeriesStore::touch(const std::vector<std::pair<base::Uuid, std::string>>& series) {
    std::set<QString> names;
    for (const auto& [version, name] : series) {
        const QString asked = QString::fromStdString(name);
        if (!m_wanted.contains(asked)) continue;
        m_missing[asked].insert(version);
        names.insert(asked);
    }
    for (const QString& name : names) read(name);
}

std::pair<int, int> SeriesStore::coverage() const {
    int read = 0;
    for (const auto& [name, series] : m_series) read += static_cast<int>(series.size());
    return {read, static_cast<int>(m_wanted.size()) * static_cast<int>(m_versions.size())};
}

/// One job per name at a time; what changes meanwhile waits in m_missing and is read next.
void SeriesStore::read(const QString& name) {
    if (m_running.contains(name)) return;
    auto& missing = m_missing[name];
    if (missing.empty()) return;
    std::vector<base::Uuid> ordered;
    for (const auto& version : m_versions) {
        if (missing.contains(version)) ordered.push_back(version);
    }
    missing.clear();
    m_running.insert(name);
    if (m_running.size() == 1) Q_EMIT readingChanged();
    m_thread.run<bool>(
        QString(), tasks::Urgency::Soon,
        [this, name, ordered](workspace::Workspace& workspace, const tasks::JobControl& control) -> base::Result<bool> {
            Batch batch;
            for (const auto& version : ordered) {
                auto series = workspace.series(version, name.toStdString());
                batch.emplace_back(version, std::make_shared<const workspace::Series>(series ? *std::move(series)
                                                                                             : workspace::Series()));
                if (batch.size() < kBatch && version != ordered.back()) continue;
                control.report([this, name, batch] { take(name, batch); });
                batch.clear();
            }
            return true;
        },
        [this, name](base::Result<bool>) {
            m_running.erase(name);
            if (m_running.empty()) Q_EMIT readingChanged();
            if (m_wanted.contains(name)) read(name);
        });
}

void SeriesStore::take(const QString& name, const Batch& batch) {
    const auto named = m_series.find(name);
    if (named == m_series.end()) return;
    for (const auto& [version, series] : batch) named->second[version] = series;
    Q_EMIT changed(name);
}

}  // namespace hindcast::models
