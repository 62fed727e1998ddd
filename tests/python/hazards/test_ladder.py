# SPDX-License-Identifier: Apache-2.0
"""The ladder of modes and the likely causes (section 5 of the replay research): shallow, deep, deep from an earlier boundary, from
the beginning, and then the truth about a script that cannot be replayed."""
from rows import Row
from scripts import DATA, END, STEP, script

NORM = "float(sum(p.norm() for p in net.parameters()))"
AFTER = ("train.py", 'hc.log("end"', 'hc.log("norm", %s)' % NORM)
POISONED = ("train.py", 'hc.log("end"', 'hc.log("norm", %s + 0 * len(kept))' % NORM)  # `kept` has no form in a capture
BOX = "import os, queue, threading\nbox = queue.Queue()\n"
KEEP = "            kept = [threading.Lock(), loss.item()]\n"


def row(project, setup, body, probe=AFTER, **more):
    return Row(project({"train.py": script(setup, body), "data.py": DATA}), [probe], **more)


def test_a_value_that_is_not_there_makes_an_iteration_deep(project):
    made = row(project, BOX, STEP + KEEP + END, POISONED)
    found = made.expect("shallow", 2, 3, ["shallow", "deep"])
    assert "'kept' was used after the inner loop" in found.causes[0]


REFILLED = (
    "        if epoch % 2 == 0:\n            box.queue.clear()\n            box.put(float(torch.rand(1)))\n"
    + STEP.replace("net(x)", "net(x) * (1 + box.queue[-1])") + KEEP + END
)


def test_what_the_iteration_before_made_is_made_again_from_an_earlier_boundary(project):
    row(project, BOX, REFILLED, POISONED).expect("shallow", 3, 3, ["shallow", "deep", "deep from 2"])


def test_what_all_iterations_made_is_made_again_from_the_beginning(project):
    body = "        box.put(float(torch.rand(1)))\n" + STEP.replace("net(x)", "net(x) * (1 + sum(box.queue))") + END
    found = row(project, BOX, body).expect("deep", 3, 4, ["deep", "deep from 2", "beginning"])
    assert found.causes


def test_a_script_that_differs_from_run_to_run_is_tried_on_every_rung_and_then_named(project):
    body = STEP.replace("net(x)", "net(x) * (1 + os.urandom(1)[0] / 1024)") + KEEP + END
    made = row(project, BOX, body, POISONED, truth=lambda version: {})  # any proven value would be a wrong one
    found = made.climb("shallow", 3, 4)
    assert found.modes == ["shallow", "deep", "deep from 2", "beginning"], found.describe()
    frames = found.last.fidelity()
    assert {frames[index]["grade"] for index in (3, 4)} == {"diverged"}
    assert frames[3]["cause"].startswith("even a replay from the beginning differs: the data of the first step") and "since iteration 0" in frames[3]["cause"]


def test_values_of_an_object_that_was_not_captured_name_the_object(project):
    body = STEP + "            box.queue.append(0.9 * (box.queue[-1] if box.queue else 0.0) + loss.item())\n" + '        hc.log("ema", box.queue[-1])\n' + END
    found = row(project, BOX, body).climb("deep", 3, 3)
    assert found.modes[-1] == "beginning" and found.grades[3] == "exact", found.describe()
    assert "'ema' comes from an object that was not captured: 'box' (" in found.causes[0] and "checkpointing()" in found.causes[0], found.causes


def test_other_random_numbers_before_the_loop_are_named(project):
    made = Row(project({"train.py": script("torch.seed()\nnet = nn.Linear(8, 2)\nopt = torch.optim.SGD(net.parameters(), lr=0.05)\n", STEP + END), "data.py": DATA}),
               [AFTER], truth=lambda version: {})
    found = made.climb("beginning", 2, 2)
    assert found.grades[2] == "diverged" and "drew other random numbers: seed" in found.causes[0], found.describe()
