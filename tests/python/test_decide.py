# SPDX-License-Identifier: Apache-2.0
"""The mode of a probe: what is certain is shallow, everything else deep; each with its reason."""
import pytest
from scripts import DATA, ENGINE, FLAT, FUNCTIONS

ADVERSE = '''
import random
import threading
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import hindcast as hc
from data import Noisy

torch.manual_seed(0)
loader = torch.utils.data.DataLoader(Noisy(), batch_size=8, shuffle=True)
net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 2))
opt = torch.optim.SGD(net.parameters(), lr=0.05)
cache = {}
constant = 3.0


def grad_norm():
    return sum(float(p.grad.norm()) for p in net.parameters())


def by_name():
    return [getattr(p, "grad") for p in net.parameters()]


def indirect():
    return grad_norm()


def evaluate(model):
    with torch.no_grad():
        value = model(loader.dataset.x).mean().item()
    return value


def never_called():
    marker = 1
    return marker


def used_as_value(x):
    marker_two = x
    return marker_two


shown = list(map(used_as_value, [1, 2]))
for epoch in hc.loop("epoch", range(4)):
    started = epoch
    for x, y in hc.loop("step", loader):
        opt.zero_grad()
        out = net(x)
        loss = F.cross_entropy(out, y)
        loss.backward()
        opt.step()
        cache[len(cache)] = threading.Lock()
        handle = threading.Lock()
    middle = evaluate(net)
    for x, y in hc.loop("valid", loader):
        net(x)
    else:
        tail = 1
    alias = handle
    number = constant * 2
    if epoch >= 0:
        inside_if = 1
    for k in range(2):
        inside_for = k
    last = 0
after = 1
'''

CASES = [
    ("before the loop", "constant = 3.0", 'hc.log("v", constant)', "prefix", "before-loop"),
    ("after the loop", "after = 1", 'hc.log("v", after)', "suffix", "after-loop"),
    ("before the inner loop", "started = epoch", 'hc.log("v", started)', "pre", "before-inner-loop"),
    ("in the inner loop", "opt.step()", 'hc.log("v", 1)', "deep", "inside-inner-loop"),
    ("in the second inner loop", "    net(x)", 'hc.log("v", 1)', "deep", "inside-inner-loop"),
    ("weights after the inner loops", "last = 0", 'hc.log("v", net[0].weight.norm())', "shallow", "after-inner-loop"),
    ("weights between the inner loops", "middle = evaluate", 'hc.log("v", middle + net[0].weight.sum())', "shallow", "after-inner-loop"),
    ("a tensor the loop left behind", "last = 0", 'hc.log("v", out.mean())', "shallow", "after-inner-loop"),
    ("a call of an evaluation", "last = 0", 'hc.log("v", evaluate(net))', "shallow", "after-inner-loop"),
    ("a value assigned after the loop", "last = 0", 'hc.log("v", number)', "shallow", "after-inner-loop"),
    ("inside an if after the loop", "inside_if = 1", 'hc.log("v", number)', "shallow", "after-inner-loop"),
    ("inside a plain for after the loop", "inside_for = k", 'hc.log("v", k)', "shallow", "after-inner-loop"),
    ("a loop of the statement's own", "last = 0", 'for digit in range(3):\n    hc.log("v", digit * constant)', "shallow", "after-inner-loop"),
    ("a name the statement binds first", "last = 0", 'with torch.no_grad():\n    probed = net[0].weight * 2; hc.log("v", probed)', "shallow", "after-inner-loop"),
    ("a gradient", "last = 0", 'hc.log("v", net[0].weight.grad.norm())', "deep", "reads-gradients"),
    ("a function that reads gradients", "last = 0", 'hc.log("v", grad_norm())', "deep", "reads-gradients"),
    ("a function that names them in a text", "last = 0", 'hc.log("v", len(by_name()))', "deep", "reads-gradients"),
    ("a function behind a function", "last = 0", 'hc.log("v", indirect())', "deep", "reads-gradients"),
    ("the graph of a restored tensor", "last = 0", 'hc.log("v", out.grad_fn is None)', "deep", "reads-gradients"),
    ("an object that is not captured", "last = 0", 'hc.log("v", id(handle))', "deep", None),
    ("an alias of it", "last = 0", 'hc.log("v", id(alias))', "deep", None),
    ("a global that the loop fills with what is not captured", "last = 0", 'hc.log("v", len(cache))', "beginning", "uncaptured-state"),
    ("a name nobody knows", "last = 0", 'hc.log("v", nowhere)', "deep", None),
    ("hidden reads", "last = 0", 'hc.log("v", eval("constant"))', "deep", "dynamic-code"),
    ("a function nobody calls", "marker = 1", 'hc.log("v", 1)', "deep", "not-called"),
    ("a function that is handed around", "marker_two = x", 'hc.log("v", 1)', "deep", "unknown-callers"),
    ("a function called after the inner loop", "value = model(", 'hc.log("v", value)', "shallow", "after-inner-loop"),
    ("a compound statement with the inner loop in it", "tail = 1", 'hc.log("v", 1)', "deep", None),
]


