# SPDX-License-Identifier: Apache-2.0
"""What recording leaves behind, and what it leaves alone."""
import json
import os
import signal
import stat
import subprocess
import sys

from scripts import DATA, FLAT

LOOP = '''
import hindcast as hc
rate = hc.arg("rate", 0.5)
count = hc.arg("count", 3)
deep = hc.arg("deep", False)
for epoch in hc.loop("epoch", range(count)):
    for step in hc.loop("step", ["a", "b"]):
        hc.log("x", epoch + rate)
    hc.log("y", deep)
'''


def test_a_plain_run_is_recorded_with_its_values_and_coordinates(project):
    made = project({"train.py": LOOP})
    version = made.record()
    assert version.arguments() == {"rate": 0.5, "count": 3, "deep": False}
    assert version.values("y") == {((("epoch", 0, i),), "y", 0): False for i in range(3)}
    assert len(version.values("x")) == 6
    assert version.end()["status"] == "complete" and version.end()["exit"] == "normal"
    assert stat.S_IMODE((made.folder / ".hindcast").stat().st_mode) == 0o700
    assert (made.folder / ".hindcast" / "FORMAT").read_text() == "hindcast-store 1\n"
    assert (made.folder / ".hindcast" / ".gitignore").read_text() == "*\n"


def test_the_run_is_described_before_it_begins(project):
    made = project({"train.py": LOOP})
    run = made.record("--verbose", PYTHONHASHSEED="7", SECRET_TOKEN="hush").run
    assert run["script"] == "train.py" and run["project"] == os.path.realpath(made.folder) and run["argv"] == ["train.py", "--verbose"]
    assert run["hashSeed"]["set"] == "7" and isinstance(run["hashSeed"]["fingerprint"], int)
    assert run["interpreter"]["path"] == sys.executable and run["host"]["cores"] >= 1
    assert "hush" not in json.dumps(run)


def test_kwargs_set_arguments_by_the_type_of_their_default_and_leave_argv_clean(project):
    made = project({"train.py": "import sys\n" + LOOP + '\nhc.log("argv", " ".join(sys.argv[1:]))\n'})
    version = made.record("first", "--kwargs", "rate=0.25", "count=2", "deep=true", "--last")
    assert version.arguments() == {"rate": 0.25, "count": 2, "deep": True}
    assert list(version.values("argv").values()) == ["first --last"]
    assert version.run["arguments"] == {"rate": "0.25", "count": "2", "deep": "true"}
    version = made.record(HINDCAST_ARGS='{"count": "1"}')
    assert version.arguments()["count"] == 1


def test_a_wrong_argument_is_refused_in_one_sentence(project):
    result = project({"train.py": LOOP}).execute("--kwargs", "count=many")
    assert result.returncode != 0 and "argument count=many is not a int" in result.stderr


def test_the_project_is_the_nearest_store_or_repository_else_the_scripts_folder(project):
    made = project({"code/train.py": LOOP, ".git/HEAD": "ref: refs/heads/main\n", ".git/refs/heads/main": "a" * 40 + "\n"})
    assert made.execute(script="code/train.py").returncode == 0
    run = made.versions()[0].run
    assert run["script"] == "code/train.py" and run["git"] == {"head": "a" * 40, "branch": "main", "dirty": None, "remote": None}


def test_no_store_is_made_in_a_home_folder(project):
    made = project({"train.py": LOOP})
    result = made.execute(HOME=str(made.folder))
    assert result.returncode == 0 and "nothing is recorded" in result.stderr and not (made.folder / ".hindcast").exists()


def test_a_store_of_a_newer_format_is_left_alone(project):
    made = project({"train.py": LOOP, ".hindcast/FORMAT": "hindcast-store 2\n"})
    result = made.execute()
    assert result.returncode == 0 and "newer" in result.stderr and made.versions() == []


def test_recording_disturbs_no_random_generator(project):
    text = FLAT + '\nprint(repr(history), total, random.random(), np.random.rand(), torch.rand(1).item())\n'
    made = project({"train.py": text, "data.py": DATA})
    recorded, plain = made.execute(), made.execute(HINDCAST="off")
    assert recorded.stdout == plain.stdout and recorded.returncode == 0
    assert len(made.versions()) == 1


