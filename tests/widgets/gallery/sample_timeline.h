// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/timeline/timeline_model.h"

namespace hindcast::gallery {

/// `versions` x `iterations` cells with every state somewhere; deterministic.
class SampleTimeline : public timeline::TimelineModel {
public:
    SampleTimeline(int versions, int iterations, QObject* parent = nullptr);
    int versionCount() const override { return m_versions; }
    timeline::Row row(int row) const override;
    int iterationCount(int row) const override;
    timeline::Cell cell(int row, int iteration) const override;
    timeline::Steps steps(int row, int iteration) const override;

private:
    int m_versions;
    int m_iterations;
};

}  // namespace hindcast::gallery
