# SPDX-License-Identifier: Apache-2.0
"""Estimates learn from replays: what the recorded timings cannot know is known after the first one."""
import history
import tiny_project

# Slow only where it is recorded, as on a machine that was busy or a GPU that is better now.
SLOW_ONCE = '''
        import os, time
        if "HINDCAST_REPLAY" not in os.environ:
            time.sleep(2)
'''


def test_the_second_estimate_is_nearer_than_the_first_and_its_bar_is_narrower(tmp_path):
    project = history.new_project(tmp_path / "project")
    tiny_project.write(project, tiny_project.SCRIPT + SLOW_ONCE)
    history.record(project)
    plans, misses = [], []
    for name in ("first_norm", "second_norm"):
        tiny_project.write(project, tiny_project.with_probe().replace("grad_norm", name) + SLOW_ONCE)
        plans.append(history.plan(project, name))
        history.replay(project, name)
        misses.append(history.plan(project, name)["learned"])
    assert plans[0]["learned"] == {"replays": 0, "typicalMiss": 0.0}
    assert 0 < misses[0]["replays"] < misses[1]["replays"]  # by unit
    assert plans[0]["seconds"] > 8 > plans[1]["seconds"]
    assert plans[1]["plusMinus"] / plans[1]["seconds"] < plans[0]["plusMinus"] / plans[0]["seconds"]
    assert 1 < misses[1]["typicalMiss"] <= misses[0]["typicalMiss"]
    assert plans[1]["rows"][0]["device"] == "cpu" and plans[1]["diskBytes"] > 0
