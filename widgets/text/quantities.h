// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <cstdint>

#include <optional>

#include "core/workspace/views.h"

/// Amounts as people read them, translated. U+2212 and thin conventions of the design; never used for exports.
namespace hindcast::text {

/// "8 s", "1 min 40 s", "2 h 5 min"; below ten seconds one decimal is kept.
QString durationText(double seconds);
/// "28 s ± 2": unit of the larger part.
QString estimateText(const workspace::Estimate& estimate);
/// "1 min 40 s left", or "time unknown" for negative seconds.
QString timeLeftText(double seconds);
/// Seconds of a duration as people type it: "90", "90 s", "10m", "1 h 30 min", also with the units of the window's
/// language. Absent where it is none, or not above zero.
std::optional<double> secondsOfText(const QString& text);
/// "1.20", in the currency that the user thinks in.
QString amountText(const workspace::Amount& amount);
/// "412 MB" (decimal units, as file managers show).
QString bytesText(std::int64_t bytes);
/// "11-22" within a year, "2025-11-22" otherwise; with time for the tooltip form.
QString dayText(std::int64_t microsSinceEpoch);
QString momentText(std::int64_t microsSinceEpoch);

}  // namespace hindcast::text