def test_an_exception_of_the_script_is_noted_and_passed_on(project):
    made = project({"train.py": LOOP + "\nraise KeyError('lost')\n"})
    result = made.execute()
    assert result.returncode == 1 and "KeyError: 'lost'" in result.stderr
    assert made.versions()[0].end()["exception"] == "KeyError: 'lost'" and made.versions()[0].end()["exit"] == "exception"


def start(made, text):
    (made.folder / "train.py").write_text(text)
    process = subprocess.Popen(made.command(), cwd=made.folder, env=made.environment(), stdout=subprocess.PIPE, universal_newlines=True)
    assert process.stdout.readline() == "ready\n"
    return process


WAITING = '''
import sys, time
import hindcast as hc
for epoch in hc.loop("epoch", range(100)):
    for step in hc.loop("step", range(3)):
        hc.log("x", step * 1.5)
    if epoch == 4:
        time.sleep(2.5)
        print("ready", flush=True)
        time.sleep(60)
'''


def test_a_killed_run_keeps_what_was_logged_a_second_before(project):
    made = project({})
    process = start(made, WAITING)
    process.send_signal(signal.SIGKILL)
    process.wait()
    version = made.versions()[0]
    assert len(version.values("x")) == 15 and version.end() is None
    assert max(row["coords"][0][2] for row in version.captures(0)) == 4


def test_a_killed_run_can_be_replayed(project):
    made = project({"train.py": FLAT.replace("hc.log(\"mean\"", "(print('ready', flush=True), __import__('time').sleep(60)) if epoch == 3 and WAIT else 0\n        hc.log(\"mean\"").replace("import random", "WAIT = True\nimport random", 1), "data.py": DATA})
    process = start(made, (made.folder / "train.py").read_text().replace("print('ready', flush=True)", "__import__('time').sleep(2.5), print('ready', flush=True)"))
    process.kill()
    process.wait()
    version = made.versions()[0]
    (made.folder / "train.py").write_text((made.folder / "train.py").read_text().replace("WAIT = True", "WAIT = False"))
    replay = made.replay(version, "deep", 1, 2, [("train.py", 'hc.log("acc", acc)', 'hc.log("n", net[0].weight.norm().item())')])
    assert {index for index, frame in replay.fidelity().items() if frame["checks"]["logs"] == "pass"} == {1, 2}, replay.output


def test_a_terminated_run_is_sealed(project):
    made = project({})
    process = start(made, WAITING)
    process.terminate()
    assert process.wait() == -signal.SIGTERM
    assert made.versions()[0].end()["exit"] == "SIGTERM"


def test_forked_workers_record_nothing_and_the_run_goes_on(project):
    text = FLAT.replace("from data import Noisy", "from data import Noisy as Base\nclass Noisy(Base):\n    def __getitem__(self, i):\n"
                        "        hc.log('inside', i)\n        return super().__getitem__(i)\n")
    version = project({"train.py": text, "data.py": DATA}).record("--kwargs", "workers=2", "epochs=2")
    assert version.values("inside") == {} and len(version.values("loss")) == 12 and version.end()["status"] == "complete"


def test_commit_seals_a_version_and_the_next_call_starts_another(project):
    made = project({"train.py": LOOP + '\nhc.commit()\nfor epoch in hc.loop("epoch", range(2)):\n    hc.log("z", epoch)\n'})
    assert made.execute().returncode == 0
    first, second = made.versions()
    assert first.end()["exit"] == "commit" and len(first.values("x")) == 6
    assert len(second.values("z")) == 2 and second.values("x") == {} and second.end()["exit"] == "normal"


def test_values_of_every_sort_are_kept_with_their_bits(project):
    text = '''
import numpy as np, torch
import hindcast as hc
for name, value in {"nan": float("nan"), "big": 1 << 70, "text": "größe", "none": None, "yes": True, "zero": torch.tensor(0.1),
                    "scalar": np.float32(0.1), "integer": np.int64(-3), "count": torch.tensor(7)}.items():
    assert hc.log(name, value) is value
hc.log("array", np.arange(6, dtype=np.int16).reshape(2, 3))
hc.log("tensor", torch.ones(2))
'''
    version = project({"train.py": text}).record()
    found = {key[1]: value for key, value in version.values().items()}
    assert found["nan"] == "nan" and found["big"] == 1 << 70 and found["text"] == "größe" and found["none"] is None and found["yes"] is True
    assert found["zero"] == found["scalar"] == float(__import__("struct").unpack("f", __import__("struct").pack("f", 0.1))[0]).hex()
    assert found["integer"] == -3 and found["count"] == 7
    from hindcast.state import cbor

    assert cbor.decode(bytes(found["array"])) == {
        "type": "array", "dtype": "int16", "shape": [2, 3], "data": b"".join(i.to_bytes(2, "little") for i in range(6))
    }
    assert cbor.decode(bytes(found["tensor"]))["dtype"] == "float32"


