# SPDX-License-Identifier: Apache-2.0
import itertools

import numpy as np
import hindcast as hc

np.random.seed(5)
position, momentum = np.zeros(3), np.zeros(3)
accepted, kept = 0, []
for it in hc.loop("iter", itertools.count()):
    proposal = position + 0.3 * np.random.randn(3)
    if np.log(np.random.rand()) < 0.5 * (position @ position - proposal @ proposal):
        position = proposal
        accepted += 1
    if it % 1000 == 0:
        kept.append(float(position @ position))
        hc.log("energy", float(position @ position))
        hc.log("accepted", accepted)
    if it >= 99999:
        break
hc.log("mean", float(np.mean(kept)))
