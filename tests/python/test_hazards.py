# SPDX-License-Identifier: Apache-2.0
"""Each hazard of real scripts: what can be exact is bit-exact, what cannot is caught and named."""
import pytest
from conftest import cbor
from scripts import DATA, END, HEAD, SEED, STEP, script

PROBE = ("train.py", 'hc.log("end"', 'hc.log("norm", float(sum(p.norm() for p in net.parameters())))')

EXACT = {
    "unseeded model initialisation": script("", STEP + END, seed="torch.seed()\n"),
    "never seeded": script("", STEP + END, seed=""),
    "an average of weights that was not registered": script(
        "import copy\nema = copy.deepcopy(net)\n",
        STEP + "            with torch.no_grad():\n                for a, b in zip(ema.parameters(), net.parameters()):\n"
        "                    a.mul_(0.9).add_(b, alpha=0.1)\n"
        '        hc.log("ema", sum(p.norm() for p in ema.parameters()).item())\n' + END,
    ),
    "a scheduler that was not registered": script(
        "sched = torch.optim.lr_scheduler.StepLR(opt, 1, 0.5)\n", STEP + '        sched.step()\n        hc.log("lr", sched.get_last_lr()[0])\n' + END
    ),
    "unfreezing": script("for p in net[0].parameters():\n    p.requires_grad = False\n",
        "        if epoch == 2:\n            for p in net[0].parameters():\n                p.requires_grad = True\n" + STEP + END),
    "gradients accumulated over boundaries": script(
        "count = 0\n",
        '        for x, y in hc.loop("step", loader):\n            loss = F.cross_entropy(net(x), y)\n            loss.backward()\n'
        "            count += 1\n            if count % 4 == 0:\n                opt.step()\n                opt.zero_grad()\n"
        '            hc.log("loss", loss.item())\n' + END,
    ),
    "an early stopping object": script(
        "class Stopper:\n    def __init__(self):\n        self.best, self.bad = 1e9, 0\n    def step(self, value):\n"
        "        self.bad = 0 if value < self.best - 0.02 else self.bad + 1\n        self.best = min(self.best, value)\n"
        "        return self.bad\nstopper = Stopper()\n",
        "        total = 0.0\n" + STEP + "            total += loss.item()\n"
        '        hc.log("bad", stopper.step(total / len(loader)))\n' + END,
    ),
    "a dataset that counts": script(
        "class Counting(Noisy):\n    def __init__(self):\n        super().__init__()\n        self.drawn = 0\n    def __getitem__(self, index):\n"
        "        self.drawn += 1\n        x, y = super().__getitem__(index)\n        return x * (1 + 0.001 * self.drawn), y\n"
        "loader = torch.utils.data.DataLoader(Counting(), batch_size=8, shuffle=True)\n", STEP + END,
    ),
    "generators of its own": script(
        "gen = torch.Generator().manual_seed(5)\nrs = np.random.default_rng(3)\nold = np.random.RandomState(4)\nrr = random.Random(6)\n"
        "loader = torch.utils.data.DataLoader(Noisy(), batch_size=8, shuffle=True, generator=gen)\n",
        '        hc.log("r", float(rs.random()) + float(old.rand()) + rr.random())\n' + STEP + END,
    ),
    "a sampler that draws global random numbers": script(
        "class Sampler(torch.utils.data.Sampler):\n    def __init__(self):\n        pass\n    def __len__(self):\n        return 48\n"
        "    def __iter__(self):\n        for _ in range(48):\n            yield random.randrange(48)\n"
        "loader = torch.utils.data.DataLoader(Noisy(), batch_size=8, sampler=Sampler())\n", STEP + END,
    ),
    "closure state": script(
        "def counter():\n    n = 0\n    def step():\n        nonlocal n\n        n += 1\n        return n\n    return step\ncount = counter()\n",
        STEP + '            hc.log("n", count())\n' + END,
    ),
    "a learning rate in a plain variable": script(
        "lr = 0.1\n", "        for group in opt.param_groups:\n            group['lr'] = lr\n" + STEP + '        lr *= 0.7\n        hc.log("lr", lr)\n' + END
    ),
    "hidden state carried from batch to batch": script(
        "hidden = torch.zeros(2)\n", STEP + '            hidden = 0.9 * hidden + net(x).detach().mean(0)\n            hc.log("h", hidden.sum())\n' + END
    ),
    "parameters that are plain tensors": HEAD + SEED + '''
w = torch.randn(8, 2, requires_grad=True)
opt = torch.optim.Adam([w], lr=0.05)
net = nn.Identity()
data = Noisy()
for epoch in hc.loop("epoch", range(5)):
    for i in hc.loop("step", range(6)):
        opt.zero_grad()
        loss = F.cross_entropy(data.x[i * 8:i * 8 + 8] @ w, data.y[i * 8:i * 8 + 8])
        loss.backward()
        opt.step()
        hc.log("loss", loss.item())
    hc.log("end", w.norm())
''',
    "an iterator over a list": script(
        "turns = iter([0.1 * i for i in range(100)])\n", STEP + '            hc.log("turn", next(turns))\n' + END,
    ),
    "a random split": script(
        "train, rest = torch.utils.data.random_split(Noisy(), [40, 8])\nloader = torch.utils.data.DataLoader(train, batch_size=8, shuffle=True)\n",
        STEP + END, seed="",
    ),
    "NumPy only": '''
import numpy as np
import hindcast as hc
class Net:
    norm = 0.0
    def parameters(self):
        return []
net = Net()
rng = np.random.default_rng(0)
np.random.seed(3)
X = rng.normal(size=(64, 8)); y = (X.sum(1) > 0).astype(float)
W = rng.normal(size=8) * 0.1
for epoch in hc.loop("epoch", range(5)):
    order = np.random.permutation(64)
    for step in hc.loop("step", range(8)):
        idx = order[step * 8:step * 8 + 8]
        p = 1 / (1 + np.exp(-X[idx] @ W))
        W -= 0.1 * X[idx].T @ (p - y[idx]) / 8
        hc.log("loss", float(np.abs(p - y[idx]).mean()))
    hc.log("end", float(np.linalg.norm(W)))
''',
    "scikit-learn partial_fit": '''
import numpy as np
from sklearn.linear_model import SGDClassifier
import hindcast as hc
np.random.seed(3)
X = np.random.randn(96, 6); y = (X.sum(1) > 0).astype(int)
model = SGDClassifier(shuffle=True)
class net:
    parameters = staticmethod(lambda: [])
for epoch in hc.loop("epoch", range(5)):
    for step in hc.loop("step", range(6)):
        model.partial_fit(X[step * 16:step * 16 + 16], y[step * 16:step * 16 + 16], classes=[0, 1])
        hc.log("score", model.score(X, y) + float(np.random.rand()))
    hc.log("end", float(np.abs(model.coef_).sum()))
''',
    "a trainer class whose state lives on self": HEAD + '''
class Trainer:
    def __init__(self):
        torch.manual_seed(0)
        self.data = Noisy()
        self.loader = torch.utils.data.DataLoader(self.data, batch_size=8, shuffle=True)
        self.net = nn.Sequential(nn.Linear(8, 16), nn.Dropout(0.2), nn.Linear(16, 2))
        self.opt = torch.optim.Adam(self.net.parameters())
        self.step, self.best, self.curve = 0, 0.0, []
    def epoch(self):
        for x, y in hc.loop("step", self.loader):
            self.opt.zero_grad()
            loss = F.cross_entropy(self.net(x), y)
            loss.backward()
            self.opt.step()
            self.step += 1
            hc.log("loss", loss)
        return loss.item()
    def fit(self, epochs):
        net = self.net
        for self.epoch_number in hc.loop("epoch", range(epochs)):
            last = self.epoch()
            self.curve.append(last)
            self.best = max(self.best, last)
            hc.log("end", self.best + self.step + len(self.curve))
np.random.seed(1); random.seed(1)
Trainer().fit(5)
''',
}


