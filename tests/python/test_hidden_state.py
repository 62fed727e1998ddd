# SPDX-License-Identifier: Apache-2.0
"""State in places where nobody looks: attributes of classes and functions, defaults, objects of other libraries, memory that
NumPy and torch share. What is captured is exact; what is not is never taken for exact."""
import pathlib

import agreement
import pytest
from conftest import Project

SCRIPT = '''
import array
import functools
import io
import itertools
import queue
import torch
import torch.nn as nn
import torch.nn.functional as F
import hindcast as hc

torch.manual_seed(0)


class Net(nn.Module):
    calls = 0

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        Net.calls += 1
        return self.fc(x)


class Registry:
    seen = []
    best = {"value": None}


def count_up(n=1):
    count_up.total += n
    return count_up.total


count_up.total = 0


def remember(value, store=[]):
    if value is not None:
        store.append(value)
    return len(store)


@functools.lru_cache(maxsize=None)
def cached(k):
    return k * 2


class Holder:
    def __init__(self):
        self.text = io.StringIO()
        self.numbers = array.array("d")
        self.queue = queue.Queue()


counter = itertools.count()
holder = Holder()
net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
x = torch.randn(32, 4)
y = torch.randint(0, 2, (32,))
shared = torch.zeros(16).numpy()
view = torch.from_numpy(shared)
for epoch in hc.loop("epoch", range(4)):
    for k in hc.loop("step", range(4)):
        loss = F.cross_entropy(net(x[k * 8:k * 8 + 8]), y[k * 8:k * 8 + 8])
        opt.zero_grad()
        loss.backward()
        opt.step()
        value = loss.item()
        Registry.seen.append(value)
        Registry.best["value"] = value
        count_up()
        remember(k)
        cached(epoch * 10 + k)
        shared[4 * epoch + k] = value
        holder.text.write("x")
        holder.numbers.append(value)
        holder.queue.put(k)
        turn = next(counter)
        hc.log("loss", value)
    hc.log("end", epoch)
done = 1
'''

CAPTURED = ("Net.calls", "net.calls", "len(Registry.seen)", "Registry.best['value']", "count_up.total", "count_up(0)", "remember(None)",
            "len(holder.text.getvalue())", "len(holder.numbers)", "holder.numbers[-1]", "turn", "float(view.sum())", "cached(3)")
NOT_CAPTURED = ("holder.queue.qsize()", "cached.cache_info().currsize")


@pytest.fixture(scope="module")
def examined(tmp_path_factory):
    lines = SCRIPT.split("\n")
    places = [(lines.index('    hc.log("end", epoch)') + 1, 4), (lines.index("done = 1") + 1, 0)]
    asked = [agreement.Candidate("train.py", line, indent, expression, "probe%d_%d" % (number, indent))
             for number, expression in enumerate(CAPTURED + NOT_CAPTURED) for line, indent in places]

    def make(files):
        return Project(pathlib.Path(tmp_path_factory.mktemp("hidden")) / "project", files)

    return agreement.examine(make, {"train.py": SCRIPT}, asked=asked), asked


def test_every_value_is_the_true_one(examined):
    found, _ = examined
    assert found.wrong == [] and found.missing == [], (found.wrong, found.missing, found.unproven)


def test_what_no_capture_holds_is_replayed_from_the_beginning(examined):
    found, asked = examined
    for one in asked:
        wanted = one.expression in NOT_CAPTURED
        assert (found.mode_of[one.name] == "beginning") == wanted, (one.expression, found.mode_of[one.name])
