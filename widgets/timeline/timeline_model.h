// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <cstdint>
#include <vector>

namespace hindcast::timeline {

/// What hindsight did to an iteration: the lower lane of a cell.
enum class Hindsight : std::uint8_t { None, Queued, Running, Replayed, Diverged, Unverified };

/// One iteration of one version.
struct Cell {
    bool logged = false;
    bool captured = false;
    bool failed = false;
    bool alerting = false;
    Hindsight hindsight = Hindsight::None;
    float part = 0.0F;  ///< of a running replay, 0-1

    bool operator==(const Cell&) const = default;
};

struct Row {
    QString version;  ///< identity; what `versionChosen` says
    QString label;    ///< "v17"
    QString tag;      ///< one word: "live", "mistake", "failed"; may be empty
};

enum class CaptureKind : std::uint8_t { Boundary, Mid, Exit };

/// What step zoom shows of an iteration.
struct Steps {
    struct Capture {
        double at = 0.0;  ///< 0-1 inside the iteration
        CaptureKind kind = CaptureKind::Boundary;
    };
    int count = 0;  ///< logged steps; 0: unknown
    std::vector<Capture> captures;
};

/// What the timeline shows; row 0 is the newest version. Calls are many (a full overview asks for every cell), so
/// answers come from memory. GUI thread only.
class TimelineModel : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    virtual int versionCount() const = 0;
    virtual Row row(int row) const = 0;
    /// Iterations that the version ran, was to run, or is known to have; cells beyond are not drawn.
    virtual int iterationCount(int row) const = 0;
    virtual Cell cell(int row, int iteration) const = 0;
    virtual Steps steps(int row, int iteration) const;
    /// The longest version.
    int longest() const;

Q_SIGNALS:
    /// Cells changed; shape and labels did not.
    void changed(int firstRow, int lastRow, int firstIteration, int lastIteration);
    /// Rows came, went or were renamed, or a version grew.
    void reset();
};

}  // namespace hindcast::timeline
