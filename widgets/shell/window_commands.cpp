// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/window_commands.h"

#include <QApplication>
#include <QCoreApplication>
#include <QMessageBox>
#include <QUndoStack>

#include "widgets/commands/command_set.h"
#include "widgets/explore/charts_panel.h"
#include "widgets/explore/explore_page.h"
#include "widgets/explore/timeline_panel.h"
#include "widgets/look/theme.h"
#include "widgets/models/project.h"
#include "widgets/shell/analyze_commands.h"
#include "widgets/shell/main_window.h"
#include "widgets/shell/probe_page.h"
#include "widgets/shell/surroundings.h"
#include "widgets/timeline/timeline_view.h"
#include "widgets/values/values_panel.h"
#include "widgets/versions/version_menu.h"
#include "widgets/versions/versions_panel.h"

namespace hindcast::shell {

namespace {
using commands::Command;
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

std::function<QString()> needsVersion(MainWindow& window) {
    return [&window] {
        if (!window.project()) return WindowCommands::tr("Open a project first");
        return window.project()->choice().current() ? QString() : WindowCommands::tr("Choose a version first");
    };
}

void addFile(MainWindow& window, CommandSet& set) {
    set.add({id("file.open"),
             WindowCommands::tr("&Open a project folder…"),
             id("file"),
             id("folder"),
             Keys{QKeySequence::Open},
             [&window] { window.chooseFolder(); },
             {},
             {}});
    set.add({id("file.demo"),
             WindowCommands::tr("Try the &demo project"),
             id("file"),
             id("demo"),
             {},
             [&window] { window.surroundings().recordDemo(); },
             [&window] {
                 return window.surroundings().isRecordingDemo() ? WindowCommands::tr("The demo is being recorded")
                                                                : QString();
             },
             {}});
    set.separatorBefore(id("file.quit"));
    set.add({id("file.quit"),
             WindowCommands::tr("&Quit"),
             id("file"),
             QString(),
             Keys{QKeySequence::Quit},
             [&window] { window.close(); },
             {},
             {}});
}

void addEdit(MainWindow& window, CommandSet& set) {
    const auto stack = [&window] { return window.project() ? window.project()->probes().undoStack() : nullptr; };
    set.add({id("edit.undo"),
             WindowCommands::tr("&Undo"),
             id("edit"),
             id("undo"),
             Keys{QKeySequence::Undo},
             [stack] { stack()->undo(); },
             [stack] { return stack() && stack()->canUndo() ? QString() : WindowCommands::tr("Nothing to undo"); },
             {}});
    set.add({id("edit.redo"),
             WindowCommands::tr("&Redo"),
             id("edit"),
             id("redo"),
             Keys{QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z)},
             [stack] { stack()->redo(); },
             [stack] { return stack() && stack()->canRedo() ? QString() : WindowCommands::tr("Nothing to redo"); },
             {}});
    set.separatorBefore(id("probe.add"));
    const auto needsProbe = [&window] {
        if (!window.project()) return WindowCommands::tr("Open a project first");
        return window.project()->choice().probe().isEmpty() ? WindowCommands::tr("Choose a probe first") : QString();
    };
    set.add({id("probe.add"),
             WindowCommands::tr("&Add probe"),
             id("edit"),
             id("probe-statement"),
             Keys{QKeySequence(Qt::CTRL | Qt::Key_L)},
             [&window] {
                 window.showPage(MainWindow::Probe);
                 window.probePage()->startProbe();
             },
             needsProject(window),
             {}});
    set.add({id("probe.edit"),
             WindowCommands::tr("&Edit probe"),
             id("edit"),
             id("by-hand"),
             Keys{QKeySequence(Qt::Key_F2)},
             [&window] {
                 window.showPage(MainWindow::Probe);
                 window.probePage()->editProbe();
             },
             needsProbe,
             {}});
    set.add({id("probe.remove"),
             WindowCommands::tr("Re&move probe"),
             id("edit"),
             id("minus"),
             Keys{QKeySequence(Qt::CTRL | Qt::Key_Delete)},
             [&window] { window.project()->probes().remove(window.project()->choice().probe()); },
             needsProbe,
             {}});
    set.add({id("probe.history"),
             WindowCommands::tr("&History of the line"),
             id("edit"),
             id("clock"),
             Keys{QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_H)},
             [&window] {
                 window.showPage(MainWindow::Probe);
                 window.probePage()->showHistory();
             },
             needsProject(window),
             {}});
    set.separatorBefore(id("values.copy"));
    set.add({id("values.copy"),
             WindowCommands::tr("&Copy the values at the cursor"),
             id("edit"),
             id("copy"),
             Keys{QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C)},
             [&window] { window.explorePage()->values()->copy(); },
             needsProject(window),
             {}});
}

