// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/demo_recorder.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStandardPaths>

namespace hindcast::desktop {

namespace {
constexpr int kStopMs = 2000;

/// The script beside an installed program, else that of the source tree.
QString recordScript() {
    const QString installed = QCoreApplication::applicationDirPath() + QStringLiteral("/../share/hindcast/demo/record");
    return QFileInfo::exists(installed) ? installed : QStringLiteral(HINDCAST_DEMO_FOLDER "/record");
}
}  // namespace

DemoRecorder::DemoRecorder(QObject* parent) : QObject(parent) {
    m_process.setProcessChannelMode(QProcess::SeparateChannels);
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &DemoRecorder::readLines);
    connect(&m_process, &QProcess::finished, this, &DemoRecorder::finished);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            Q_EMIT failed(tr("The demo cannot be recorded: %1").arg(m_process.errorString()));
    });
}

DemoRecorder::~DemoRecorder() {
    m_process.disconnect(this);
    if (!isRunning()) return;
    m_process.terminate();
    m_process.waitForFinished(kStopMs);
}

QString DemoRecorder::folder() {
    const QString asked = qEnvironmentVariable("HINDCAST_DEMO");
    return asked.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
                                 QStringLiteral("/hindcast/demo")
                           : asked;
}

void DemoRecorder::start() {
    if (isRunning()) return;
    m_cancelled = false;
    const QString program = QCoreApplication::applicationDirPath() + QStringLiteral("/hindcast");
    m_process.start(recordScript(), {QStringLiteral("--program"), program, QStringLiteral("--to"), folder()});
}

void DemoRecorder::cancel() {
    m_cancelled = true;
    m_process.terminate();
}

void DemoRecorder::readLines() {
    static const QRegularExpression kLine(QStringLiteral("^\\[(\\d+)/(\\d+)\\] (.*)$"));
    while (m_process.canReadLine()) {
        const QString line = QString::fromUtf8(m_process.readLine()).trimmed();
        const auto match = kLine.match(line);
        if (!match.hasMatch()) continue;
        const bool ended = match.captured(3).startsWith(QLatin1String("recorded"));
        Q_EMIT progress(match.captured(1).toInt() - (ended ? 0 : 1), match.captured(2).toInt(), match.captured(3));
    }
}

void DemoRecorder::finished(int status) {
    if (m_cancelled) return;
    if (m_process.exitStatus() == QProcess::NormalExit && status == 0) return Q_EMIT recorded(folder());
    const QStringList lines = QString::fromUtf8(m_process.readAllStandardError()).trimmed().split(QLatin1Char('\n'));
    Q_EMIT failed(tr("The demo cannot be recorded: %1").arg(lines.last()));
}

}  // namespace hindcast::desktop
