// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/project.h"

#include <QPointer>
#include <QRegularExpression>
#include <algorithm>

namespace hindcast::models {

namespace {
constexpr int kLiveMs = 200;
constexpr int kIdleMs = 2000;
constexpr int kFirstMetrics = 4;
constexpr int kMostMetrics = 12;
}  // namespace

/// What one look at the workspace brought.
struct Project::News {
    bool versionsRead = false;
    std::vector<workspace::VersionView> versions;
    std::vector<workspace::NameView> names;
    workspace::Changes changes;
    std::int64_t storeBytes = 0;
    std::string name;
    std::string folder;
};

Project::Project(tasks::WorkspaceThread::Open open, QObject* parent)
    : QObject(parent),
      m_thread(std::move(open)),
      m_series(m_thread, nullptr),
      m_cells(m_thread, nullptr),
      m_sources(m_thread, nullptr),
      m_probes(m_thread, nullptr),
      m_replay(m_thread, nullptr),
      m_queries(m_thread, nullptr) {
    connectStores();
}

Project::~Project() = default;

void Project::connectStores() {
    connect(&m_timer, &QTimer::timeout, this, &Project::refresh);
    connect(&m_choice, &Choice::metricsChanged, this, &Project::wantSeries);
    connect(this, &Project::namesChanged, this, [this] {
        if (m_replay.isRunning()) showReplayed();
    });
    connect(&m_probes, &ProbeStore::changed, &m_sources, &SourceStore::readAgain);
    connect(&m_sources, &SourceStore::saved, &m_probes, &ProbeStore::read);
    connect(&m_probes, &ProbeStore::failed, this, &Project::failed);
    connect(&m_probes, &ProbeStore::placementsChanged, this, [this](const QString& id) {
        const auto* probe = m_probes.find(id);
        const bool planned = probe && m_replay.probes().contains(QString::fromStdString(probe->name));
        if (planned && !m_probes.placements(id).placing) m_replay.replan();
    });
    connect(&m_replay, &ReplayDesk::failed, this, &Project::failed);
    connect(&m_replay, &ReplayDesk::started, this, [this] {
        pace();
        showReplayed();
    });
    connect(&m_replay, &ReplayDesk::started, &m_probes, &ProbeStore::read);  // what is replayed is kept
    connect(&m_replay, &ReplayDesk::finished, this, [this] {
        pace();
        refresh();
        m_replay.replan();
    });
}

void Project::open(const std::filesystem::path& path) {
    m_thread.open(path, [this](base::Result<void> result) {
        if (!result) Q_EMIT openFailed(result.error());
    });
    m_thread.run<News>(
        QStringLiteral("news"), tasks::Urgency::Now,
        [](workspace::Workspace& workspace, const tasks::JobControl&) { return look(workspace, true); },
        [this](base::Result<News> news) {
            if (!news) return;
            m_open = true;
            m_name = QString::fromStdString(news->name);
            m_folder = QString::fromStdString(news->folder);
            m_queries.setProject(m_folder);
            take(*news);
            showFirstChoice();
            Q_EMIT opened();
            m_sources.readFiles();
            m_sources.watch(m_folder);
            m_probes.read();
            m_replay.readUnfinished();
            pace();
        });
}

base::Result<Project::News> Project::look(workspace::Workspace& workspace, bool everything) {
    News news;
    HINDCAST_ASSIGN(news.changes, workspace.refresh());
    news.storeBytes = workspace.storeBytes();
    if (!everything && !news.changes.any()) return news;
    HINDCAST_ASSIGN(news.versions, workspace.versions());
    HINDCAST_ASSIGN(news.names, workspace.names());
    news.versionsRead = true;
    news.name = workspace.projectName();
    news.folder = workspace.projectFolder().string();
    return news;
}

void Project::refresh() {
    if (!m_open || m_looking) return;
    m_looking = true;
    const bool everything = std::exchange(m_stale, false);
    m_thread.run<News>(
        QString(), tasks::Urgency::Soon,
        [everything](workspace::Workspace& workspace, const tasks::JobControl&) { return look(workspace, everything); },
        [this](base::Result<News> news) {
            m_looking = false;
            if (!news) return Q_EMIT failed(news.error());
            take(*news);
            if (m_stale) refresh();
        });
}

void Project::take(const News& news) {
    m_storeBytes = news.storeBytes;
    if (news.versionsRead) takeVersions(news);
    if (!news.changes.any()) return;
    m_series.touch(news.changes.series);
    std::vector<base::Uuid> touched = news.changes.versions;
    for (const auto& [version, name] : news.changes.series) touched.push_back(version);
    m_cells.touch(touched);
}

void Project::takeVersions(const News& news) {
    const bool more = news.versions.size() != m_versions.size();
    m_versions = news.versions;
    m_rows.clear();
    std::vector<base::Uuid> uuids;
    for (std::size_t row = 0; row < m_versions.size(); ++row) {
        m_rows[m_versions[row].uuid] = row;
        uuids.push_back(m_versions[row].uuid);
    }
    m_names = news.names;
    m_cursor.setLast(static_cast<double>(outerIterations() - 1));
    const auto baseline =
        std::find_if(m_versions.begin(), m_versions.end(), [](const auto& view) { return view.baseline; });
    m_choice.setBaseline(baseline == m_versions.end() ? std::nullopt : std::optional(baseline->uuid));
    m_choice.setNewest(m_versions.empty() ? std::nullopt : std::optional(m_versions.front().uuid));
    m_series.setVersions(uuids);
    m_cells.setVersions(uuids);
    Q_EMIT versionsChanged();
    Q_EMIT namesChanged();
    pace();
    if (m_open && more) {
        m_probes.read();  // what was typed may stand in the new version now
        m_probes.placeAll();
    }
    if (m_open) m_replay.followOrders();
}

/// The first picture: newest version current, the most common metrics on the charts, the cursor at the end.
void Project::showFirstChoice() {
    std::vector<const workspace::NameView*> shown;
    for (const auto& name : m_names) {
        if (name.numeric && !name.loops.empty()) shown.push_back(&name);
    }
    // What most versions have says most; of those, what is one number per iteration of the main loop.
    std::stable_sort(shown.begin(), shown.end(), [](const auto* a, const auto* b) {
        return a->versions != b->versions ? a->versions > b->versions : a->loops.size() < b->loops.size();
    });
    QStringList metrics;
    for (const auto* name : shown) {
        if (metrics.size() < kFirstMetrics) metrics.append(QString::fromStdString(name->name));
    }
    m_choice.setMetrics(metrics);
    if (!m_versions.empty()) m_choice.setCurrent(m_versions.front().uuid);
    m_cursor.setPosition(m_cursor.last());
}

/// What a replay computes is on the charts while it arrives.
void Project::showReplayed() {
    QStringList metrics = m_choice.metrics();
    for (const auto& probe : m_probes.probes()) {
        if (!m_replay.runningNames().contains(QString::fromStdString(probe.name))) continue;
        for (const QString& name : namesOfProbe(QString::fromStdString(probe.id))) {
            const bool room = metrics.size() < kMostMetrics;
            if (room && !metrics.contains(name)) metrics.append(name);
        }
    }
    m_choice.setMetrics(metrics);
}

QStringList Project::namesOfProbe(const QString& id) const {
    const auto* probe = m_probes.find(id);
    if (!probe) return {};
    QStringList names;
    for (const auto& name : probe->names) names.append(QString::fromStdString(name));
    const QString pattern = QString::fromStdString(probe->name);
    if (!pattern.contains(QLatin1Char('*'))) return names.isEmpty() ? QStringList{pattern} : names;
    const auto expression = QRegularExpression::fromWildcard(pattern);
    for (const auto& view : m_names) {
        const QString name = QString::fromStdString(view.name);
        if (view.replayed && !names.contains(name) && expression.match(name).hasMatch()) names.append(name);
    }
    return names;
}

void Project::watch(const QString& name) {
    if (m_watched == name) return;
    m_watched = name;
    wantSeries();
}

void Project::wantSeries() {
    QStringList names = m_choice.metrics();
    if (!m_watched.isEmpty() && !names.contains(m_watched)) names.append(m_watched);
    m_series.want(names);
}

void Project::pace() {
    const int wanted = m_replay.isRunning() || isRecording() ? kLiveMs : kIdleMs;
    if (m_timer.isActive() && m_timer.interval() == wanted) return;
    m_timer.start(wanted);
}

const workspace::VersionView* Project::version(const base::Uuid& uuid) const {
    const auto found = m_rows.find(uuid);
    return found == m_rows.end() ? nullptr : &m_versions[found->second];
}

const workspace::NameView* Project::nameView(const QString& name) const {
    const auto found = std::find_if(m_names.begin(), m_names.end(),
                                    [wanted = name.toStdString()](const auto& view) { return view.name == wanted; });
    return found == m_names.end() ? nullptr : &*found;
}

std::int64_t Project::outerIterations() const {
    std::int64_t most = 0;
    for (const auto& version : m_versions) most = std::max(most, version.outerIterations);
    return most;
}

bool Project::isRecording() const {
    return std::any_of(m_versions.begin(), m_versions.end(),
                       [](const auto& version) { return version.state == workspace::VersionState::Recording; });
}

void Project::annotate(std::function<base::Result<void>(workspace::Workspace&)> act) {
    m_thread.run<bool>(
        QString(), tasks::Urgency::Now,
        [act = std::move(act)](workspace::Workspace& workspace, const tasks::JobControl&) -> base::Result<bool> {
            HINDCAST_TRY(act(workspace));
            return true;
        },
        [this](base::Result<bool> done) {
            if (!done) return Q_EMIT failed(done.error());
            m_stale = true;
            refresh();
        });
}

void Project::filter(const QString& where, QObject* asker,
                     std::function<void(base::Result<std::vector<base::Uuid>>)> done) {
    m_thread.run<std::vector<base::Uuid>>(
        QStringLiteral("filter"), tasks::Urgency::Now,
        [where](workspace::Workspace& workspace, const tasks::JobControl&) {
            return workspace.filterVersions(where.toStdString());
        },
        [asker = QPointer<QObject>(asker), done = std::move(done)](base::Result<std::vector<base::Uuid>> versions) {
            if (asker) done(std::move(versions));
        });
}

void Project::readNotes(const base::Uuid& version, QObject* asker,
                        std::function<void(base::Result<workspace::VersionNotes>)> done) {
    m_thread.run<workspace::VersionNotes>(
        QStringLiteral("notes"), tasks::Urgency::Now,
        [version](workspace::Workspace& workspace, const tasks::JobControl&) { return workspace.notes(version); },
        [asker = QPointer<QObject>(asker), done = std::move(done)](base::Result<workspace::VersionNotes> notes) {
            if (asker) done(std::move(notes));
        });
}

void Project::setPinned(const base::Uuid& version, bool on) {
    annotate([=](workspace::Workspace& workspace) { return workspace.setPinned(version, on); });
}

void Project::setBaseline(const base::Uuid& version, bool on) {
    annotate([=](workspace::Workspace& workspace) { return workspace.setBaseline(version, on); });
}

void Project::setTag(const base::Uuid& version, const QString& tag, bool on) {
    annotate(
        [=, name = tag.toStdString()](workspace::Workspace& workspace) { return workspace.setTag(version, name, on); });
}

void Project::setNote(const base::Uuid& version, const QString& text) {
    annotate(
        [=, note = text.toStdString()](workspace::Workspace& workspace) { return workspace.setNote(version, note); });
}

}  // namespace hindcast::models
