// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/query/pivot/alignment.h"
#include "core/query/rows/rows.h"
#include "core/store/columns/values.h"

/// What the passes of a version were: `for optimizer in hc.loop("optimizer", ["sgd", "adam"])` has two with a label.
/// Private to this folder.
namespace hindcast::query {

/// The labels beside given rows: for each the position in `series`, -1 none.
struct LabelRows {
    const store::ValueSeries* series = nullptr;  ///< null: the loop's passes have no labels
    std::vector<std::int32_t> rows;

    void addTo(Column& to, std::size_t row) const;
};

/// Labels of the loop at `level` of `path`, beside rows that stand in it. `labels` must outlive the result.
LabelRows labelsBeside(const std::vector<store::ValueSeries>& labels, const std::vector<std::string>& path,
                       std::size_t level, const RowKeys& rows);

/// The column of a loop's labels.
inline std::string labelColumn(const std::string& loop) {
    return loop + ".label";
}

}  // namespace hindcast::query
