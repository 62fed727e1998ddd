// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/versions/version_menu.h"

#include <QCoreApplication>
#include <QInputDialog>
#include <QMenu>

#include "widgets/look/icon_set.h"
#include "widgets/models/project.h"
#include "widgets/text/words.h"
#include "widgets/versions/recorder_notes.h"

namespace hindcast::versions {

namespace {
/// The context of the sentences in this file.
class VersionMenu {
    Q_DECLARE_TR_FUNCTIONS(VersionMenu)
};

QIcon icon(const char* name) {
    return look::IconSet::instance().icon(QLatin1String(name));
}
}  // namespace

void askForTag(QWidget* window, models::Project& project, const base::Uuid& version) {
    const auto* view = project.version(version);
    if (!view) return;
    bool accepted = false;
    const QString title = VersionMenu::tr("Tag %1").arg(text::versionName(view->number));
    const QString tag =
        QInputDialog::getText(window, title, VersionMenu::tr("Tag:"), QLineEdit::Normal, QString(), &accepted)
            .trimmed();
    if (accepted && !tag.isEmpty()) project.setTag(version, tag, true);
}

void askForNote(QWidget* window, models::Project& project, const base::Uuid& version) {
    const auto* view = project.version(version);
    if (!view) return;
    bool accepted = false;
    const QString title = VersionMenu::tr("Note on %1").arg(text::versionName(view->number));
    const QString note =
        QInputDialog::getMultiLineText(window, title, VersionMenu::tr("Note:"), text::fromUtf8(view->note), &accepted);
    if (accepted) project.setNote(version, note);
}

void fillVersionMenu(QMenu& menu, QWidget* window, models::Project& project, const base::Uuid& version) {
    const auto* view = project.version(version);
    if (!view) return;
    auto& choice = project.choice();
    const bool standsOut = choice.isAdded(version);
    menu.addAction(icon(standsOut ? "eye-off" : "eye"),
                   standsOut ? VersionMenu::tr("Let it step back") : VersionMenu::tr("Let it stand out"), &project,
                   [&choice, version, standsOut] { choice.setEmphasised(version, !standsOut); });
    menu.addAction(icon("baseline"),
                   view->baseline ? VersionMenu::tr("No longer the baseline") : VersionMenu::tr("Use as baseline"),
                   &project, [&project, version, on = !view->baseline] { project.setBaseline(version, on); });
    menu.addAction(icon("pin"), view->pinned ? VersionMenu::tr("Unpin") : VersionMenu::tr("Pin"), &project,
                   [&project, version, on = !view->pinned] { project.setPinned(version, on); });
    menu.addSeparator();
    menu.addAction(icon("tag"), VersionMenu::tr("Add tag…"), window,
                   [window, &project, version] { askForTag(window, project, version); });
    for (const auto& tag : view->tags) {
        const QString name = text::fromUtf8(tag);
        menu.addAction(VersionMenu::tr("Remove tag %1").arg(name), &project,
                       [&project, version, name] { project.setTag(version, name, false); });
    }
    menu.addAction(icon("note"), VersionMenu::tr("Note…"), window,
                   [window, &project, version] { askForNote(window, project, version); });
    menu.addAction(icon("info"), VersionMenu::tr("What the recorder noticed…"), window,
                   [window, &project, version] { showRecorderNotes(window, project, version); });
}

}  // namespace hindcast::versions
