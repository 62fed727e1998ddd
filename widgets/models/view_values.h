// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/workspace/views.h"
#include "widgets/controls/badge.h"
#include "widgets/look/provenance.h"

/// The workspace's enumerations in those that the look knows: the look stands below the workspace and names its own.
namespace hindcast::models {

constexpr look::Source lookSource(workspace::Source source) {
    switch (source) {
        case workspace::Source::Recorded:
            return look::Source::Recorded;
        case workspace::Source::Replayed:
            return look::Source::Replayed;
        case workspace::Source::Derived:
            return look::Source::Derived;
        case workspace::Source::Imported:
            return look::Source::Imported;
    }
    return look::Source::Recorded;
}

constexpr look::Fidelity lookFidelity(workspace::Fidelity fidelity) {
    switch (fidelity) {
        case workspace::Fidelity::Exact:
            return look::Fidelity::Exact;
        case workspace::Fidelity::ExactLogs:
            return look::Fidelity::ExactLogs;
        case workspace::Fidelity::Numeric:
            return look::Fidelity::Numeric;
        case workspace::Fidelity::Unverified:
            return look::Fidelity::Unverified;
        case workspace::Fidelity::Diverged:
            return look::Fidelity::Diverged;
    }
    return look::Fidelity::Unverified;
}

constexpr controls::Placement lookPlacement(workspace::PlacementKind kind) {
    switch (kind) {
        case workspace::PlacementKind::Placed:
            return controls::Placement::Placed;
        case workspace::PlacementKind::ByHand:
            return controls::Placement::ByHand;
        case workspace::PlacementKind::AlreadyThere:
            return controls::Placement::Recorded;
        case workspace::PlacementKind::Conflict:
            return controls::Placement::Conflict;
        case workspace::PlacementKind::Skipped:
            return controls::Placement::Skipped;
    }
    return controls::Placement::Skipped;
}

}  // namespace hindcast::models
