# SPDX-License-Identifier: Apache-2.0
"""Estimates learn from replays: what the recorded timings cannot know is known after the first one."""
import history
import tiny_project

# Slow only where it is recorded, as on a machine that was busy or a GPU that is better now.
SLOW_ONCE = '''
        import os, time
        if "HINDCAST_REPLAY" not in os.environ:
            time.sleep(3)
'''


def seconds_of_a_pass(project, name):
    """What the plan takes a pass for, whatever it takes a start for."""
    return (history.plan(project, name)["seconds"] - history.plan(project, name, "--iterations", "3")["seconds"]) / 3


def test_a_replay_teaches_what_the_recorded_timings_could_not_say(tmp_path):
    project = history.new_project(tmp_path / "project")
    tiny_project.write(project, tiny_project.SCRIPT + SLOW_ONCE)
    history.record(project)
    plans, passes, learned = [], [], []
    for name in ("first_norm", "second_norm"):
        tiny_project.write(project, tiny_project.with_probe().replace("grad_norm", name) + SLOW_ONCE)
        plans.append(history.plan(project, name))
        passes.append(seconds_of_a_pass(project, name))
        history.replay(project, name)
        learned.append(history.plan(project, name)["learned"])
    assert plans[0]["learned"] == {"replays": 0, "typicalMiss": 0.0}
    assert plans[1]["learned"] == learned[0] and 0 < learned[0]["replays"] < learned[1]["replays"]  # by unit
    assert all(entry["typicalMiss"] > 1 for entry in learned)  # what the plan had said was kept and compared
    assert passes[0] > 2.5 > 2 * passes[1]
    assert plans[1]["plusMinus"] / plans[1]["seconds"] < plans[0]["plusMinus"] / plans[0]["seconds"]
    assert plans[1]["rows"][0]["device"] == "cpu" and plans[1]["diskBytes"] > 0
