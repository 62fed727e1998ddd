// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "core/workspace/listing/version_notes.h"

/// What the recorder noticed, in the window's language; what is not known by its key stays as it came.
namespace hindcast::text {

QString noteText(const workspace::VersionNote& note);
/// What to do about it, "" when there is nothing.
QString noteRemedy(const workspace::VersionNote& note);

}  // namespace hindcast::text
