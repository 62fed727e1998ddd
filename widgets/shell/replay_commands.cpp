// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/replay_commands.h"

#include <QCoreApplication>

#include "widgets/commands/command_set.h"
#include "widgets/models/project.h"
#include "widgets/shell/main_window.h"

namespace hindcast::shell {

namespace {
using commands::CommandSet;
using Keys = QList<QKeySequence>;

/// The context of the sentences in this file.
class WindowCommands {
    Q_DECLARE_TR_FUNCTIONS(WindowCommands)
};

QString id(const char* name) {
    return QString::fromLatin1(name);
}

std::function<QString()> needsProject(MainWindow& window) {
    return [&window] { return window.project() ? QString() : WindowCommands::tr("Open a project first"); };
}

QString whyNoReplay(MainWindow& window) {
    if (!window.project()) return WindowCommands::tr("Open a project first");
    const auto& replay = window.project()->replay();
    if (replay.isRunning() || replay.isStarting()) return WindowCommands::tr("A replay is running");
    if (replay.isPlanning()) return WindowCommands::tr("The plan is being made");
    if (!replay.plan()) return WindowCommands::tr("Choose a probe first");
    if (!replay.plan()->missingConsent.empty())
        return WindowCommands::tr("The plan asks whether past code may run here");
    return replay.canStart() ? QString() : WindowCommands::tr("Nothing in the plan needs to run");
}
}  // namespace

void addReplayCommands(MainWindow& window, CommandSet& set) {
    const auto idle = [&window] {
        return window.project() && window.project()->replay().isRunning() ? QString()
                                                                          : WindowCommands::tr("No replay is running");
    };
    set.add({id("replay.plan"),
             WindowCommands::tr("P&lan a replay…"),
             id("replay"),
             id("queue"),
             Keys{QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R)},
             [&window] { window.showPage(MainWindow::Probe); },
             needsProject(window),
             {}});
    set.add({id("replay.start"),
             WindowCommands::tr("&Replay"),
             id("replay"),
             id("replay"),
             Keys{QKeySequence(Qt::CTRL | Qt::Key_Return)},
             [&window] { window.project()->replay().start(); },
             [&window] { return whyNoReplay(window); },
             {}});
    set.add({id("replay.dry"),
             WindowCommands::tr("&Dry run of one epoch"),
             id("replay"),
             id("check"),
             {},
             [&window] { window.project()->replay().startDryRun(); },
             [&window] { return whyNoReplay(window); },
             {}});
    set.separatorBefore(id("replay.pause"));
    set.add({id("replay.pause"), WindowCommands::tr("&Pause"), id("replay"), id("pause"),
             Keys{QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P)},
             [&window] { window.project()->replay().setPaused(!window.project()->replay().isPaused()); }, idle,
             [&window] { return window.project() && window.project()->replay().isPaused(); }});
    set.add({id("replay.cancel"),
             WindowCommands::tr("&Cancel the replay"),
             id("replay"),
             id("stop"),
             Keys{QKeySequence(Qt::CTRL | Qt::Key_Period)},
             [&window] { window.project()->replay().cancel(); },
             idle,
             {}});
}

}  // namespace hindcast::shell