def test_what_cannot_come_back_is_refused_when_it_is_named(project):
    made = project({"train.py": "import hindcast as hc\nimport threading\nclass Odd:\n    def __init__(self):\n        self.lock = threading.Lock()\n"
                                "hc.checkpointing(odd=Odd(), number=3)\n" + LOOP})
    result = made.execute()
    assert result.returncode == 0 and "'odd' cannot be checkpointed" in result.stderr and "'number' cannot be checkpointed" in result.stderr
    assert len(made.versions()[0].values("x")) == 6


def test_a_fault_of_the_recorder_switches_recording_off_and_the_script_goes_on(project):
    text = "import hindcast as hc\nfrom hindcast.state import capture\n" + LOOP.replace(
        'hc.log("y", deep)', 'hc.log("y", deep)\n    capture.compose = None if epoch == 1 else capture.compose'
    ) + '\nprint("done", hc.log("after", 1))\n'
    made = project({"train.py": text})
    result = made.execute()
    assert result.returncode == 0 and result.stdout == "done 1\n" and result.stderr.count("recording is off") == 1
    end = made.versions()[0].end()
    assert end["status"] == "incomplete" and end["reason"]


def test_objects_that_were_not_named_are_captured_and_hinted_at(project):
    version = project({"train.py": FLAT.replace("with hc.checkpointing(model=net, optimizer=opt, scheduler=sched):", "if True:"), "data.py": DATA}).record()
    assert version.notes("hint")[0]["objects"] == ["net", "opt", "sched"]


def test_a_loop_of_many_fast_steps_is_captured_within_the_budget(project):
    text = '''
import time
import hindcast as hc
w = 0.0
for it in hc.loop("iter", range(200000)):
    w += 0.5
    if it % 1000 == 0:
        hc.log("w", w)
'''
    version = project({"train.py": text}).record()
    assert len(version.values("w")) == 200 and len(version.captures(0)) < 200
    note = version.notes("overhead")[0]
    assert note["seconds"] < 0.5 * note["elapsed"] and note["budget"] == 0.02


def test_a_wrapped_loop_that_is_left_while_its_iterator_lives_keeps_the_coordinates_right(project):
    text = '''
import hindcast as hc
for epoch in hc.loop("epoch", range(3)):
    kept = iter(hc.loop("step", range(10)))
    for step in kept:
        if step == 2:
            break
    for other in hc.loop("other", range(2)):
        pass
hc.log("end", 1)
'''
    version = project({"train.py": text}).record()
    assert version.values("end") == {((), "end", 0): 1} and version.end()["status"] == "complete"


def test_explicit_iterations_stand_in_while_loops(project):
    text = '''
import hindcast as hc
n = 0
while n < 6:
    with hc.iteration("it", n, n):
        hc.log("n", n)
    n += 2
'''
    version = project({"train.py": text}).record()
    assert [key[0] for key in version.values("n")] == [(("it", 0, 0),), (("it", 0, 2),), (("it", 0, 4),)]


def test_without_the_program_the_sources_are_packed_and_secrets_are_not(project):
    made = project({"train.py": LOOP, "engine/model.py": "x = 1\n", ".env": "KEY=1\n", "secret.pem": "k", "notes.md": "n\n", "big.txt": "y" * (2 << 20)})
    version = made.record()
    data = (version.folder / "source.pack").read_bytes()
    assert data[:8] == b"HCSOURCE" and data[-8:] == b"HCSEALED"
    from hindcast.record import sources

    taken, left = sources.collect(str(made.folder))
    assert [name for name, _, _ in taken] == ["engine/model.py", "notes.md", "train.py"]
    assert ("big.txt", "larger than 1048576 bytes") in left
