// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <QTemporaryDir>

namespace hindcast::support {

/// A project in a folder of its own, whose script is trained for real by the `hindcast` program.
class RecordedProject {
public:
    RecordedProject();

    QString folder() const { return m_folder.path(); }
    void write(const QString& file, const QString& text) const;
    /// Trains `train.py` as it stands with `python`; what went wrong, "" when nothing did.
    QString record(const QString& python) const;
    /// An empty store: Hindcast was set up here and nothing has run yet.
    void makeStore() const;

    /// The same small classifier as three engineers wrote it: oldest first, other names, the loop in a function.
    static QStringList scripts();

private:
    QTemporaryDir m_folder;
};

}  // namespace hindcast::support
