// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>

#include "widgets/timeline/timeline_model.h"

namespace hindcast::timeline {

/// `versions` rows of `iterations` logged cells; single cells can be set.
class FakeHistory : public TimelineModel {
public:
    FakeHistory(int versions, int iterations) : m_versions(versions), m_iterations(iterations) {}

    int versionCount() const override { return m_versions; }
    Row row(int row) const override;
    int iterationCount(int) const override { return m_iterations; }
    Cell cell(int row, int iteration) const override;
    Steps steps(int, int) const override;

    void set(int row, int iteration, const Cell& cell);
    void resize(int versions, int iterations);

private:
    int m_versions;
    int m_iterations;
    std::map<std::pair<int, int>, Cell> m_cells;
};

}  // namespace hindcast::timeline