void addPages(MainWindow& window, CommandSet& set) {
    set.add({id("view.palette"),
             WindowCommands::tr("&Search commands"),
             id("view"),
             id("search"),
             Keys{QKeySequence(Qt::CTRL | Qt::Key_K)},
             [&window] { window.openPalette(); },
             {},
             {}});
    set.add({id("view.explore"), WindowCommands::tr("&Explore"), id("view"), id("chart-grid"),
             Keys{QKeySequence(Qt::CTRL | Qt::Key_1)}, [&window] { window.showPage(MainWindow::Explore); },
             needsProject(window), [&window] { return window.page() == MainWindow::Explore; }});
    set.add({id("view.probe"), WindowCommands::tr("&Probe"), id("view"), id("probe-statement"),
             Keys{QKeySequence(Qt::CTRL | Qt::Key_2)}, [&window] { window.showPage(MainWindow::Probe); },
             needsProject(window), [&window] { return window.page() == MainWindow::Probe; }});
    set.separatorBefore(id("charts.grid"));
    set.add({id("charts.grid"),
             WindowCommands::tr("Small &multiples"),
             id("view"),
             id("chart-grid"),
             {},
             [&window] { window.explorePage()->charts()->setOneColumn(!window.explorePage()->charts()->oneColumn()); },
             needsProject(window),
             [&window] { return window.explorePage() && !window.explorePage()->charts()->oneColumn(); }});
    set.add({id("charts.fit"),
             WindowCommands::tr("&Fit the charts"),
             id("view"),
             id("zoom-fit"),
             {},
             [&window] { window.explorePage()->charts()->fit(); },
             needsProject(window),
             {}});
    set.add({id("timeline.fit"),
             WindowCommands::tr("Fit the &timeline"),
             id("view"),
             id("zoom-fit"),
             {},
             [&window] { window.explorePage()->timeline()->view()->fit(); },
             needsProject(window),
             {}});
}

void addCursor(MainWindow& window, CommandSet& set) {
    set.separatorBefore(id("cursor.back"));
    const auto key = [](QKeyCombination keys) { return Keys{QKeySequence(keys)}; };
    set.add({id("cursor.back"),
             WindowCommands::tr("Cursor &back"),
             id("view"),
             id("step-back"),
             key(Qt::ALT | Qt::Key_Left),
             [&window] { window.project()->cursor().step(-1); },
             needsProject(window),
             {}});
    set.add({id("cursor.forward"),
             WindowCommands::tr("Cursor f&orward"),
             id("view"),
             id("step-forward"),
             key(Qt::ALT | Qt::Key_Right),
             [&window] { window.project()->cursor().step(1); },
             needsProject(window),
             {}});
    set.add({id("cursor.nextCapture"),
             WindowCommands::tr("To the next &capture"),
             id("view"),
             id("next-capture"),
             key(Qt::ALT | Qt::SHIFT | Qt::Key_Right),
             [&window] { window.explorePage()->timeline()->view()->goToCapture(1); },
             needsVersion(window),
             {}});
    set.add({id("cursor.previousCapture"),
             WindowCommands::tr("To the previous c&apture"),
             id("view"),
             QString(),
             key(Qt::ALT | Qt::SHIFT | Qt::Key_Left),
             [&window] { window.explorePage()->timeline()->view()->goToCapture(-1); },
             needsVersion(window),
             {}});
    set.add({id("cursor.reference"),
             WindowCommands::tr("Reference B &here"),
             id("view"),
             id("cursor-b"),
             key(Qt::ALT | Qt::Key_B),
             [&window] { window.project()->cursor().setReference(window.project()->cursor().position()); },
             needsProject(window),
             {}});
}