@pytest.mark.parametrize("name", sorted(EXACT))
def test_replayed_exactly(project, name):
    made = project({"train.py": EXACT[name], "data.py": DATA})
    version = made.record()
    deep = made.replay(version, "deep", 3, 3, [PROBE])
    assert deep.grades() == {3: "exact"}, deep.fidelity()
    shallow = made.replay(version, "shallow", 3, 4, [PROBE])
    assert shallow.grades() == {3: "exact", 4: "exact"}, shallow.fidelity()
    wanted = {key: value for key, value in shallow.values("norm").items() if key[0][0][2] == 3}
    assert deep.values("norm") == wanted and wanted


def test_optimizer_state_keeps_its_type_where_loading_would_cast_it(project):
    text = HEAD + SEED + '''
net = nn.Linear(8, 2).to(torch.bfloat16)
opt = torch.optim.SGD(net.parameters(), lr=0.05)
data = Noisy()
for p in net.parameters():
    opt.state[p]["momentum"] = torch.zeros_like(p, dtype=torch.float32)
with hc.checkpointing(model=net, optimizer=opt):
    for epoch in hc.loop("epoch", range(4)):
        for step in hc.loop("step", range(4)):
            out = data.x[step * 8:step * 8 + 8].to(torch.bfloat16) @ net.weight.t() + net.bias
            loss = F.cross_entropy(out.float(), data.y[step * 8:step * 8 + 8])
            net.zero_grad()
            loss.backward()
            with torch.no_grad():
                for p in net.parameters():
                    opt.state[p]["momentum"].mul_(0.9).add_(p.grad.float())
                    p.sub_(0.05 * opt.state[p]["momentum"].to(torch.bfloat16))
            hc.log("loss", loss.item())
        hc.log("end", epoch)
'''
    made = project({"train.py": text, "data.py": DATA})
    replay = made.replay(made.record(), "deep", 2, 3, [("train.py", 'hc.log("end"', 'hc.log("x", str(opt.state[net.weight]["momentum"].dtype))')])
    assert set(replay.grades().values()) == {"exact"}, replay.fidelity()
    assert set(replay.values("x").values()) == {"torch.float32"}


