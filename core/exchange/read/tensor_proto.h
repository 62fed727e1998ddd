// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "core/base/bytes.h"
#include "core/format/events/events.h"

/// Internal to this folder: TensorFlow's TensorProto and HistogramProto as values.
namespace hindcast::exchange {

/// A scalar as a number, integer, bool or text; texts as one text; [k, 3] of a histogram plug-in (left, right, count)
/// as a histogram; any other as an array. Absent when it is no tensor, or of a type that has no meaning here.
std::optional<format::Value> valueOfTensor(base::BytesView tensor, bool isHistogram);

/// HistogramProto of TF1. Absent when it holds no buckets.
std::optional<format::Value> valueOfHistogram(base::BytesView histogram);

}  // namespace hindcast::exchange
