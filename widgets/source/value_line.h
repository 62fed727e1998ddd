// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace hindcast::models {
class Project;
}
namespace hindcast::workspace {
struct ProbeView;
}

namespace hindcast::source {

/// What stands below a probe line: the cursor, the values of the emphasised versions there, and where the probe landed.
struct ValueLine {
    QString values;      ///< "epoch 17   v24 1.47   v17 4.09"
    QString placements;  ///< "19 placed · 1 conflict · 3 skipped"
};

ValueLine valueLine(models::Project& project, const workspace::ProbeView& probe);
/// "19 placed · 1 conflict · 3 skipped", "placing 12 of 24", or why nothing could be placed.
QString placementsText(models::Project& project, const QString& probe);

}  // namespace hindcast::source
