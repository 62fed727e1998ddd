// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/versions/recorder_notes.h"

#include <QCoreApplication>
#include <QMessageBox>
#include <QPushButton>
#include <algorithm>

#include "widgets/look/icon_set.h"
#include "widgets/models/project.h"
#include "widgets/text/note_words.h"
#include "widgets/text/words.h"

namespace hindcast::versions {

namespace {
/// The context of the sentences in this file.
class RecorderNotes {
    Q_DECLARE_TR_FUNCTIONS(RecorderNotes)
};

using workspace::VersionNote;

QString listed(const std::vector<VersionNote>& notes) {
    QString html;
    for (const VersionNote& note : notes) {
        html += QStringLiteral("<p>") + text::noteText(note).toHtmlEscaped();
        const QString remedy = text::noteRemedy(note).toHtmlEscaped();
        if (!remedy.isEmpty()) html += QStringLiteral("<br><i>") + remedy + QStringLiteral("</i>");
        html += QStringLiteral("</p>");
    }
    return html;
}

void open(QWidget* window, const QString& version, const workspace::VersionNotes& notes) {
    const bool hazard = std::any_of(notes.notes.begin(), notes.notes.end(),
                                    [](const VersionNote& note) { return note.kind == VersionNote::Kind::Hazard; });
    auto* box =
        new QMessageBox(hazard ? QMessageBox::Warning : QMessageBox::Information,
                        RecorderNotes::tr("Recording of %1").arg(version), QString(), QMessageBox::Close, window);
    // The window's own icons: the box would bring those of the platform.
    box->setIconPixmap(
        look::IconSet::instance().icon(hazard ? QStringLiteral("warn") : QStringLiteral("info")).pixmap(24, 24));
    for (QAbstractButton* button : box->buttons()) button->setIcon(QIcon());
    box->setObjectName(QStringLiteral("recorderNotes"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setText(hazard ? RecorderNotes::tr("Some of %1 cannot be put back at a replay.").arg(version)
                        : RecorderNotes::tr("Nothing of %1 was left out that a replay needs.").arg(version));
    box->setInformativeText(notes.notes.empty() ? RecorderNotes::tr("The recorder had nothing to say.")
                                                : listed(notes.notes));
    box->open();
}
}  // namespace

void showRecorderNotes(QWidget* window, models::Project& project, const base::Uuid& version) {
    const auto* view = project.version(version);
    if (!view) return;
    const QString name = text::versionName(view->number);
    project.readNotes(version, window, [window, name](const base::Result<workspace::VersionNotes>& notes) {
        if (notes) open(window, name, *notes);
    });
}

}  // namespace hindcast::versions
