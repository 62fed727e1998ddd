// SPDX-License-Identifier: Apache-2.0
#include "core/propagate/propagate.h"

#include <algorithm>

#include "core/propagate/carrier.h"

namespace hindcast::propagate {

base::Result<Placement> place(const Project& newest, const Probe& probe, const Project& old) {
    return placeGroup(newest, {probe}, old);
}

base::Result<Placement> placeGroup(const Project& newest, const std::vector<Probe>& group, const Project& old) {
    return Carrier(newest, old).carry(group);
}

}  // namespace hindcast::propagate
