# SPDX-License-Identifier: Apache-2.0
"""Cost of log() and of a loop's pass, as CPU time above an empty loop, against the goal of one microsecond.

    PYTHONPATH=<build>/python log_bench.py
"""
import importlib.util
import os
import tempfile
import time
import uuid

PASSES = 100_000
ROUNDS = 9
GOAL_NS = 1000
FLORDB_NS = 79_000  # measured in the research, the lower end


def load():
    for folder in os.environ["PYTHONPATH"].split(os.pathsep):
        path = os.path.join(folder, "hindcast", "_native.abi3.so")
        if os.path.exists(path):
            spec = importlib.util.spec_from_file_location("hindcast._native", path)
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    raise SystemExit("PYTHONPATH does not hold the built package")


def bodies(native, recorder):
    log, advance = native.log, recorder.next

    def empty():
        for _ in range(PASSES):
            pass

    def log_float():
        value = 0.1
        for _ in range(PASSES):
            log("loss", value)

    def log_int():
        for i in range(PASSES):
            log("i", i)

    def log_text():
        for _ in range(PASSES):
            log("s", "some text")

    def advance_pass():
        for _ in range(PASSES):
            advance()

    def pass_and_float():
        value = 0.1
        for _ in range(PASSES):
            advance()
            log("loss", value)

    return [empty, log_float, log_int, log_text, advance_pass, pass_and_float]


def main():
    native = load()
    with tempfile.TemporaryDirectory() as top:
        folder = os.path.join(top, str(uuid.uuid4()))
        recorder = native.Recorder(folder, b"{}", 1.0, 5.0, 1 << 26)
        native.set_current(recorder)
        recorder.enter("epoch")
        recorder.next()
        recorder.enter("step")
        contestants = bodies(native, recorder)
        times = {body.__name__: [] for body in contestants}
        for _ in range(ROUNDS):
            for body in contestants:
                begin = time.thread_time()
                body()
                times[body.__name__].append((time.thread_time() - begin) / PASSES * 1e9)
        medians = {name: sorted(values)[ROUNDS // 2] for name, values in times.items()}
        for name, median in medians.items():
            if name != "empty":
                cost = median - medians["empty"]
                print(f"{name:16} {cost:7.1f} ns   {cost / GOAL_NS:.3f} of the goal   1/{FLORDB_NS / cost:.0f} of FlorDB")
        recorder.flush(False)
        values = recorder.stats()["values"]
        print(f"journal {os.path.getsize(os.path.join(folder, 'journal')) / values:.2f} bytes a value")
        recorder.close(b"{}")


if __name__ == "__main__":
    main()
