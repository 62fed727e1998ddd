// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/widgets/timeline/fake_history.h"

namespace hindcast::timeline {

Row FakeHistory::row(int row) const {
    const int version = m_versions - row;
    return {QString::number(version), QStringLiteral("v%1").arg(version), {}};
}

Cell FakeHistory::cell(int row, int iteration) const {
    const auto found = m_cells.find({row, iteration});
    return found == m_cells.end() ? Cell{.logged = true} : found->second;
}

Steps FakeHistory::steps(int, int) const {
    return {.count = 10, .captures = {{0.5, CaptureKind::Mid}}};
}

void FakeHistory::set(int row, int iteration, const Cell& cell) {
    m_cells[{row, iteration}] = cell;
    Q_EMIT changed(row, row, iteration, iteration);
}

void FakeHistory::resize(int versions, int iterations) {
    m_versions = versions;
    m_iterations = iterations;
    Q_EMIT reset();
}

}  // namespace hindcast::timeline
