# SPDX-License-Identifier: Apache-2.0
"""Folds, trials and phases are replayed one by one, shallow where that is right, with the values of a run that logged them."""
import os

import pytest

import history

SHAPES = os.path.join(os.path.dirname(history.HERE), "python", "shapes")
# Where a probe is put in each script: (a line of it, the statement, the cheapest mode that is right)
PROBES = {
    "folds": [("        best = max(best, accuracy)", "        hc.log('probed_norm', float(sum(p.norm() for p in model.parameters())))", "shallow"),
              ("    scores.append(best)", "    hc.log('probed_fold', best + fold)", "suffix")],
    "folds_in_function": [("        curve.append(mean_loss)", "        hc.log('probed_norm', float(sum(p.norm() for p in model.parameters())))", "shallow")],
    "two_phases": [("    spread = encoder(x).std().item()", "    hc.log('probed_norm', float(encoder[0].weight.norm()))", "shallow"),
                   ("    accuracy = (head(encoder(x)).argmax(1) == y).float().mean().item()", "    hc.log('probed_head', float(head.weight.norm()))",
                    "shallow")],
}


def text_of(shape):
    with open(os.path.join(SHAPES, shape + ".py"), encoding="utf-8") as file:
        return file.read()


def with_probes(text, probes):
    for line, statement, _ in probes:
        assert text.count(line + "\n") == 1
        text = text.replace(line + "\n", line + "\n" + statement + "\n")
    return text


def write(project, text):
    with open(os.path.join(project, "train.py"), "w", encoding="utf-8") as file:
        file.write(text)


@pytest.mark.parametrize("shape", sorted(PROBES))
def test_every_run_of_a_loop_gets_its_values(tmp_path, shape):
    project, truth = history.new_project(tmp_path / "project"), history.new_project(tmp_path / "truth")
    text = text_of(shape)
    write(project, text)
    history.record(project)
    write(truth, with_probes(text, PROBES[shape]))
    history.record(truth)
    write(project, with_probes(text, PROBES[shape]))
    for _, statement, mode in PROBES[shape]:
        name = statement.split("'")[1]
        planned = history.plan(project, name)["rows"][0]
        assert planned["mode"] == mode, planned
        history.replay(project, name)
        found, proof = history.values(project, name)
        wanted, _ = history.values(truth, name)
        assert found == wanted and wanted
        assert {pair for pairs in proof.values() for pair in pairs} == {("replayed", "exact")}
    assert history.plan(project, name, expect=(3,))["rows"][0]["reasonKey"] == "replayed-before"