void addWindow(MainWindow& window, CommandSet& set) {
    set.separatorBefore(id("view.nextPanel"));
    set.add({id("view.nextPanel"),
             WindowCommands::tr("&Next panel"),
             id("view"),
             QString(),
             Keys{QKeySequence(Qt::Key_F6)},
             [&window] { window.stepPanel(1); },
             {},
             {}});
    set.add({id("view.previousPanel"),
             WindowCommands::tr("Pre&vious panel"),
             id("view"),
             QString(),
             Keys{QKeySequence(Qt::SHIFT | Qt::Key_F6)},
             [&window] { window.stepPanel(-1); },
             {},
             {}});
    set.add({id("view.fullScreen"),
             WindowCommands::tr("F&ull screen"),
             id("view"),
             QString(),
             Keys{QKeySequence(Qt::Key_F11)},
             [&window] { window.isFullScreen() ? window.showNormal() : window.showFullScreen(); },
             {},
             [&window] { return window.isFullScreen(); }});
    set.add({id("view.resetLayout"),
             WindowCommands::tr("&Reset the layout"),
             id("view"),
             QString(),
             {},
             [&window] { window.resetLayout(); },
             needsProject(window),
             {}});
    set.separatorBefore(id("view.theme"));
    set.add({id("view.theme"),
             WindowCommands::tr("&Dark"),
             id("view"),
             id("theme"),
             {},
             [&window] {
                 const bool dark = look::Theme::instance().kind() == look::ThemeKind::Dark;
                 window.surroundings().setTheme(dark ? look::ThemeKind::Light : look::ThemeKind::Dark);
             },
             {},
             [] { return look::Theme::instance().kind() == look::ThemeKind::Dark; }});
    set.add({id("view.language"),
             QStringLiteral("English / 日本語"),
             id("view"),
             id("language"),
             {},
             [&window] {
                 auto& surroundings = window.surroundings();
                 surroundings.setLanguage(surroundings.language() == QLatin1String("ja") ? QStringLiteral("en")
                                                                                         : QStringLiteral("ja"));
             },
             {},
             {}});
}

const workspace::VersionView* currentVersion(MainWindow& window) {
    auto* project = window.project();
    return project && project->choice().current() ? project->version(*project->choice().current()) : nullptr;
}

void stepVersion(MainWindow& window, int by) {
    const auto& versions = window.project()->versions();
    for (std::size_t row = 0; row < versions.size(); ++row) {
        if (versions[row].uuid != *window.project()->choice().current()) continue;
        const auto next = static_cast<std::ptrdiff_t>(row) + by;
        if (next >= 0 && next < static_cast<std::ptrdiff_t>(versions.size())) {
            window.project()->choice().setCurrent(versions[static_cast<std::size_t>(next)].uuid);
        }
        return;
    }
}

