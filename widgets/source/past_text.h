// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <vector>

#include "core/workspace/views.h"

namespace hindcast::source {

/// A past file as the preview shows it: with the inserted lines, or with the candidate places of a conflict, each line
/// knowing its own number in the past file.
struct PastText {
    enum class Ground : std::uint8_t { None, Placed, Candidate, OtherCandidate };
    struct Line {
        QString number;  ///< "27"; "A", "B" for candidates; "" for an inserted line
        Ground ground = Ground::None;
        QString score;  ///< "0.41" for candidates
    };
    QString text;
    std::vector<Line> lines;
    int focus = 0;  ///< 0-based line to bring into view
};

/// At most two candidates are shown. A placement without texts gives an empty result.
PastText pastText(const workspace::PlacementView& placement);
/// The probe's statement as it stands in the past version (or would, at the best candidate), without indentation.
QString placedStatement(const workspace::PlacementView& placement);
/// Where a statement goes that is dropped below a line of the shown text (-1: above the first): file line and indent of
/// the past file itself.
struct PastPlace {
    int beforeLine = 1;
    QString indent;
};
PastPlace placeBelow(const PastText& past, int belowLine);
/// Where the statement stands now.
PastPlace placeOf(const workspace::PlacementView& placement);
/// Every line of a statement behind an indent, as it is put into a file.
QString indented(const QString& statement, const QString& indent);

/// A plain file.
PastText plainText(const QString& text);

}  // namespace hindcast::source
