# SPDX-License-Identifier: Apache-2.0
"""What an injected statement does besides telling (section 4.4 of the replay research): put back, or caught."""
import pytest
from rows import Row
from scripts import DATA, END, STEP, script

SETUP = (
    "net = nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 2))\n"
    "opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)\ngen = torch.Generator().manual_seed(5)\nhistory = []\n"
)
BODY = "        net.train()\n" + STEP + "            history.append(loss.item())\n        net.eval()\n" + END
# The truth is what an observer would have seen: the same statements, kept from touching the run by the script itself.
KEPT_OUT = '''
class _Apart:
    def __enter__(self):
        self.state = random.getstate(), np.random.get_state(), torch.get_rng_state(), gen.get_state()
        self.modules = [(m, m.training) for m in net.modules()]
        self.buffers = [(b, b.clone()) for b in net.buffers()]
        self.grads = [(p, None if p.grad is None else p.grad.clone()) for p in net.parameters()]
    def __exit__(self, *problem):
        random.setstate(self.state[0]); np.random.set_state(self.state[1]); torch.set_rng_state(self.state[2]); gen.set_state(self.state[3])
        for m, training in self.modules:
            m.training = training
        for b, value in self.buffers:
            b.copy_(value)
        for p, grad in self.grads:
            p.grad = grad
apart = _Apart()
'''
HARMLESS = {
    "draws": 'hc.log("shown", random.random() + float(np.random.rand()) + float(torch.rand(1)) + float(torch.rand(1, generator=gen)))',
    "runs a forward pass in training mode": 'net.train(); hc.log("shown", float(net(torch.ones(4, 8)).sum()))',
    "runs a backward pass": 'net.zero_grad(); net(torch.ones(4, 8)).sum().backward(); hc.log("shown", float(net[0].weight.grad.sum()))',
    "draws a batch": 'hc.log("shown", float(next(iter(loader))[0].sum()))',
}


@pytest.mark.parametrize("name", sorted(HARMLESS))
def test_the_run_goes_on_as_if_nothing_had_been_asked_by_a_statement_that(project, name):
    statement = HARMLESS[name]
    made = project({"train.py": script(SETUP + KEPT_OUT, BODY), "data.py": DATA})
    anchors = [("train.py", 'hc.log("end"'), ("train.py", "opt.step()")]
    statements = [statement, statement.replace('"shown"', '"inside"')]
    one = Row(made, [(*anchor, text) for anchor, text in zip(anchors, statements)], truth=lambda version: {})
    one.truth = made.truth([(*anchor, "with apart:\n    " + text) for anchor, text in zip(anchors, statements)]).values()
    one.expect("deep", 2, 3, ["deep"])
    one.probes = one.probes[:1]
    if "backward" not in name:
        one.expect("shallow", 1, 3, ["shallow"])


CAUGHT = {
    "writes parameters": "with torch.no_grad():\n    net[0].weight.mul_(1.5)\nhc.log('shown', 1.0)",
    "writes parameters unnoticed": "net[0].weight.data.mul_(1.5); hc.log('shown', 1.0)",
    "steps the optimizer": "opt.step(); hc.log('shown', 1.0)",
    "changes a list of the script": "history.append(0.0); hc.log('shown', float(len(history)))",
    "freezes a layer for good": "opt.param_groups[0]['lr'] = 0.0; hc.log('shown', 1.0)",
}


@pytest.mark.parametrize("mode", ["shallow", "deep"])
@pytest.mark.parametrize("name", sorted(CAUGHT))
def test_no_value_is_proven_of_a_statement_that(project, name, mode):
    made = project({"train.py": script(SETUP, BODY), "data.py": DATA})
    lines = CAUGHT[name].split("\n")
    probe = ("train.py", 'hc.log("end"', "\n".join(lines) if len(lines) == 1 else "if True:\n" + "\n".join("    " + line for line in lines))
    one = Row(made, [probe], truth=lambda version: {})
    found = one.climb(mode, 1, 1)  # a proven value would have to be in the empty truth
    assert found.modes[-1] == "beginning" and found.grades[1] == "diverged", found.describe()
    told = found.last.fidelity()[1]["cause"]
    assert told.startswith("even a replay from the beginning differs: ") and "statement" in told, told


def test_a_statement_that_raises_in_one_pass_is_told_for_that_pass(project):
    made = project({"train.py": script(SETUP, BODY), "data.py": DATA})
    one = Row(made, [("train.py", 'hc.log("end"', 'hc.log("shown", 1.0 / (epoch - 2))')], truth=lambda version: {})
    one.truth = {((("epoch", 0, index),), "shown", 0): (1.0 / (index - 2)).hex() for index in (1, 3)}
    found = one.climb("shallow", 1, 3)
    assert found.grades == dict.fromkeys((1, 2, 3), "exact") and len(found.last.values("shown")) == 2
    assert [error["text"] for error in found.last.fidelity()[2]["errors"]] == ["ZeroDivisionError: float division by zero"]
