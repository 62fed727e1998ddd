// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/sql/result_series.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include "core/query/rows/row_formats.h"

namespace hindcast::sql {

using query::CellKind;
using query::Column;
using query::Rows;

namespace {
constexpr std::size_t kMostLines = 200;
constexpr std::size_t kRowsLookedAt = 20'000;

bool isNumeric(const Column& column) {
    const query::ColumnType type = column.type();
    if (type != query::ColumnType::Int64 && type != query::ColumnType::Float64) return false;
    const std::size_t rows = std::min(column.size(), kRowsLookedAt);
    for (std::size_t row = 0; row < rows; ++row) {
        const CellKind kind = column.kindAt(row);
        if (kind == CellKind::Int || kind == CellKind::Double) return true;
    }
    return false;
}

/// NaN is a value; a missing one is none.
std::optional<double> numberAt(const Column& column, std::size_t row) {
    switch (column.kindAt(row)) {
        case CellKind::Int:
        case CellKind::Bool:
            return static_cast<double>(column.integerAt(row));
        case CellKind::Double:
            return column.doubleAt(row);
        default:
            return std::nullopt;
    }
}

int named(const Rows& rows, const std::string& name) {
    for (std::size_t i = 0; i < rows.columns.size(); ++i) {
        if (rows.columns[i].name() == name) return static_cast<int>(i);
    }
    return -1;
}

look::Source sourceNamed(const std::string& word) {
    if (word == "recorded") return look::Source::Recorded;
    if (word == "replayed") return look::Source::Replayed;
    return word == "imported" ? look::Source::Imported : look::Source::Derived;
}

look::Fidelity fidelityNamed(const std::string& word) {
    // What the run recorded needs no check.
    static const std::map<std::string, look::Fidelity> kWords{{"recorded", look::Fidelity::Exact},
                                                              {"exact", look::Fidelity::Exact},
                                                              {"exact-logs", look::Fidelity::ExactLogs},
                                                              {"numeric", look::Fidelity::Numeric},
                                                              {"diverged", look::Fidelity::Diverged}};
    const auto found = kWords.find(word);
    return found == kWords.end() ? look::Fidelity::Unverified : found->second;
}

/// The columns of an answer that say where the values of y come from.
struct Provenance {
    const Column* source = nullptr;
    const Column* fidelity = nullptr;

