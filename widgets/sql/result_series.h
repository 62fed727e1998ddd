// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <functional>
#include <vector>

#include "core/query/rows/rows.h"
#include "widgets/chart/series.h"

namespace hindcast::sql {

/// Which columns of an answer a chart draws; -1 as x: the running number within the line, as lines: one line.
struct ChartColumns {
    int x = -1;
    int y = -1;
    int lines = -1;
};

/// Columns that can be an axis: those that hold numbers.
std::vector<int> numericColumns(const query::Rows& rows);
/// Columns that can part the rows into lines: few distinct values, at least two rows to a value.
std::vector<int> lineColumns(const query::Rows& rows);
/// What to draw before the user chose: y the last number, a line per version, x the first number that tells the rows of
/// a line apart.
ChartColumns guessedColumns(const query::Rows& rows);

struct ResultSeries {
    std::vector<chart::Series> series;
    bool toldProvenance = false;  ///< the answer has columns that say source and fidelity of y
    int left = 0;                 ///< lines that were left out, because there were too many
};

/// `inkOf` gives a line its colour: (text of the value in `lines`, place among the lines, number of lines).
ResultSeries seriesOf(const query::Rows& rows, const ChartColumns& columns,
                      const std::function<look::SeriesInk(const QString&, int, int)>& inkOf);

}  // namespace hindcast::sql
