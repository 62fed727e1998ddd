// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/timeline/timeline_model.h"

#include <algorithm>

namespace hindcast::timeline {

Steps TimelineModel::steps(int, int) const {
    return {};
}

int TimelineModel::longest() const {
    int result = 0;
    for (int i = 0; i < versionCount(); ++i) result = std::max(result, iterationCount(i));
    return result;
}

}  // namespace hindcast::timeline
