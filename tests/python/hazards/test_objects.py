# SPDX-License-Identifier: Apache-2.0
"""State of objects, names and modules (rows of section 2.2 of the replay research): what a restore has to put back."""
import pytest
from rows import Row
from scripts import DATA, END, HEAD, SEED, STEP, script

AFTER = ("train.py", 'hc.log("end"', 'hc.log("norm", float(sum(p.norm() for p in net.parameters())))')
INSIDE = ("train.py", "loss.backward()", 'hc.log("grad", float(sum(p.grad.float().norm() for p in net.parameters() if p.grad is not None)))')

ACCUMULATE = (
    '        for x, y in hc.loop("step", loader):\n            loss = F.cross_entropy(net(x), y)\n            loss.backward()\n'
    "            count += 1\n            if count % 4 == 0:\n                opt.step()\n                opt.zero_grad(set_to_none=False)\n"
    '            hc.log("loss", loss.item())\n'
)
EXACT = {
    "an optimizer of the same class bound to the name in the middle": script(
        "", "        if epoch == 2:\n            opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.5)\n" + STEP + END),
    "gradients that are zero and not absent": script("count = 0\n", ACCUMULATE + END),
    "momentum in another type than its parameter": script(
        "net = net.to(torch.bfloat16)\nopt = torch.optim.SGD(net.parameters(), lr=0.05)\nslow = {p: torch.zeros_like(p, dtype=torch.float32) for p in net.parameters()}\n"
        "for p, m in slow.items():\n    opt.state[p]['momentum'] = m\n",
        '        for x, y in hc.loop("step", loader):\n            loss = F.cross_entropy((x.bfloat16() @ net[0].weight[:2].t()).float(), y)\n            net.zero_grad()\n'
        "            loss.backward()\n            with torch.no_grad():\n                for p in (net[0].weight,):\n"
        "                    opt.state[p]['momentum'].mul_(0.9).add_(p.grad.float())\n                    p.sub_((0.05 * opt.state[p]['momentum']).bfloat16())\n"
        '            hc.log("loss", loss.item())\n' + END),
    "half precision on the way": script(
        "", STEP.replace("loss = F.cross_entropy(net(x), y)", "with torch.autocast('cpu', torch.bfloat16):\n                out = net(x)\n"
                         "            loss = F.cross_entropy(out.float(), y)") + END),
    "a list that a learning rate function changes": script(
        "rates = [1.0]\ndef rate(step):\n    rates.append(0.9 * rates[-1])\n    return rates[-1]\nsched = torch.optim.lr_scheduler.LambdaLR(opt, rate)\n",
        STEP + '        sched.step()\n        hc.log("lr", sched.get_last_lr()[0])\n' + END),
    "buffers and attributes that no state_dict holds": script(
        "class Moving(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.calls, self.scale = 0, 1.0\n"
        "        self.register_buffer('seen', torch.zeros(16), persistent=False)\n    def forward(self, x):\n        self.calls += 1\n"
        "        self.seen = 0.9 * self.seen + 0.1 * x.detach().mean(0)\n        return self.scale * x + 0.01 * self.seen\n"
        "net = nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), Moving(), nn.Dropout(0.2), nn.Linear(16, 2))\n"
        "opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)\n",
        "        net.train()\n" + STEP + "        net.eval()\n        net[2].scale *= 0.97\n" + END),
    "dropout, batch norm and three generators": script(
        "net = nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 2))\nopt = torch.optim.Adam(net.parameters(), lr=0.01)\n",
        "        net.train()\n" + STEP.replace("net(x)", "net(x + 0.1 * random.random() + 0.1 * float(np.random.rand()))") + "        net.eval()\n" + END),
    "a swa model and a plateau scheduler that were not registered": script(
        "average = torch.optim.swa_utils.AveragedModel(net)\nplateau = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, patience=0)\n",
        STEP + "        average.update_parameters(net)\n        plateau.step(loss.item())\n"
        '        hc.log("rate", opt.param_groups[0]["lr"] + float(sum(p.norm() for p in average.parameters())))\n' + END),
}


def row(project, text, probes=(AFTER, INSIDE), files=()):
    return Row(project({"train.py": text, "data.py": DATA, **dict(files)}), probes)


@pytest.mark.parametrize("name", sorted(EXACT))
def test_state_comes_back_exactly_with(project, name):
    made = row(project, EXACT[name])
    made.expect("deep", 3, 3, ["deep"])
    made.probes = [AFTER]
    made.expect("shallow", 1, 3, ["shallow"])


BUILT = {
    "an optimizer of another class": "            opt = torch.optim.Adam(net.parameters(), lr=0.01)\n",
    "one more parameter group": "            net[2].bias.requires_grad = True\n            opt.add_param_group({'params': [extra], 'lr': 0.01})\n",
    "one more layer": "            net.add_module('3', nn.Linear(2, 2))\n            opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)\n",
}


