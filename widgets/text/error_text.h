// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "core/base/error.h"

namespace hindcast::text {

/// A failure for people: what kind it is, in the language of the window, then the sentence that the failing part wrote
/// (names, paths and numbers stay as they are). One of the three tables that map error codes outward.
QString errorText(const base::Error& error);
/// The first half alone: "Not found".
QString errorKind(base::ErrorCode code);

}  // namespace hindcast::text
