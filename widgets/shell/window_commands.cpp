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
#include "widgets/shell/replay_commands.h"
#include "widgets/shell/surroundings.h"
#include "widgets/shell/version_commands.h"
#include "widgets/timeline/timeline_view.h"
#include "widgets/values/values_panel.h"

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
    addVersionCommands(window, set);
    addReplayCommands(window, set);
    addAnalyzeCommands(window, set);
    addHelp(window, set);
}

}  // namespace hindcast::shell
