// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSettings>

#include "app/desktop/demo_recorder.h"
#include "app/desktop/machine_check.h"
#include "app/desktop/translations.h"
#include "widgets/shell/surroundings.h"

namespace hindcast::desktop {

/// The window's outside on a real computer: workspaces from disk, the demo's recording, settings, translations.
class DesktopSurroundings : public shell::Surroundings {
    Q_OBJECT
public:
    explicit DesktopSurroundings(QObject* parent = nullptr);

    tasks::WorkspaceThread::Open opener() const override;
    void checkMachine() override;
    void recordDemo() override;
    void cancelDemo() override;
    bool isRecordingDemo() const override;
    QString readOutput(const QString& file) const override;
    QStringList recentProjects() const override;
    void rememberProject(const QString& folder) override;
    QByteArray layoutOf(const QString& page) const override;
    void keepLayout(const QString& page, const QByteArray& layout) override;
    QString language() const override;
    void setLanguage(const QString& language) override;
    void setTheme(look::ThemeKind kind) override;

    /// As the user left it, or as the system says.
    QString savedLanguage() const;
    look::ThemeKind savedTheme() const;
    /// For this run only.
    void useLanguage(const QString& language);

private:
    QSettings m_settings;
    DemoRecorder m_demo;
    MachineCheck m_machine;
    Translations m_translations;
};

}  // namespace hindcast::desktop
