# SPDX-License-Identifier: Apache-2.0
"""Processes that die, fork and start others while they record."""
import os
import signal
import subprocess
import sys
import textwrap
import time

HERE = os.path.dirname(os.path.abspath(__file__))
END = b'{"status": "complete", "reason": ""}'


def start(code, *args):
    source = "import sys; sys.path.insert(0, %r); from native_module import load; native = load()\n" % HERE + textwrap.dedent(code)
    return subprocess.Popen([sys.executable, "-c", source, *args], stdout=subprocess.PIPE, text=True)


def test_what_was_logged_a_second_before_the_kill_is_there(native, folder):
    process = start(
        """
        import time
        recorder = native.Recorder(sys.argv[1], b"{}", 1.0, 5.0, 1 << 26)
        native.set_current(recorder)
        recorder.enter("epoch")
        for i in range(100000000):
            recorder.next()
            native.log("i", i)
            if i % 2000 == 0:
                print(i, time.monotonic(), flush=True)
                time.sleep(0.001)
        """,
        folder,
    )
    seen = []
    begin = None
    for line in process.stdout:
        i, stamp = line.split()
        seen.append((int(i), float(stamp)))
        begin = begin or float(stamp)
        if float(stamp) - begin > 2.5:
            break
    process.kill()
    killed = time.monotonic()
    process.wait()
    process.stdout.close()
    due = max(i for i, stamp in seen if stamp < killed - 1.0)
    values = [row[3] for row in native.Reader(folder).values()]
    assert values == list(range(len(values)))
    assert len(values) > due > 0


def test_forked_children_neither_record_nor_disturb(native, recorder, folder):
    native.log("x", "before")
    child = os.fork()
    if child == 0:
        try:
            native.log("x", "child")
            recorder.flush(True)
            recorder.detach()
            native.log("x", "child")
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    native.log("x", "after")
    recorder.close(END)
    assert [row[3] for row in native.Reader(folder).values()] == ["before", "after"]


def test_dataloader_workers_do_not_touch_the_version(native, recorder, folder):
    import torch

    class Data(torch.utils.data.Dataset):
        def __len__(self):
            return 8

        def __getitem__(self, i):
            native.log("in worker", i)
            return i

    total = 0
    for batch in torch.utils.data.DataLoader(Data(), batch_size=2, num_workers=2):
        total += native.log("sum", int(batch.sum()))
    assert total == 28
    recorder.close(END)
    assert [row[1] for row in native.Reader(folder).values()] == ["sum"] * 4


def test_the_background_threads_take_no_signals(native, folder):
    process = start(
        """
        import signal, threading
        recorder = native.Recorder(sys.argv[1], b"{}", 0.05, 5.0, 1 << 26)
        native.set_current(recorder)
        hit = []
        signal.signal(signal.SIGUSR1, lambda *_: hit.append(threading.current_thread() is threading.main_thread()))
        print("ready", flush=True)
        while not hit:
            native.log("x", 1)
        recorder.close(b'{"status": "complete"}')
        print(hit[0], flush=True)
        """,
        folder,
    )
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGUSR1)
    assert process.stdout.readline() == "True\n"
    assert process.wait() == 0
    process.stdout.close()


def test_a_process_that_just_exits_leaves_what_it_logged(native, folder):
    process = start(
        """
        recorder = native.Recorder(sys.argv[1], b"{}", 1.0, 5.0, 1 << 26)
        native.set_current(recorder)
        native.log("x", 1)
        del recorder
        native.set_current(None)
        """,
        folder,
    )
    assert process.wait() == 0
    process.stdout.close()
    assert len(native.Reader(folder).values()) == 1
    assert native.Reader(folder).frames(6) == []
