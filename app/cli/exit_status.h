// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/error.h"

namespace hindcast::cli {

/// The documented exit codes of every verb.
enum class ExitStatus : int {
    Done = 0,
    Failed = 1,
    WrongUsage = 2,
    NothingToDo = 3,
    Conflict = 4,
    NotExact = 5,
    Damaged = 6,
    NewerFormat = 7,
    Cancelled = 130,
};

/// The one table from error codes to exit codes.
constexpr ExitStatus exitStatusOf(base::ErrorCode code) {
    switch (code) {
        case base::ErrorCode::InvalidArgument:
        case base::ErrorCode::Parse:
            return ExitStatus::WrongUsage;
        case base::ErrorCode::NothingToDo:
            return ExitStatus::NothingToDo;
        case base::ErrorCode::Conflict:
            return ExitStatus::Conflict;
        case base::ErrorCode::Damaged:
            return ExitStatus::Damaged;
        case base::ErrorCode::NewerFormat:
            return ExitStatus::NewerFormat;
        case base::ErrorCode::Cancelled:
            return ExitStatus::Cancelled;
        default:
            return ExitStatus::Failed;
    }
}

}  // namespace hindcast::cli
