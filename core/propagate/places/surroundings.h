// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include "core/propagate/match/matcher.h"
#include "core/propagate/match/side.h"

namespace hindcast::propagate {

/// What is known of a statement before any place is looked at: how much the code around it changed and moved between
/// the versions, and how freely it could have stood elsewhere. 0 … 1 each.
enum class Surrounding : std::size_t {
    SiblingsKept,    ///< share of the nearest siblings that have a counterpart
    SiblingsEqual,   ///< … an equal one
    SiblingsMoved,   ///< share of neighbouring siblings whose counterparts changed order or block
    FileKept,        ///< share of the file's statements that have a counterpart
    FileMoved,       ///< as SiblingsMoved, through the whole file
    UnknownBetween,  ///< statements without counterpart between the counterparts of the nearest siblings: 3 and more is
                     ///< 1
    ForeignBetween,  ///< … with a counterpart elsewhere
    FarBefore,       ///< siblings without counterpart between it and the nearest one that has one: 3 and more is 1
    FarAfter,
    TiedBefore,  ///< it reads what the statement before binds, or the other way round
    TiedAfter,
    SameKindBefore,  ///< the statement before is of its kind
    SameKindAfter,
    IsImport,
    IsConstant,  ///< it binds names and reads none
    IsCall,      ///< it binds nothing
    IsCompound,
    SetOff,  ///< blank lines on both sides
    Count,
};

using Surroundings = std::array<double, static_cast<std::size_t>(Surrounding::Count)>;

[[nodiscard]] Surroundings surroundingsOf(const Side& newer, const Side& older, const Mapping& mapping, int statement);

}  // namespace hindcast::propagate
