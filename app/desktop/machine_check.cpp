// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/machine_check.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QProcessEnvironment>
#include <QStandardPaths>
#include <QThread>

#include <unistd.h>

namespace hindcast::desktop {

namespace {
/// Versions without importing torch, which would take seconds.
const char* const kQuestion =
    "import platform, importlib.metadata as m, importlib.util as u\n"
    "def v(n):\n"
    "    try: return m.version(n)\n"
    "    except Exception: return '?' if u.find_spec(n) else ''\n"
    "print(platform.python_version()); print(v('torch')); print(int(u.find_spec('hindcast') is not None))\n";

constexpr int kStopMs = 500;

bool hasProgram(const char* name) {
    return !QStandardPaths::findExecutable(QString::fromLatin1(name)).isEmpty();
}

/// Whether the kernel can keep replays from writing where there is no bubblewrap (landlock_create_ruleset, asked for
/// its version).
bool hasLandlock() {
    constexpr long kCreateRuleset = 444;
    return ::syscall(kCreateRuleset, nullptr, 0, 1) > 0;
}

shell::MachineFact fact(look::Meaning meaning, const QString& text, const QString& detail) {
    return {meaning, text, detail};
}
}  // namespace

MachineCheck::MachineCheck(QObject* parent) : QObject(parent) {
    connect(&m_process, &QProcess::finished, this, &MachineCheck::answered);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) tryNext();
    });
}

MachineCheck::~MachineCheck() {
    m_process.disconnect(this);
    m_process.kill();
    m_process.waitForFinished(kStopMs);
}

void MachineCheck::start() {
    if (m_process.state() != QProcess::NotRunning) return;
    m_candidates = {QStringLiteral("python3"), QStringLiteral("/usr/bin/python3")};
    const QString asked = qEnvironmentVariable("HINDCAST_PYTHON");
    if (!asked.isEmpty()) m_candidates.prepend(asked);
    m_python.clear();
    tryNext();
}

/// The first interpreter with PyTorch counts; without one, the first interpreter at all.
void MachineCheck::tryNext() {
    if (m_candidates.isEmpty()) return tell(m_python, QString(), false);
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PYTHONPATH"),
                       QCoreApplication::applicationDirPath() + QStringLiteral("/../python"));
    m_process.setProcessEnvironment(environment);
    m_process.start(m_candidates.takeFirst(), {QStringLiteral("-c"), QString::fromLatin1(kQuestion)});
}

void MachineCheck::answered() {
    const QStringList lines = QString::fromUtf8(m_process.readAllStandardOutput()).split(QLatin1Char('\n'));
    if (lines.size() < 3) return tryNext();
    if (m_python.isEmpty()) m_python = lines[0];
    if (lines[1].isEmpty() && !m_candidates.isEmpty()) return tryNext();
    tell(lines[0], lines[1], lines[2] == QLatin1String("1"));
}

void MachineCheck::tell(const QString& python, const QString& torch, bool hindcast) {
    using look::Meaning;
    QVector<shell::MachineFact> facts;
    facts.append(python.isEmpty() ? fact(Meaning::Error, tr("No Python found"), tr("recording and replays need it"))
                                  : fact(Meaning::Ok, QStringLiteral("Python ") + python,
                                         hindcast ? tr("hindcast found") : tr("hindcast not found")));
    facts.append(torch.isEmpty()
                     ? fact(Meaning::Warn, tr("No PyTorch found"), tr("install it for the interpreter of your script"))
                     : fact(Meaning::Ok, QStringLiteral("PyTorch ") + torch,
                            tr("CPU, %n core(s)", nullptr, QThread::idealThreadCount())));
    const bool gpu = QFileInfo::exists(QStringLiteral("/proc/driver/nvidia/version"));
    facts.append(gpu ? fact(Meaning::Ok, tr("GPU found"), QString())
                     : fact(Meaning::Info, tr("No GPU found"), tr("replays run on the CPU")));
    facts.append(hasProgram("git")
                     ? fact(Meaning::Ok, QStringLiteral("git"), tr("your commit is noted with each version"))
                     : fact(Meaning::Info, tr("git is not set up here"), tr("code is saved without it")));
    facts.append(hasProgram("bwrap") ? fact(Meaning::Ok, tr("Sandbox"), tr("replays cannot touch your files"))
                 : hasLandlock()
                     ? fact(Meaning::Info, tr("Sandbox: Landlock"), tr("install bubblewrap to isolate replays in full"))
                     : fact(Meaning::Warn, tr("No sandbox"), tr("install bubblewrap to isolate replays")));
    Q_EMIT checked(facts);
}

}  // namespace hindcast::desktop
