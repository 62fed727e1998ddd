// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/workspace/views.h"

namespace hindcast::tasks {
class WorkspaceThread;
}

namespace hindcast::models {

using SeriesPointer = std::shared_ptr<const workspace::Series>;

/// Values that the charts and tables show, read in the background and kept fresh: everything of the wanted names in all
/// versions. Reading never blocks; a series that is not there yet is null. GUI thread only.
class SeriesStore : public QObject {
    Q_OBJECT
public:
    SeriesStore(tasks::WorkspaceThread& thread, QObject* parent);

    /// Null: not read yet. Empty: the version has no such values.
    SeriesPointer find(const base::Uuid& version, const QString& name) const;
    void setVersions(const std::vector<base::Uuid>& versions);
    /// Names to keep read; others are forgotten.
    void want(const QStringList& names);
    /// Values that changed in the store: read again, the old ones stay visible until then.
    void touch(const std::vector<std::pair<base::Uuid, std::string>>& series);
    bool isReading() const { return !m_running.empty(); }
    /// Series of the wanted names read so far, of how many.
    std::pair<int, int> coverage() const;

Q_SIGNALS:
    /// Some series of `name` arrived.
    void changed(const QString& name);
    void readingChanged();

private:
    using Batch = std::vector<std::pair<base::Uuid, SeriesPointer>>;
    void read(const QString& name);
    void take(const QString& name, const Batch& batch);

    tasks::WorkspaceThread& m_thread;
    std::vector<base::Uuid> m_versions;
    QStringList m_wanted;
    std::map<QString, std::map<base::Uuid, SeriesPointer>> m_series;
    std::map<QString, std::set<base::Uuid>> m_missing;
    std::set<QString> m_running;
};

}  // namespace hindcast::models
