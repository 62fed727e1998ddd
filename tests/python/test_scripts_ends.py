# SPDX-License-Identifier: Apache-2.0
"""The ways in which scripts end, and what is logged in places where little works any more."""
import signal
import subprocess

import pytest

HEAD = "import hindcast as hc\n"


def start(made):
    process = subprocess.Popen(made.command(), cwd=made.folder, env=made.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               universal_newlines=True)
    assert process.stdout.readline() == "ready\n"
    return process


def finish(process):
    _, errors = process.communicate()
    return process.returncode, errors


def values(version):
    return [(key[1], value) for key, value in version.values().items()]


LOOP = HEAD + '''
import sys, os, time, threading, signal
for epoch in hc.loop("epoch", range(3)):
    for step in hc.loop("step", range(2)):
        hc.log("x", epoch * 2 + step)
        if (epoch, step) == (1, 0):
            %s
'''
BEFORE = [("x", 0), ("x", 1), ("x", 2)]


@pytest.mark.parametrize("statement, status, exit, exception", [
    ("sys.exit()", 0, "normal", None),
    ("sys.exit(3)", 3, "normal", None),
    ("sys.exit('no')", 1, "normal", None),
    ("raise KeyboardInterrupt", -signal.SIGINT, "exception", "KeyboardInterrupt"),
    ("1 / 0", 1, "exception", "ZeroDivisionError: division by zero"),
    ("raise SystemExit", 0, "normal", None),
])
def test_scripts_that_stop_in_the_middle_are_sealed(project, statement, status, exit, exception):
    made = project({"train.py": LOOP % statement})
    assert made.execute().returncode == status
    (version,) = made.versions()
    assert values(version) == BEFORE and version.end()["status"] == "complete"
    assert (version.end()["exit"], version.end()["exception"]) == (exit, exception)


