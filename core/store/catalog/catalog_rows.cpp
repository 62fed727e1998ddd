// SPDX-License-Identifier: Apache-2.0
#include "core/store/catalog/catalog_rows.h"

namespace hindcast::store {

std::string_view runStateName(RunState state) {
    switch (state) {
        case RunState::Recording:
            return "recording";
        case RunState::Complete:
            return "complete";
        case RunState::Incomplete:
            return "incomplete";
        case RunState::Crashed:
            return "crashed";
    }
    return "crashed";
}

std::string_view fidelityName(Fidelity fidelity) {
    switch (fidelity) {
        case Fidelity::Recorded:
            return "recorded";
        case Fidelity::Exact:
            return "exact";
        case Fidelity::ExactLogs:
            return "exact-logs";
        case Fidelity::Numeric:
            return "numeric";
        case Fidelity::Unverified:
            return "unverified";
        case Fidelity::Diverged:
            return "diverged";
    }
    return "unverified";
}

std::string_view capturePointName(CapturePoint point) {
    switch (point) {
        case CapturePoint::Boundary:
            return "boundary";
        case CapturePoint::Exit:
            return "exit";
        case CapturePoint::Mid:
            return "mid";
        case CapturePoint::Prefix:
            return "prefix";
        case CapturePoint::End:
            return "end";
    }
    return "boundary";
}

RunState runStateNamed(std::string_view name) {
    for (const RunState state : {RunState::Recording, RunState::Complete, RunState::Incomplete})
        if (runStateName(state) == name) return state;
    return RunState::Crashed;
}

Fidelity fidelityNamed(std::string_view name) {
    for (const Fidelity fidelity : {Fidelity::Exact, Fidelity::ExactLogs, Fidelity::Numeric, Fidelity::Diverged})
        if (fidelityName(fidelity) == name) return fidelity;
    return Fidelity::Unverified;
}

CapturePoint capturePointNamed(std::string_view name) {
    for (const CapturePoint point : {CapturePoint::Exit, CapturePoint::Mid, CapturePoint::Prefix, CapturePoint::End})
        if (capturePointName(point) == name) return point;
    return CapturePoint::Boundary;
}

}  // namespace hindcast::store
