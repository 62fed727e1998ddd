// SPDX-License-Identifier: Apache-2.0
// Both tables as tests/bench/propagation/fit_weights.py prints them.
#include "core/propagate/places/slot_features.h"
#include "core/propagate/places/trust.h"

namespace hindcast::propagate {

const SlotFeatures kSlotWeights = {
    1.27,  0.11, -0.27, -0.88, -0.54, 0.31, 1.56,  -0.06, 0.08,  -0.68, -0.55, -0.35, -0.73, 1.17,
    0.64,  1.88, -1.15, 0.30,  2.34,  0.68, 0.54,  1.08,  0.02,  -2.64, -2.71, 1.22,  2.00,  0.35,
    -0.87, 0.75, 0.48,  -0.07, 0.02,  0.09, -1.30, -0.66, -1.24, 2.00,  0.66,  0.69,  0.77,  0.55,
    -0.43, 1.38, 0.25,  0.30,  0.10,  0.10, 0.52,  0.11,  -0.66, -1.21, 2.30,  0.48,  2.10,
};

const TrustInputs kTrustWeights = {
    -0.04, 0.26,  -0.14, -0.34, 0.05,  0.66,  -0.44, -0.07, 0.05, 0.17, -0.11, 0.36, 0.25,
    0.59,  0.36,  -0.62, 0.54,  0.92,  -0.84, 1.25,  -0.95, 0.11, 0.04, -0.01, 0.14, -0.05,
    0.60,  -0.34, 0.04,  0.30,  -0.49, -0.30, 0.17,  1.19,  0.42, 0.26, 0.18,  0.78, -2.72,
};

}  // namespace hindcast::propagate
