// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QProcess>
#include <QVector>

#include "widgets/shell/surroundings.h"

namespace hindcast::desktop {

/// Looks at what replays need on this computer: an interpreter, PyTorch, a GPU, git, a sandbox. Asks the interpreter in
/// the background, since importing nothing but its metadata still takes a moment.
class MachineCheck : public QObject {
    Q_OBJECT
public:
    explicit MachineCheck(QObject* parent = nullptr);
    ~MachineCheck() override;
    void start();

Q_SIGNALS:
    void checked(const QVector<hindcast::shell::MachineFact>& facts);

private:
    void tryNext();
    void answered();
    void tell(const QString& python, const QString& torch, bool hindcast);

    QProcess m_process;
    QStringList m_candidates;
    QString m_python;
};

}  // namespace hindcast::desktop
