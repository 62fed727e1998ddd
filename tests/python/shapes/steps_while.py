# SPDX-License-Identifier: Apache-2.0
import numpy as np
import hindcast as hc

rng = np.random.default_rng(0)
np.random.seed(1)
truth = rng.normal(size=4)
weights = np.zeros(4)
velocity = np.zeros(4)
smooth, step, rate = 1.0, 0, 0.05
while step < 100000:
    with hc.iteration("step", step):
        row = rng.normal(size=4)
        error = row @ (weights - truth) + 0.1 * np.random.randn()
        velocity *= 0.9
        velocity += error * row
        weights -= rate / (1 + step * 1e-3) * 0.01 * velocity
        smooth = 0.999 * smooth + 0.001 * error ** 2
        if step % 500 == 0:
            distance = float(np.linalg.norm(weights - truth))
            hc.log("smooth", float(smooth))
            hc.log("distance", distance)
    step += 1
hc.log("final", float(smooth))
