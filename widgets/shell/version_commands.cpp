// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/shell/version_commands.h"

#include <QCoreApplication>

#include "widgets/commands/command_set.h"
#include "widgets/explore/explore_page.h"
#include "widgets/models/project.h"
#include "widgets/shell/main_window.h"
#include "widgets/versions/version_menu.h"
#include "widgets/versions/versions_panel.h"

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

std::function<QString()> needsVersion(MainWindow& window) {
    return [&window] {
        if (!window.project()) return WindowCommands::tr("Open a project first");
        return window.project()->choice().current() ? QString() : WindowCommands::tr("Choose a version first");
    };
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
}  // namespace

void addVersionCommands(MainWindow& window, CommandSet& set) {
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

}  // namespace hindcast::shell