    Provenance(const Rows& rows, int y) {
        const std::string name = rows.columns[static_cast<std::size_t>(y)].name();
        const auto find = [&](const std::string& aspect) -> const Column* {
            int at = named(rows, name + "." + aspect);
            // The columns of `logs` speak for `value`; beside another one they may be about anything.
            if (at < 0 && name == "value") at = named(rows, aspect);
            return at < 0 ? nullptr : &rows.columns[static_cast<std::size_t>(at)];
        };
        source = find("source");
        fidelity = find("fidelity");
    }
    bool told() const { return source && fidelity; }
    void fill(chart::Point& point, std::size_t row) const {
        const bool texts = told() && source->kindAt(row) == CellKind::Text && fidelity->kindAt(row) == CellKind::Text;
        point.source = texts ? sourceNamed(source->textAt(row)) : look::Source::Derived;
        point.fidelity = texts ? fidelityNamed(fidelity->textAt(row)) : look::Fidelity::Unverified;
    }
};

std::string lineName(const Rows& rows, int column, std::size_t row) {
    if (column < 0) return {};
    return query::cellText(rows.columns[static_cast<std::size_t>(column)], row);
}

/// The normal distance of neighbours, so that a gap is seen as one.
double spacingOf(const std::vector<chart::Point>& points) {
    std::vector<double> gaps;
    for (std::size_t i = 1; i < points.size(); ++i) gaps.push_back(points[i].x - points[i - 1].x);
    if (gaps.size() < 2) return 0;
    const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
    std::nth_element(gaps.begin(), middle, gaps.end());
    return *middle;
}

/// Whether the column tells the rows of each line apart, in their order: an epoch does where rows are epochs, and does
/// not where they are steps.
bool isIncreasing(const Rows& rows, int column, int lines) {
    std::map<std::string, double> last;
    const std::size_t looked = std::min(rows.count, kRowsLookedAt);
    for (std::size_t row = 0; row < looked; ++row) {
        const auto value = numberAt(rows.columns[static_cast<std::size_t>(column)], row);
        if (!value) continue;
        const auto [before, isNew] = last.emplace(lineName(rows, lines, row), *value);
        if (!isNew && !(*value > before->second)) return false;
        before->second = *value;
    }
    return true;
}

}  // namespace

std::vector<int> numericColumns(const Rows& rows) {
    std::vector<int> found;
    for (std::size_t i = 0; i < rows.columns.size(); ++i) {
        if (isNumeric(rows.columns[i])) found.push_back(static_cast<int>(i));
    }
    return found;
}

std::vector<int> lineColumns(const Rows& rows) {
    std::vector<int> found;
    const std::size_t looked = std::min(rows.count, kRowsLookedAt);
    for (std::size_t i = 0; i < rows.columns.size(); ++i) {
        std::set<std::string> distinct;
        for (std::size_t row = 0; row < looked && distinct.size() <= kMostLines; ++row)
            distinct.insert(query::cellText(rows.columns[i], row));
        if (distinct.size() <= kMostLines && distinct.size() * 2 <= looked) found.push_back(static_cast<int>(i));
    }
    return found;
}

ChartColumns guessedColumns(const Rows& rows) {
    ChartColumns columns;
    const std::vector<int> numbers = numericColumns(rows);
    const std::vector<int> lines = lineColumns(rows);
    const int version = named(rows, "version");
    if (version >= 0 && std::find(lines.begin(), lines.end(), version) != lines.end()) columns.lines = version;
    std::vector<int> axes;
    for (const int column : numbers) {
        if (column != columns.lines) axes.push_back(column);
    }
    if (axes.empty()) return columns;
    columns.y = axes.back();
    if (axes.size() < 2) return columns;
    for (const int column : axes) {
        if (column == columns.y || !isIncreasing(rows, column, columns.lines)) continue;
        columns.x = column;
        break;
    }
    return columns;
}

ResultSeries seriesOf(const Rows& rows, const ChartColumns& columns,
                      const std::function<look::SeriesInk(const QString&, int, int)>& inkOf) {
    ResultSeries result;
    if (columns.y < 0) return result;
    const Provenance provenance(rows, columns.y);
    result.toldProvenance = provenance.told();
    std::map<std::string, std::size_t> lines;
    for (std::size_t row = 0; row < rows.count; ++row) {
        const auto y = numberAt(rows.columns[static_cast<std::size_t>(columns.y)], row);
        if (!y) continue;
        const std::string name = lineName(rows, columns.lines, row);
        const auto [line, isNew] = lines.emplace(name, result.series.size());
        if (isNew) {
            result.series.emplace_back();
            result.series.back().version = QString::fromStdString(name);
        }
        const auto x = columns.x < 0 ? std::optional(static_cast<double>(result.series[line->second].points.size()))
                                     : numberAt(rows.columns[static_cast<std::size_t>(columns.x)], row);
        if (!x || !std::isfinite(*x)) continue;
        chart::Point point;
        point.x = *x;
        point.y = *y;
        provenance.fill(point, row);
        result.series[line->second].points.push_back(point);
    }
    if (result.series.size() > kMostLines) {
        result.left = static_cast<int>(result.series.size() - kMostLines);
        result.series.resize(kMostLines);
    }
    const auto count = static_cast<int>(result.series.size());
    for (int i = 0; i < count; ++i) {
        chart::Series& series = result.series[static_cast<std::size_t>(i)];
        std::stable_sort(series.points.begin(), series.points.end(),
                         [](const chart::Point& a, const chart::Point& b) { return a.x < b.x; });
        series.spacing = spacingOf(series.points);
        series.ink = inkOf(series.version, i, count);
        series.emphasised = series.ink.emphasis >= 0;
    }
    return result;
}

}  // namespace hindcast::sql
