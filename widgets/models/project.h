// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>
#include <filesystem>
#include <functional>
#include <map>
#include <vector>

#include "widgets/look/time_cursor.h"
#include "widgets/models/cell_store.h"
#include "widgets/models/choice.h"
#include "widgets/models/probe_store.h"
#include "widgets/models/query_desk.h"
#include "widgets/models/replay_desk.h"
#include "widgets/models/series_store.h"
#include "widgets/models/source_store.h"
#include "widgets/tasks/workspace_thread.h"

namespace hindcast::models {

/// An open project as the window sees it: the newest snapshots of versions and names, the stores that keep series,
/// cells, sources and probes fresh, and what the user looks at. Looks for news at 5 Hz while something records or
/// replays, every two seconds otherwise. Lives as long as the project is open; panels come and go around it. GUI thread
/// only.
class Project : public QObject {
    Q_OBJECT
public:
    explicit Project(tasks::WorkspaceThread::Open open, QObject* parent = nullptr);
    ~Project() override;

    void open(const std::filesystem::path& path);
    bool isOpen() const { return m_open; }

    const QString& name() const { return m_name; }
    const QString& folder() const { return m_folder; }
    std::int64_t storeBytes() const { return m_storeBytes; }
    /// Newest first.
    const std::vector<workspace::VersionView>& versions() const { return m_versions; }
    const workspace::VersionView* version(const base::Uuid& uuid) const;
    const std::vector<workspace::NameView>& names() const { return m_names; }
    const workspace::NameView* nameView(const QString& name) const;
    /// What a probe logs: its literal names, for a computed name those that came out of replays so far.
    QStringList namesOfProbe(const QString& id) const;
    /// Keeps the series of a name read even when no chart of the Explore workspace shows it.
    void watch(const QString& name);
    /// Longest run in outer iterations.
    std::int64_t outerIterations() const;
    bool isRecording() const;

    Choice& choice() { return m_choice; }
    look::TimeCursor& cursor() { return m_cursor; }
    SeriesStore& series() { return m_series; }
    CellStore& cells() { return m_cells; }
    SourceStore& sources() { return m_sources; }
    ProbeStore& probes() { return m_probes; }
    ReplayDesk& replay() { return m_replay; }
    QueryDesk& queries() { return m_queries; }
    tasks::WorkspaceThread& thread() { return m_thread; }

    /// Marks on versions; the list is read again when they are written.
    void setPinned(const base::Uuid& version, bool on);
    void setBaseline(const base::Uuid& version, bool on);
    void setTag(const base::Uuid& version, const QString& tag, bool on);
    void setNote(const base::Uuid& version, const QString& text);
    /// Versions for which a filter can hold; only the newest question is answered, and only while `asker` lives.
    void filter(const QString& where, QObject* asker, std::function<void(base::Result<std::vector<base::Uuid>>)> done);
    /// What the recorder of a version noticed; only the newest question is answered, and only while `asker` lives.
    void readNotes(const base::Uuid& version, QObject* asker,
                   std::function<void(base::Result<workspace::VersionNotes>)> done);
    /// Looks for news now.
    void refresh();

Q_SIGNALS:
    void opened();
    void openFailed(const hindcast::base::Error& error);
    void versionsChanged();
    void namesChanged();
    void failed(const hindcast::base::Error& error);

private:
    struct News;
    static base::Result<News> look(workspace::Workspace& workspace, bool everything);
    void take(const News& news);
    void takeVersions(const News& news);
    void connectStores();
    void annotate(std::function<base::Result<void>(workspace::Workspace&)> act);
    void showFirstChoice();
    void showReplayed();
    void wantSeries();
    void pace();

    bool m_open = false;
    QString m_name;
    QString m_folder;
    std::int64_t m_storeBytes = 0;
    std::vector<workspace::VersionView> m_versions;
    std::map<base::Uuid, std::size_t> m_rows;
    std::vector<workspace::NameView> m_names;
    QString m_watched;
    bool m_looking = false;
    bool m_stale = false;

    tasks::WorkspaceThread m_thread;
    Choice m_choice;
    look::TimeCursor m_cursor;
    SeriesStore m_series;
    CellStore m_cells;
    SourceStore m_sources;
    ProbeStore m_probes;
    ReplayDesk m_replay;
    QueryDesk m_queries;
    QTimer m_timer;
};

}  // namespace hindcast::models
