// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string>
#include <vector>

#include "core/workspace/views.h"

/// The fixed words of the design for what the workspace says with enumerations and machine keys, translated.
namespace hindcast::text {

QString modeText(workspace::ReplayMode mode);
/// Why a mode was chosen, or why nothing runs: by machine key, else the English sentence as it came.
QString reasonText(const std::string& key, const std::vector<std::string>& arguments, const std::string& english);
/// Why a statement stands where it does; sentences that name something of the source stay as they came.
QString placementReasonText(const std::string& english);
/// What a worker does now: "starting", "prefix", "restore", "iteration 4".
QString phaseText(const std::string& phase);
QString placementText(workspace::PlacementKind kind);
QString versionStateText(workspace::VersionState state);
/// "per step", "per epoch", "once per run": the level of a name, from its loops.
QString levelText(const std::vector<std::string>& loops);
/// "v17".
QString versionName(int number);
QString fromUtf8(const std::string& text);

}  // namespace hindcast::text
