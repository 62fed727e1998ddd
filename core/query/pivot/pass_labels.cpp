// SPDX-License-Identifier: Apache-2.0
#include "core/query/pivot/pass_labels.h"

#include <algorithm>

#include "core/query/pivot/version_values.h"

namespace hindcast::query {

void LabelRows::addTo(Column& to, std::size_t row) const {
    if (series == nullptr || rows[row] < 0) return to.addMissing();
    addSeriesCell(to, *series, static_cast<std::size_t>(rows[row]));
}

LabelRows labelsBeside(const std::vector<store::ValueSeries>& labels, const std::vector<std::string>& path,
                       std::size_t level, const RowKeys& rows) {
    const auto end = path.begin() + static_cast<std::ptrdiff_t>(level) + 1;
    for (const store::ValueSeries& series : labels) {
        if (std::equal(path.begin(), end, series.loops.begin(), series.loops.end()))
            return {&series, enclosingRows(rows, keysOf(series))};
    }
    return {};
}

}  // namespace hindcast::query