def test_an_iterator_whose_position_is_unknown_is_never_wrongly_exact(project):
    text = script("stream = iter(lambda: (torch.randn(8, 8), torch.randint(0, 2, (8,))), None)\n"
                  "state = (torch.full((8, 8), float(i)) for i in range(100))\n",
                  '        for i in hc.loop("step", range(4)):\n            x = next(state) + torch.randn(8, 8)\n'
                  "            opt.zero_grad()\n            loss = net(x).pow(2).mean() * 1e-3\n            loss.backward()\n            opt.step()\n"
                  '            hc.log("loss", loss.item())\n' + END)
    made = project({"train.py": text, "data.py": DATA})
    version = made.record()
    assert version.notes("hazard")[0]["what"] == "iterator"
    assert made.decide(version, [PROBE])[0]["mode"] == "beginning"
    deep = made.replay(version, "deep", 3, 3, [PROBE])
    assert deep.status == 3 and "exact" not in deep.grades().values()
    assert made.replay(version, "beginning", 3, 3, [PROBE]).grades() == {3: "exact"}


def test_a_changed_dataset_is_seen_before_anything_is_called_exact(project):
    made = project({"train.py": script("", STEP + END), "data.py": DATA})
    version = made.record()
    (made.folder / "data.py").write_text((made.folder / "data.py").read_text().replace("0.1 * torch.randn(8)", "0.2 * torch.randn(8)"))
    replay = made.replay(version, "deep", 2, 2, [PROBE])
    assert replay.status == 3 and replay.grades() == {2: "diverged"}
    first = replay.fidelity()[2]["first"]
    assert first["name"] == "loss" and first["coordinates"][-1][2] == 0
    assert "data" in replay.fidelity()[2]["cause"]


def test_a_changed_learning_rate_is_seen_at_the_second_step(project):
    made = project({"train.py": script("", STEP + END), "data.py": DATA})
    version = made.record()
    changed = made.folder / "train.py"
    changed.write_text(changed.read_text().replace("opt.step()", "opt.step(); net[0].weight.data.add_(1e-3)"))
    replay = made.replay(version, "deep", 2, 2, [PROBE])
    frame = replay.fidelity()[2]
    assert frame["grade"] == "diverged" and frame["first"]["coordinates"][-1][2] == 1


def test_times_that_a_script_logs_and_keeps_do_not_count_as_differences(project):
    body = "        began = time.time()\n" + STEP + '        spent = time.time() - began\n        hc.log("how_long", spent)\n' + END
    made = project({"train.py": script("import time\n", body), "data.py": DATA})
    assert made.replay(made.record(), "deep", 2, 3, [PROBE]).grades() == {2: "exact", 3: "exact"}


def test_touching_what_is_not_there_asks_for_a_deep_replay(project):
    body = STEP + "            big = [__import__('threading').Lock() for _ in range(3)]\n" + END
    made = project({"train.py": script("", body), "data.py": DATA})
    version = made.record()
    probe = ("train.py", 'hc.log("end"', 'hc.log("n", len(big))')
    shallow = made.replay(version, "shallow", 2, 3, [probe])
    note = shallow.notes("escalate")[0]
    assert shallow.status == 3 and (note["first"], note["last"], note["to"]) == (2, 3, "deep") and "big" in note["reason"]
    assert made.decide(version, [probe])[0]["mode"] == "deep"
    assert made.replay(version, "deep", 2, 3, [probe]).grades() == {2: "exact", 3: "exact"}


def test_captures_are_readable_without_this_package(project):
    made = project({"train.py": script("", STEP + END), "data.py": DATA})
    version = made.record()
    meta = version.meta(version.captures(0)[1])
    assert {"rng", "locals", "objects"} <= set(meta) and set(meta["objects"]) == {"model", "optimizer"}
    assert isinstance(meta["rng"]["torch"], bytes) and cbor.encode(meta)
