// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFileSystemWatcher>
#include <QObject>
#include <QStringList>
#include <QTimer>
#include <functional>
#include <map>

#include "core/base/result.h"
#include "core/workspace/workspace.h"

namespace hindcast::tasks {
class WorkspaceThread;
}

namespace hindcast::models {

/// Source texts for the editor and the preview, read in the background. GUI thread only.
class SourceStore : public QObject {
    Q_OBJECT
public:
    using SourceText = workspace::Workspace::SourceText;
    SourceStore(tasks::WorkspaceThread& thread, QObject* parent);

    /// Project files that hold source, the main script first.
    const QStringList& files() const { return m_files; }
    void readFiles();
    /// The folder of the project: from now on its files are read again when they are saved, in whatever editor.
    void watch(const QString& folder);
    /// The newest text with the probes spliced in; null until read.
    const SourceText* newest(const QString& file) const;
    /// Reads it again; `changed` comes only when the text or its probe lines differ.
    void read(const QString& file);
    /// All files read so far, again: after a probe came or went.
    void readAgain();
    /// A file of a past version. Only the newest request is answered, and only while `asker` lives.
    void readPast(const base::Uuid& version, const QString& file, QObject* asker,
                  std::function<void(base::Result<std::string>)> done);

    /// Which versions have a line of a file, as the editor shows it; the answers so far come to `more` while the rest
    /// is looked for. Only the newest request is answered, and only while `asker` lives.
    using History = std::vector<workspace::LineInVersion>;
    void readHistory(const QString& file, int shownLine, QObject* asker, std::function<void(const History&)> more,
                     std::function<void(base::Result<History>)> done);
    void stopHistory();

Q_SIGNALS:
    void filesChanged();
    void changed(const QString& file);
    /// Files of the project were saved.
    void saved();
    void failed(const QString& file, const hindcast::base::Error& error);

private:
    void watchFiles();

    tasks::WorkspaceThread& m_thread;
    QString m_folder;
    QFileSystemWatcher m_watcher;
    QTimer m_settled;  ///< editors save in several steps
    QStringList m_files;
    std::map<QString, SourceText> m_newest;
};

}  // namespace hindcast::models