@pytest.mark.parametrize("name", sorted(BUILT))
def test_what_a_pass_builds_anew_is_built_again_from_the_checkpoint_before_it(project, name):
    body = "        if epoch == 2:\n" + BUILT[name] + STEP.replace("net(x)", "net(x) + 0 * extra.sum()") + END
    made = row(project, script("extra = torch.zeros(2, requires_grad=True)\n", body))
    found = made.expect("deep", 3, 4, ["deep"])
    assert found.last.notes("progress") and [note["index"] for note in found.last.notes("progress") if note["phase"] == "restore"] == [2]
    made.probes = [AFTER]
    assert made.expect("shallow", 3, 4).modes[-1] in ("shallow", "deep")


STATE = "values = []\ntotal = 0.0\n\n\ndef add(value):\n    global total\n    total += value\n    values.append(total)\n    return total\n"
TRAINER = '''
import hindcast as hc
import torch.nn.functional as F
import state


def run(net, opt, loader):
    for x, y in hc.loop("step", loader):
        opt.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        opt.step()
        hc.log("loss", loss.item() * state.add(loss.item()))
'''


def test_globals_of_other_modules_are_put_back(project):
    text = script("import state, trainer\n", '        trainer.run(net, opt, loader)\n        hc.log("sum", state.total + len(state.values))\n' + END)
    probes = [AFTER, ("trainer.py", "loss.backward()", 'hc.log("grad", float(sum(p.grad.norm() for p in net.parameters())) + state.total)')]
    made = row(project, text, probes, {"state.py": STATE, "trainer.py": TRAINER})
    made.expect("deep", 3, 3, ["deep"])
    made.probes = [AFTER]
    made.expect("shallow", 1, 3, ["shallow"])


def test_early_stopping_by_break_is_exact_up_to_the_last_epoch(project):
    body = STEP + END + "        if epoch == 3 and loss.item() < 1e9:\n            break\n"
    made = row(project, script("", body))
    made.expect("deep", 2, 3, ["deep"])
    made.probes = [AFTER]
    made.expect("shallow", 2, 3, ["shallow"])


NUMPY = '''
import numpy as np
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.linear_model import SGDClassifier
import hindcast as hc
np.random.seed(3)
X = np.random.randn(96, 6); y = (X.sum(1) > 0).astype(int)
%s
for epoch in hc.loop("epoch", range(5)):
    for step in hc.loop("step", range(4)):
        %s
        loss = float(model.score(X, y)) + float(np.random.rand())
        hc.log("loss", loss)
    hc.log("end", epoch)
'''
LEARNERS = {
    "partial_fit": ("model = SGDClassifier(shuffle=True)", "model.partial_fit(X[step * 16:step * 16 + 16], y[step * 16:step * 16 + 16], classes=[0, 1])",
                    "float(np.abs(model.coef_).sum())"),
    "warm_start with the global generator": ("model = GradientBoostingRegressor(n_estimators=1, warm_start=True, subsample=0.5, random_state=np.random.mtrand._rand)",
                                             "model.set_params(n_estimators=1 + 4 * epoch + step).fit(X, y)", "float(model.predict(X).sum())"),
}


@pytest.mark.parametrize("name", sorted(LEARNERS))
def test_scikit_learn_comes_back_exactly_with(project, name):
    setup, work, shown = LEARNERS[name]
    probes = [("train.py", 'hc.log("end"', 'hc.log("shown", %s)' % shown), ("train.py", 'hc.log("loss"', 'hc.log("inside", %s)' % shown)]
    made = row(project, NUMPY % (setup, work), probes)
    made.expect("deep", 3, 3, ["deep"])
    made.probes = probes[:1]
    made.expect("shallow", 1, 3, ["shallow"])


def test_state_in_a_closure_changed_from_inside_is_put_back(project):
    text = HEAD + SEED + '''
def main():
    net = nn.Linear(8, 2)
    opt = torch.optim.SGD(net.parameters(), lr=0.05)
    loader = torch.utils.data.DataLoader(Noisy(), batch_size=8, shuffle=True)
    best, seen = 0.0, []
    def note(value):
        nonlocal best
        best = max(best, value) * 0.99
        seen.append(best)
        return best
    for epoch in hc.loop("epoch", range(5)):
        for x, y in hc.loop("step", loader):
            opt.zero_grad()
            loss = F.cross_entropy(net(x), y)
            loss.backward()
            opt.step()
            hc.log("loss", loss.item())
            hc.log("note", note(loss.item()))
        hc.log("end", epoch)


main()
'''
    made = row(project, text, [("train.py", 'hc.log("end"', 'hc.log("best", best + len(seen) + sum(seen))'), INSIDE])
    made.expect("deep", 3, 3, ["deep"])
    made.probes = made.probes[:1]
    assert made.expect("shallow", 1, 3).modes[0] == "shallow"
