// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/desktop_surroundings.h"

#include <QFile>
#include <algorithm>

#include "widgets/look/theme.h"

namespace hindcast::desktop {

namespace {
constexpr int kMostRecent = 8;
constexpr qint64 kMostOutput = 256 * 1024;

QString layoutKey(const QString& page) {
    return QStringLiteral("layout1/") + page;
}
}  // namespace

DesktopSurroundings::DesktopSurroundings(QObject* parent) : Surroundings(parent) {
    connect(&m_demo, &DemoRecorder::progress, this, &Surroundings::demoProgress);
    connect(&m_demo, &DemoRecorder::recorded, this, &Surroundings::demoRecorded);
    connect(&m_demo, &DemoRecorder::failed, this, &Surroundings::demoFailed);
    connect(&m_machine, &MachineCheck::checked, this, &Surroundings::machineChecked);
}

tasks::WorkspaceThread::Open DesktopSurroundings::opener() const {
    return [](const std::filesystem::path& path) { return workspace::Workspace::open(path); };
}

void DesktopSurroundings::checkMachine() {
    m_machine.start();
}

void DesktopSurroundings::recordDemo() {
    m_demo.start();
}

void DesktopSurroundings::cancelDemo() {
    m_demo.cancel();
}

bool DesktopSurroundings::isRecordingDemo() const {
    return m_demo.isRunning();
}

QString DesktopSurroundings::readOutput(const QString& name) const {
    QFile file(name);
    if (name.isEmpty() || !file.open(QIODevice::ReadOnly)) return QString();
    if (file.size() > kMostOutput) file.seek(file.size() - kMostOutput);
    return QString::fromUtf8(file.readAll());
}

QStringList DesktopSurroundings::recentProjects() const {
    return m_settings.value(QStringLiteral("recent")).toStringList();
}

void DesktopSurroundings::rememberProject(const QString& folder) {
    QStringList recent = recentProjects();
    recent.removeAll(folder);
    recent.prepend(folder);
    m_settings.setValue(QStringLiteral("recent"), recent.mid(0, kMostRecent));
}

QByteArray DesktopSurroundings::layoutOf(const QString& page) const {
    return m_settings.value(layoutKey(page)).toByteArray();
}

void DesktopSurroundings::keepLayout(const QString& page, const QByteArray& layout) {
    m_settings.setValue(layoutKey(page), layout);
}

QString DesktopSurroundings::language() const {
    return m_translations.language();
}

void DesktopSurroundings::setLanguage(const QString& language) {
    m_settings.setValue(QStringLiteral("language"), language);
    m_translations.use(language);
}

void DesktopSurroundings::useLanguage(const QString& language) {
    m_translations.use(language);
}

void DesktopSurroundings::setTheme(look::ThemeKind kind) {
    m_settings.setValue(QStringLiteral("theme"),
                        kind == look::ThemeKind::Dark ? QStringLiteral("dark") : QStringLiteral("light"));
    look::Theme::instance().apply(kind);
}

QString DesktopSurroundings::savedLanguage() const {
    return m_settings.value(QStringLiteral("language"), Translations::ofSystem()).toString();
}

look::ThemeKind DesktopSurroundings::savedTheme() const {
    return m_settings.value(QStringLiteral("theme")).toString() == QLatin1String("dark") ? look::ThemeKind::Dark
                                                                                         : look::ThemeKind::Light;
}

}  // namespace hindcast::desktop