void addVersions(MainWindow& window, CommandSet& set) {
    set.add({id("versions.filter"),
             WindowCommands::tr("&Filter versions"),
             id("versions"),
             id("filter"),
             Keys{QKeySequence(Qt::CTRL | Qt::Key_F), QKeySequence(Qt::Key_Slash)},
             [&window] {
                 window.showPage(MainWindow::Explore);
                 window.explorePage()->versions()->focusFilter();
             },
             needsProject(window),
             {}});
    set.add({id("versions.differences"),
             WindowCommands::tr("Show &differences to the baseline"),
             id("versions"),
             id("baseline"),
             {},
             [&window] {
                 auto* panel = window.explorePage()->versions();
                 panel->setShowDifferences(!panel->showsDifferences());
             },
             [&window] {
                 if (!window.project()) return WindowCommands::tr("Open a project first");
                 return window.project()->choice().baseline() ? QString()
                                                              : WindowCommands::tr("No version is the baseline yet");
             },
             [&window] { return window.explorePage() && window.explorePage()->versions()->showsDifferences(); }});
    set.separatorBefore(id("versions.previous"));
    set.add({id("versions.previous"),
             WindowCommands::tr("&Newer version"),
             id("versions"),
             QString(),
             Keys{QKeySequence(Qt::CTRL | Qt::Key_Up)},
             [&window] { stepVersion(window, -1); },
             needsVersion(window),
             {}});
    set.add({id("versions.next"),
             WindowCommands::tr("&Older version"),
             id("versions"),
             QString(),
             Keys{QKeySequence(Qt::CTRL | Qt::Key_Down)},
             [&window] { stepVersion(window, 1); },
             needsVersion(window),
             {}});
    set.separatorBefore(id("versions.emphasise"));
    set.add({id("versions.emphasise"),
             WindowCommands::tr("Let it stand &out"),
             id("versions"),
             id("eye"),
             Keys{QKeySequence(Qt::CTRL | Qt::Key_E)},
             [&window] {
                 auto& choice = window.project()->choice();
                 choice.setEmphasised(*choice.current(), !choice.isAdded(*choice.current()));
             },
             needsVersion(window),
             {}});
    set.add({id("versions.baseline"), WindowCommands::tr("Use as &baseline"), id("versions"), id("baseline"),
             Keys{QKeySequence(Qt::CTRL | Qt::Key_B)},
             [&window] {
                 window.project()->setBaseline(*window.project()->choice().current(),
                                               !currentVersion(window)->baseline);
             },
             needsVersion(window), [&window] { return currentVersion(window) && currentVersion(window)->baseline; }});
    set.add({id("versions.pin"),
             WindowCommands::tr("&Pin"),
             id("versions"),
             id("pin"),
             {},
             [&window] {
                 window.project()->setPinned(*window.project()->choice().current(), !currentVersion(window)->pinned);
             },
             needsVersion(window),
             [&window] { return currentVersion(window) && currentVersion(window)->pinned; }});
    set.add({id("versions.tag"),
             WindowCommands::tr("Add &tag…"),
             id("versions"),
             id("tag"),
             Keys{QKeySequence(Qt::CTRL | Qt::Key_T)},
             [&window] { versions::askForTag(&window, *window.project(), *window.project()->choice().current()); },
             needsVersion(window),
             {}});
    set.add({id("versions.note"),
             WindowCommands::tr("&Note…"),
             id("versions"),
             id("note"),
             {},
             [&window] { versions::askForNote(&window, *window.project(), *window.project()->choice().current()); },
             needsVersion(window),
             {}});
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

void addReplay(MainWindow& window, CommandSet& set) {
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

void addHelp(MainWindow& window, CommandSet& set) {
    set.add({id("help.keys"),
             WindowCommands::tr("&Keys and commands"),
             id("help"),
             id("search"),
             Keys{QKeySequence(Qt::Key_F1)},
             [&window] { window.openPalette(); },
             {},
             {}});
    set.add({id("help.about"),
             WindowCommands::tr("&About Hindcast"),
             id("help"),
             id("info"),
             {},
             [&window] {
                 QMessageBox::about(
                     &window, WindowCommands::tr("About Hindcast"),
                     WindowCommands::tr("Hindcast %1\n\nHindsight logging for training runs. The window is free "
                                        "software under the GNU General Public "
                                        "License, version 3 or later.")
                         .arg(QCoreApplication::applicationVersion()));
             },
             {},
             {}});
}
}  // namespace

std::vector<MenuTitle> menuTitles() {
    return {
        {id("file"), WindowCommands::tr("&File"), false},    {id("edit"), WindowCommands::tr("&Edit"), false},
        {id("view"), WindowCommands::tr("&View"), false},    {id("versions"), WindowCommands::tr("V&ersions"), true},
        {id("replay"), WindowCommands::tr("&Replay"), true}, {id("analyze"), WindowCommands::tr("&Analyze"), true},
        {id("help"), WindowCommands::tr("&Help"), false}};
}

QString menuTitle(const QString& wanted) {
    for (const auto& menu : menuTitles()) {
        if (menu.id == wanted) return commands::plainText(menu.title);
    }
    return QString();
}

void addWindowCommands(MainWindow& window, commands::CommandSet& set) {
    addFile(window, set);
    addEdit(window, set);
    addPages(window, set);
    addCursor(window, set);
    addWindow(window, set);
    addVersions(window, set);
    addReplay(window, set);
    addAnalyzeCommands(window, set);
    addHelp(window, set);
}

}  // namespace hindcast::shell
