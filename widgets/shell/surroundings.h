// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>
#include <QVector>

#include "widgets/look/tokens.h"
#include "widgets/tasks/workspace_thread.h"

namespace hindcast::shell {

/// One line about this computer on the first page.
struct MachineFact {
    look::Meaning meaning = look::Meaning::Neutral;
    QString text;
    QString detail;
};

/// What the window needs from outside and must not do itself: processes, files, settings. The program implements it;
/// tests bring their own. GUI thread only; nothing here blocks.
class Surroundings : public QObject {
    Q_OBJECT
public:
    explicit Surroundings(QObject* parent = nullptr);
    ~Surroundings() override;

    virtual tasks::WorkspaceThread::Open opener() const = 0;

    /// Looks at interpreter, PyTorch, GPU, git and sandbox; answers with machineChecked, maybe several times.
    virtual void checkMachine() = 0;
    /// Records the demo project in the background.
    virtual void recordDemo() = 0;
    virtual void cancelDemo() = 0;
    virtual bool isRecordingDemo() const = 0;
    /// The end of a file that a replay worker printed into.
    virtual QString readOutput(const QString& file) const = 0;

    virtual QStringList recentProjects() const = 0;
    virtual void rememberProject(const QString& folder) = 0;
    virtual QByteArray layoutOf(const QString& page) const = 0;
    virtual void keepLayout(const QString& page, const QByteArray& layout) = 0;

    /// "en" or "ja".
    virtual QString language() const = 0;
    /// Loads the translations and tells every widget (QEvent::LanguageChange); the window builds itself again.
    virtual void setLanguage(const QString& language) = 0;
    virtual void setTheme(look::ThemeKind kind) = 0;

Q_SIGNALS:
    void machineChecked(const QVector<hindcast::shell::MachineFact>& facts);
    /// Versions recorded so far, of how many; the newest line that the recording printed.
    void demoProgress(int done, int total, const QString& line);
    void demoRecorded(const QString& folder);
    void demoFailed(const QString& sentence);
};

}  // namespace hindcast::shell
