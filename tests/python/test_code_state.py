# SPDX-License-Identifier: Apache-2.0
"""Scripts that exchange code while they train: another loss function, another lambda, a patched method, hooks, a partial with
other arguments. A name that stands for a function is state like any other."""
import pathlib

import agreement
import pytest
from conftest import Project

SCRIPT = '''
import functools
import types
import torch
import torch.nn as nn
import torch.nn.functional as F
import hindcast as hc

torch.manual_seed(0)
x = torch.randn(48, 5)
y = x.sum(1, keepdim=True)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.last, self.act = nn.Linear(5, 8), nn.Linear(8, 1), torch.relu

    def forward(self, x):
        return self.last(self.act(self.first(x)))


class Settings:
    loss = F.mse_loss


def shifted(self, x):
    return self.last(torch.tanh(self.first(x))) + 0.1


def focal(a, b, gamma=1.0):
    return (a - b).abs().pow(gamma).mean()


def scaled(module, given, out):
    return out * 1.5


net = Net()
opt = torch.optim.Adam(net.parameters(), 0.01)
criterion = F.mse_loss
metric = lambda a, b: (a - b).abs().mean().item()
settings = Settings()
settings.loss = F.l1_loss
table = {"f": F.mse_loss}
order = [F.mse_loss, F.l1_loss]
partial = functools.partial(focal, gamma=1.5)
for epoch in hc.loop("epoch", range(6)):
    if epoch == 2:
        criterion = F.smooth_l1_loss
    for k in hc.loop("step", range(3)):
        loss = criterion(net(x[k * 16:k * 16 + 16]), y[k * 16:k * 16 + 16])
        opt.zero_grad()
        loss.backward()
        opt.step()
        hc.log("loss", loss.item())
    with torch.no_grad():
        out = net(x)
    hc.log("end", epoch)
    if epoch == 1:
        metric = lambda a, b: (a - b).abs().max().item()
        partial = functools.partial(focal, gamma=3.0)
        net.act = torch.sigmoid
    if epoch == 2:
        settings.loss, table["f"] = F.mse_loss, F.l1_loss
        order.reverse()
        handle = net.register_forward_hook(scaled)
    if epoch == 3:
        net.forward = types.MethodType(shifted, net)
    if epoch == 4:
        handle.remove()
done = 1
'''

ASKED = ("criterion(out, y).item()", "metric(out, y)", "settings.loss(out, y).item()", "table['f'](out, y).item()", "order[0](out, y).item()",
         "partial(out, y).item()", "net(x).mean().item()", "net.act(out).mean().item()", "out.mean().item()", "len(net._forward_hooks)",
         "criterion.__name__", "partial.keywords['gamma']")

# Nothing that training computes tells whether these are what they were.
EVALUATION = '''
import functools
import torch
import torch.nn as nn
import torch.nn.functional as F
import hindcast as hc

torch.manual_seed(0)
x = torch.randn(48, 5)
y = x.sum(1, keepdim=True)


def focal(a, b, gamma=1.0):
    return (a - b).abs().pow(gamma).mean()


class Settings:
    pass


net = nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 1))
opt = torch.optim.Adam(net.parameters(), 0.01)
score = F.mse_loss
metric = lambda a, b: (a - b).abs().mean()
settings = Settings()
settings.loss, settings.squash = F.l1_loss, torch.sigmoid
table = {"f": F.mse_loss}
partial = functools.partial(focal, gamma=1.5)
for epoch in hc.loop("epoch", range(5)):
    for k in hc.loop("step", range(3)):
        loss = F.mse_loss(net(x[k * 16:k * 16 + 16]), y[k * 16:k * 16 + 16])
        opt.zero_grad()
        loss.backward()
        opt.step()
        hc.log("loss", loss.item())
    with torch.no_grad():
        out = net(x)
    hc.log("end", epoch)
    if epoch == 1:
        metric = lambda a, b: (a - b).abs().max()
        partial = functools.partial(focal, gamma=3.0)
    if epoch == 2:
        score = F.smooth_l1_loss
        settings.loss, settings.squash, table["f"] = F.mse_loss, torch.tanh, F.l1_loss
done = 1
'''
EVALUATED = ("score(out, y).item()", "metric(out, y).item()", "settings.loss(out, y).item()", "settings.squash(out).sum().item()",
             "table['f'](out, y).item()", "partial(out, y).item()")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return lambda files: Project(pathlib.Path(tmp_path_factory.mktemp("code")) / "project", files)


def examined(project, script, expressions, **how):
    line = script.split("\n").index('    hc.log("end", epoch)') + 1
    asked = [agreement.Candidate("train.py", line, 4, expression, "probe%d" % number) for number, expression in enumerate(expressions)]
    return agreement.examine(project, {"train.py": script}, asked=asked, others=True, **how)


@pytest.mark.parametrize("first", [1, 3, 5])
def test_what_exchanged_code_gives_is_the_true_value_from_whichever_pass_on(project, first):
    found = examined(project, SCRIPT, ASKED, first=first)
    assert found.wrong == [] and found.missing == [], (found.wrong, found.missing, found.unproven)


@pytest.mark.parametrize("expression", EVALUATED)
def test_code_that_training_does_not_use_is_put_back_too(project, expression):
    found = examined(project, EVALUATION, [expression], first=4)
    assert found.wrong == [] and found.missing == [], (found.wrong, found.missing, found.unproven)


def test_tensors_that_a_module_of_a_library_computes_in_forward_are_those_of_the_last_batch(project):
    script = EVALUATION.replace("net = nn.Sequential(nn.Linear(5, 8)", "net = nn.Sequential(nn.utils.spectral_norm(nn.Linear(5, 8))").replace(
        "        out = net(x)", "        out = x")
    found = examined(project, script, ["net[0].weight.abs().sum().item()"], first=0)
    assert found.wrong == [] and found.missing == [], (found.wrong, found.missing, found.unproven)