@pytest.mark.parametrize("statement, status", [("os._exit(4)", 4), ("os.abort()", -signal.SIGABRT), ("os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL)])
def test_a_process_that_is_gone_at_once_keeps_what_was_with_the_kernel(project, statement, status):
    made = project({"train.py": LOOP % ("time.sleep(1.5), " + statement)})
    assert made.execute().returncode == status
    (version,) = made.versions()
    assert values(version) == BEFORE and version.end() is None


@pytest.mark.parametrize("number, status, how", [(signal.SIGTERM, -signal.SIGTERM, "SIGTERM"), (signal.SIGINT, -signal.SIGINT, "exception")])
def test_signals_from_outside_seal_the_version(project, number, status, how):
    made = project({"train.py": LOOP % "print('ready', flush=True), time.sleep(60)"})
    process = start(made)
    process.send_signal(number)
    returned, errors = finish(process)
    assert returned == status, errors
    (version,) = made.versions()
    assert values(version) == BEFORE and version.end()["exit"] == how


def test_a_handler_of_the_scripts_own_is_left_in_place_and_may_log(project):
    made = project({"train.py": HEAD + '''
import signal, sys, time
def stop(number, frame):
    hc.log("signal", number)
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
for epoch in hc.loop("epoch", range(1)):
    hc.log("x", 1)
    print("ready", flush=True)
    time.sleep(60)
'''})
    process = start(made)
    process.terminate()
    assert finish(process)[0] == 0
    (version,) = made.versions()
    assert values(version) == [("x", 1), ("signal", 15)] and version.end()["exit"] == "normal"


def test_a_handler_that_interrupts_log_again_and_again_tears_nothing(project):
    made = project({"train.py": HEAD + '''
import signal
count = 0
def tick(number, frame):
    global count
    hc.log("tick", count)
    count += 1
signal.signal(signal.SIGALRM, tick)
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
for epoch in hc.loop("epoch", range(20)):
    for step in hc.loop("step", range(5000)):
        hc.log("x", step)
signal.setitimer(signal.ITIMER_REAL, 0)
hc.log("count", count)
'''})
    version = made.record()
    by_name = {}
    for _, name, _, value, _, _ in version.reader.values():
        by_name.setdefault(name, []).append(value)
    assert by_name["x"] == list(range(5000)) * 20
    # Sorted: a handler that interrupts the recording's own start is served before what it interrupted.
    assert sorted(by_name["tick"]) == list(range(by_name["count"][0])) and by_name["tick"]


def test_what_is_logged_at_the_very_end_is_kept_as_far_as_it_can(project):
    made = project({"train.py": HEAD + '''
import atexit
class Resource:
    def __del__(self):
        hc.log("deleted", 1)
atexit.register(lambda: hc.log("earlier handler", 1))
hc.log("x", 1)
atexit.register(lambda: hc.log("later handler", 1))
passing = Resource()
del passing
kept = Resource()
'''})
    result = made.execute()
    assert result.returncode == 0 and "Error" not in result.stderr, result.stderr
    (version,) = made.versions()
    # Handlers run in reverse order: what was registered before the first call of hc runs when the version is sealed.
    assert values(version) == [("x", 1), ("deleted", 1), ("later handler", 1)] and version.end()["exit"] == "normal"


def test_daemon_threads_that_log_until_the_end_hold_nothing_up(project):
    made = project({"train.py": HEAD + '''
import threading
started = threading.Event()
def work(number):
    while True:
        hc.log("from %d" % number, 1)
        started.set()
for number in range(3):
    threading.Thread(target=work, args=(number,), daemon=True).start()
started.wait()
for epoch in hc.loop("epoch", range(3)):
    hc.log("x", epoch)
'''})
    result = made.execute()
    assert result.returncode == 0, result.stderr
    (version,) = made.versions()
    assert list(version.values("x").values()) == [0, 1, 2] and version.end()["status"] == "complete"


def test_an_exception_in_a_thread_is_the_threads_own(project):
    made = project({"train.py": HEAD + '''
import threading
def work():
    for i in hc.loop("item", range(5)):
        hc.log("thread", i)
        if i == 2:
            raise ValueError("thread")
thread = threading.Thread(target=work)
thread.start()
thread.join()
hc.log("x", 1)
'''})
    result = made.execute()
    assert result.returncode == 0 and "ValueError: thread" in result.stderr
    (version,) = made.versions()
    assert values(version) == [("thread", 0), ("thread", 1), ("thread", 2), ("x", 1)] and version.end()["exception"] is None


def test_values_before_any_loop_and_after_commit(project):
    made = project({"train.py": HEAD + 'hc.log("early", 1)\nhc.commit()\nhc.commit()\nhc.log("late", 2)\nhc.log("late", 3)\n'})
    assert made.execute().returncode == 0
    assert [values(version) for version in made.versions()] == [[("early", 1)], [("late", 2), ("late", 3)]]


def test_switched_off_nothing_is_left_and_everything_works(project):
    made = project({"train.py": LOOP % 'hc.log("y", 1); hc.commit(); hc.log("z", hc.histogram([1.0]))'})
    for word in ("off", "0", "no", "FALSE"):
        assert made.execute(HINDCAST=word).returncode == 0
    assert not (made.folder / ".hindcast").exists()


def test_samples_of_the_system_can_be_switched_off_and_stand_apart(project):
    text = HEAD + 'import time\nhc.log("x", 1)\ntime.sleep(6.5)\n'
    sampled, silent = project({"train.py": text}), project({"train.py": text})
    running = [subprocess.Popen(made.command(), cwd=made.folder, env=made.environment(**more), stderr=subprocess.DEVNULL)
               for made, more in ((sampled, {"HINDCAST_SYSTEM": "on"}), (silent, {"HINDCAST_SYSTEM": "off"}))]
    assert [process.wait() for process in running] == [0, 0]
    names = [name for name, _ in values(sampled.versions()[0])]
    assert {"sys/cpu", "sys/memory"} <= set(names) and names.count("x") == 1
    assert values(silent.versions()[0]) == [("x", 1)]
