// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "core/base/uuid.h"

namespace hindcast::models {
class Project;
}

namespace hindcast::versions {

/// Shows what the recorder noticed while a version ran: what could not be captured and what to do about it, captures
/// that were left out, what recording cost. Read in the background; the dialog opens when it is there.
void showRecorderNotes(QWidget* window, models::Project& project, const base::Uuid& version);

}  // namespace hindcast::versions
