// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QProcess>

namespace hindcast::desktop {

/// Runs resources/demo/record and reads its progress lines. At most one recording at a time; ending the program or
/// cancelling stops it between versions, and the next recording goes on where it stopped.
class DemoRecorder : public QObject {
    Q_OBJECT
public:
    explicit DemoRecorder(QObject* parent = nullptr);
    ~DemoRecorder() override;

    void start();
    void cancel();
    bool isRunning() const { return m_process.state() != QProcess::NotRunning; }
    /// Where the demo project goes, or is.
    static QString folder();

Q_SIGNALS:
    void progress(int done, int total, const QString& line);
    void recorded(const QString& folder);
    void failed(const QString& sentence);

private:
    void readLines();
    void finished(int status);

    QProcess m_process;
    bool m_cancelled = false;
};

}  // namespace hindcast::desktop
