// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/source_store.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QPointer>
#include <algorithm>

#include "widgets/tasks/workspace_thread.h"

namespace hindcast::models {

namespace {
constexpr qint64 kReportMs = 100;
constexpr int kSettleMs = 150;
constexpr qsizetype kMostWatched = 500;

bool sameText(const SourceStore::SourceText& a, const SourceStore::SourceText& b) {
    const auto sameLine = [](const auto& p, const auto& q) {
        return p.probe == q.probe && p.firstLine == q.firstLine && p.lastLine == q.lastLine;
    };
    return a.text == b.text && a.fromWorkTree == b.fromWorkTree &&
           std::equal(a.probes.begin(), a.probes.end(), b.probes.begin(), b.probes.end(), sameLine);
}
}  // namespace

SourceStore::SourceStore(tasks::WorkspaceThread& thread, QObject* parent) : QObject(parent), m_thread(thread) {
    m_settled.setSingleShot(true);
    m_settled.setInterval(kSettleMs);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, [this] { m_settled.start(); });
    connect(&m_settled, &QTimer::timeout, this, [this] {
        watchFiles();
        readAgain();
        Q_EMIT saved();
    });
    connect(this, &SourceStore::filesChanged, this, &SourceStore::watchFiles);
}

void SourceStore::watch(const QString& folder) {
    m_folder = folder;
    watchFiles();
}

/// Files that were replaced by another of their name are not watched any more; they are again after this.
void SourceStore::watchFiles() {
    if (m_folder.isEmpty()) return;
    const QStringList watched = m_watcher.files();
    QStringList more;
    for (const QString& file : m_files) {
        const QString path = QDir(m_folder).filePath(file);
        if (watched.size() + more.size() >= kMostWatched) break;
        if (!watched.contains(path) && QFile::exists(path)) more.append(path);
    }
    if (!more.isEmpty()) m_watcher.addPaths(more);
}

void SourceStore::readFiles() {
    m_thread.run<std::vector<std::string>>(
        QStringLiteral("source files"), tasks::Urgency::Soon,
        [](workspace::Workspace& workspace, const tasks::JobControl&) { return workspace.sourceFiles(); },
        [this](base::Result<std::vector<std::string>> files) {
            if (!files) return Q_EMIT failed(QString(), files.error());
            QStringList names;
            for (const auto& file : *files) names.append(QString::fromStdString(file));
            if (names == m_files) return;
            m_files = names;
            Q_EMIT filesChanged();
        });
}

const SourceStore::SourceText* SourceStore::newest(const QString& file) const {
    const auto found = m_newest.find(file);
    return found == m_newest.end() ? nullptr : &found->second;
}

void SourceStore::read(const QString& file) {
    m_thread.run<SourceText>(
        QStringLiteral("source ") + file, tasks::Urgency::Now,
        [file](workspace::Workspace& workspace, const tasks::JobControl&) {
            return workspace.newestSource(file.toStdString());
        },
        [this, file](base::Result<SourceText> text) {
            if (!text) return Q_EMIT failed(file, text.error());
            const auto found = m_newest.find(file);
            if (found != m_newest.end() && sameText(found->second, *text)) return;
            m_newest[file] = *std::move(text);
            Q_EMIT changed(file);
        });
}

void SourceStore::readAgain() {
    for (const auto& [file, text] : m_newest) read(file);
}

void SourceStore::readPast(const base::Uuid& version, const QString& file, QObject* asker,
                           std::function<void(base::Result<std::string>)> done) {
    m_thread.run<std::string>(
        QStringLiteral("past source"), tasks::Urgency::Now,
        [version, file](workspace::Workspace& workspace, const tasks::JobControl&) {
            return workspace.pastSource(version, file.toStdString());
        },
        [asker = QPointer<QObject>(asker), done = std::move(done)](base::Result<std::string> text) {
            if (asker) done(std::move(text));
        });
}

void SourceStore::readHistory(const QString& file, int shownLine, QObject* asker,
                              std::function<void(const History&)> more,
                              std::function<void(base::Result<History>)> done) {
    int line = shownLine;
    if (const auto* text = newest(file)) {
        for (const auto& probe : text->probes)
            line -= std::clamp(shownLine - probe.firstLine, 0, probe.lastLine - probe.firstLine + 1);
    }
    m_thread.run<History>(
        QStringLiteral("line history"), tasks::Urgency::Soon,
        [file, line, asker = QPointer<QObject>(asker), more = std::move(more)](
            workspace::Workspace& workspace, const tasks::JobControl& control) -> base::Result<History> {
            History known;
            QElapsedTimer sinceReport;
            sinceReport.start();
            return workspace.lineHistory(
                file.toStdString(), line,
                [&](const workspace::LineInVersion& entry) {
                    known.push_back(entry);
                    if (sinceReport.elapsed() < kReportMs) return;
                    sinceReport.restart();
                    control.report([known, asker, more] {
                        if (asker) more(known);
                    });
                },
                control.stop());
        },
        [asker = QPointer<QObject>(asker), done = std::move(done)](base::Result<History> history) {
            if (asker) done(std::move(history));
        });
}

void SourceStore::stopHistory() {
    m_thread.cancel(QStringLiteral("line history"));
}

}  // namespace hindcast::models
