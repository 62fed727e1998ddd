# SPDX-License-Identifier: Apache-2.0
"""Names for memory that a model or optimizer owns: after a restore they change with it, as they did in the run."""
import pytest

SCRIPT = """
import hindcast as hc
import torch
import numpy as np

torch.manual_seed(0)
net = torch.nn.Linear(4, 3)
opt = torch.optim.Adam(net.parameters(), lr=0.1)
row, flat, kept, best = None, None, None, {}
for epoch in hc.loop("epoch", range(6)):
    if epoch == 1:
        kept = {"model": net.state_dict(), "optimizer": opt.state_dict(), "epoch": epoch}
        row = net.weight.detach()[1]
        flat = net.weight.data.t()
    if epoch == 2:
        best = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    for step in hc.loop("step", range(3)):
        opt.zero_grad()
        loss = (net(torch.randn(8, 4)) ** 2).mean()
        loss.backward()
        opt.step()
    hc.log("loss", loss.item())
"""

READS = (
    "train.py", 'hc.log("loss"',
    'hc.log("seen", [float(row.sum()), float(flat[0].sum()), float(kept["model"]["bias"].sum()), '
    'float(kept["optimizer"]["state"][0]["exp_avg"].sum()), float(best["bias"].sum()) if best else 0.0] if kept else 0)',
)


@pytest.mark.parametrize("mode", ["shallow", "deep"])
@pytest.mark.parametrize("first", [2, 4])
def test_what_a_name_shares_with_the_model_it_still_shares_after_a_restore(project, mode, first):
    made = project({"train.py": SCRIPT})
    version, truth = made.record(), made.truth([READS])
    replay = made.replay(version, mode, first, 5, [READS])
    assert replay.grades() == dict.fromkeys(range(first, 6), "exact"), (replay.fidelity(), replay.output)
    wanted = {key: value for key, value in truth.values("seen").items() if key[0][0][2] >= first}
    assert wanted and replay.values("seen") == wanted


NEVER_SEEDED = """
import hindcast as hc
import numpy as np

offset = np.random.rand()
for epoch in hc.loop("epoch", range(3)):
    hc.log("x", offset + epoch)
last = offset
"""


@pytest.mark.parametrize("mode", ["prefix", "beginning"])
def test_numpy_that_nobody_seeds_and_that_comes_after_the_recorder_draws_the_same_numbers(project, mode):
    made = project({"train.py": NEVER_SEEDED})
    version = made.record()
    assert made.record().values("x") != version.values("x")
    first, last = (-1, -1) if mode == "prefix" else (0, 2)
    replay = made.replay(version, mode, first, last, [("train.py", "offset = np.random", 'hc.log("offset", offset)')])
    assert set(replay.grades().values()) == {"exact"}, (replay.fidelity(), replay.output)
    assert list(replay.values("offset").values()) == [version.values("x")[next(iter(version.values("x")))]]
