# SPDX-License-Identifier: Apache-2.0
"""Gradients where an inner loop ends: stored when the script asks for it, and then read without training; else what reads them,
however it does, is replayed deep."""
import pytest
from rows import Row
from scripts import DATA, END, STEP, script

READERS = {
    "the attribute": 'hc.log("seen", float(sum(p.grad.abs().sum() for p in net.parameters())))',
    "a function of torch": 'hc.log("seen", float(torch.nn.utils.clip_grad_norm_(net.parameters(), 1e9)))',
    "getattr": 'hc.log("seen", float(sum(getattr(p, "grad").norm() for p in net.parameters())))',
}
HIDDEN = 'hc.log("seen", float(sum(getattr(p, "gr" + "ad").norm() for p in net.parameters())))'  # no word tells
SEVERAL = "frozen = torch.nn.Linear(2, 2)\nfor p in frozen.parameters():\n    p.requires_grad_(False)\n"


def row(project, statement, grads):
    setup = SEVERAL + ("hc.configure(grads=True)\n" if grads else "")
    return Row(project({"train.py": script(setup, STEP + END), "data.py": DATA}), [("train.py", 'hc.log("end"', statement)])


@pytest.mark.parametrize("name", sorted(READERS))
def test_stored_gradients_are_read_without_training(project, name):
    made = row(project, READERS[name], True)
    (answer,) = made.made.decide(made.version, made.probes)
    assert answer["mode"] == "shallow", answer
    made.expect("shallow", 1, 3, ["shallow"])
    made.expect("deep", 2, 3, ["deep"])


@pytest.mark.parametrize("name", sorted(READERS))
def test_without_them_their_readers_are_deep(project, name):
    made = row(project, READERS[name], False)
    (answer,) = made.made.decide(made.version, made.probes)
    assert (answer["mode"], answer["reasonKey"]) == ("deep", "reads-gradients"), answer
    made.expect("deep", 2, 2, ["deep"])


def test_a_reader_that_no_word_tells_of_is_found_by_what_it_reads(project):
    found = row(project, HIDDEN, False).expect("shallow", 2, 3, ["shallow", "deep"])
    assert "is NaN, which may come from gradients" in found.causes[0]


def test_a_backward_pass_of_the_statement_stays_deep(project):
    made = row(project, 'net(x).sum().backward(); hc.log("seen", float(net[0].weight.grad.sum()))', True)
    assert made.made.decide(made.version, made.probes)[0]["mode"] == "deep"
