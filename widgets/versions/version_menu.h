// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/uuid.h"

class QMenu;
class QWidget;

namespace hindcast::models {
class Project;
}

namespace hindcast::versions {

/// Fills `menu` with what can be done to a version: emphasis, pin, baseline, tags, note, what its recorder noticed.
void fillVersionMenu(QMenu& menu, QWidget* window, models::Project& project, const base::Uuid& version);
/// Asks for a tag and sets it.
void askForTag(QWidget* window, models::Project& project, const base::Uuid& version);
/// Asks for the note, the old one filled in.
void askForNote(QWidget* window, models::Project& project, const base::Uuid& version);

}  // namespace hindcast::versions