@pytest.fixture(scope="module")
def adverse(tmp_path_factory):
    from conftest import Project

    made = Project(tmp_path_factory.mktemp("adverse") / "project", {"train.py": ADVERSE, "data.py": DATA})
    version = made.record()
    probes = [("train.py", anchor, statement) for _, anchor, statement, _, _ in CASES]
    return made, version, made.decide(version, probes)


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case[0].replace(" ", "-") for case in CASES])
def test_the_mode_of(adverse, number):
    answer = adverse[2][number]
    _, _, _, mode, key = CASES[number]
    assert answer["mode"] == mode, answer
    assert key in (None, answer["reasonKey"]), answer
    assert answer["reason"] and "{" not in answer["reason"]


def test_where_shallow_is_chosen_shallow_and_deep_give_the_same(adverse):
    made, version, answers = adverse
    chosen = [("train.py", case[1], case[2].replace('"v"', '"v%d"' % n)) for n, case in enumerate(CASES) if answers[n]["mode"] == "shallow"]
    inner = ["step", "valid"]
    between = [probe for probe in chosen if probe[1].startswith("middle")]
    rest = [probe for probe in chosen if probe not in between]
    assert len(rest) >= 6
    for probes, loops in ((rest, inner), (between, inner[:1])):
        shallow = made.replay(version, "shallow", 1, 2, probes, inner=loops)
        deep = made.replay(version, "deep", 1, 2, probes, inner=loops)
        assert shallow.grades() == deep.grades() == {1: "exact", 2: "exact"}, (shallow.fidelity(), shallow.output, deep.fidelity())
        assert shallow.values() == deep.values() and len(shallow.values()) >= 2 * len(probes)


def test_functions_in_other_modules_are_decided_through_their_callers(project):
    made = project({"train.py": FUNCTIONS, "data.py": DATA, "engine.py": ENGINE})
    version = made.record()
    asked = [
        ("train.py", 'hc.log("acc", acc)', 'hc.log("v", train_loss + acc)'),
        ("engine.py", "model.eval()", 'hc.log("v", meter.total)'),
        ("engine.py", "right = (model(x)", 'hc.log("v", right.sum())'),
        ("engine.py", "loss.backward()", 'hc.log("v", loss)'),
        ("engine.py", "meter = Meter()", 'hc.log("v", model.training)'),
        ("engine.py", "self.count += 1", 'hc.log("v", self.count)'),
    ]
    answers = made.decide(version, asked)
    assert [answer["mode"] for answer in answers] == ["shallow", "shallow", "shallow", "deep", "pre", "deep"], answers
    assert answers[0]["innerLoops"] == ["step"] and answers[3]["level"] == ["epoch", "step"] and answers[0]["level"] == ["epoch"]


def test_a_source_that_does_not_parse_is_said_with_its_line(project):
    made = project({"train.py": FLAT, "data.py": DATA})
    version = made.record()
    import json
    import subprocess
    import sys

    asked = {"uuid": "u", "versionFolder": str(version.folder), "files": {"train.py": "x = (1\n"}, "script": "train.py", "injected": []}
    result = subprocess.run([sys.executable, "-m", "hindcast.decide"], input=json.dumps({"versions": [asked]}), env=made.environment(),
                            stdout=subprocess.PIPE, universal_newlines=True, check=True)
    answer = json.loads(result.stdout)["versions"][0]
    assert not answer["ok"] and answer["error"].startswith("train.py line 1: ")


def test_a_generator_that_is_kept_runs_where_its_values_are_asked_for(project):
    made = project({"train.py": '''
import hindcast as hc
def turns(start):
    while True:
        start += 1
        yield start
def squares(count):
    for one in range(count):
        square = one * one
        yield square
forever = turns(100)
for epoch in hc.loop("epoch", range(3)):
    source = turns(epoch)
    total = sum(squares(4))
    for step in hc.loop("step", range(4)):
        hc.log("x", next(source) + next(forever))
    hc.log("end", total)
'''})
    version = made.record()
    later, at_once = made.decide(version, [("train.py", "start += 1", 'hc.log("seen", start)'), ("train.py", "square = one", 'hc.log("seen", square)')])
    assert (later["mode"], later["reasonKey"]) == ("beginning", "run-later")
    assert at_once["reasonKey"] != "run-later"
