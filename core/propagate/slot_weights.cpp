// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/slot_features.h"

namespace hindcast::propagate {

const SlotFeatures kSlotWeights = {
    1.35, 0.05, -1.20, -1.28, -0.69, 0.30, 1.34, -0.29, -0.82, -0.70, -0.66, -0.84, -0.04, 1.44, 1.40, 3.40, -1.33, 0.03, 2.18, 1.27, 0.65, 0.64, 0.72, -2.58, -0.58, 0.66, -1.38, 0.91, 0.79, 0.49, 1.93, 1.32, -0.30, -1.20
};

double confidenceOf(double probability) { return probability; }

}  // namespace hindcast::propagate
