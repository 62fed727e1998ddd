# SPDX-License-Identifier: Apache-2.0
"""Cost of log() and of a loop's pass from Python, as CPU time above an empty loop.

    PYTHONPATH=<build>/python log_bench.py
"""
import tempfile

from measure import cpu_seconds, median, native_module, new_recorder, row

PASSES = 100_000
ROUNDS = 9


def bodies(native, recorder):
    log, advance = native.log, recorder.next

    def empty():
        for _ in range(PASSES):
            pass

    def a_float():
        value = 0.1
        for _ in range(PASSES):
            log("loss", value)

    def an_integer():
        for i in range(PASSES):
            log("i", i)

    def a_text():
        for _ in range(PASSES):
            log("s", "some text")

    def a_pass_and_a_float():
        value = 0.1
        for _ in range(PASSES):
            advance()
            log("loss", value)

    return [empty, a_float, an_integer, a_text, a_pass_and_a_float]


def main():
    native = native_module()
    with tempfile.TemporaryDirectory() as top:
        recorder, _ = new_recorder(native, top, 1 << 26)
        native.set_current(recorder)
        recorder.enter("epoch")
        recorder.next()
        recorder.enter("step")
        times = {}
        for _ in range(ROUNDS):
            for body in bodies(native, recorder):
                times.setdefault(body.__name__, []).append(cpu_seconds(body) / PASSES * 1e9)
        recorder.close(b"{}")
    empty = median(times.pop("empty"))
    costs = {name: median(values) - empty for name, values in times.items()}
    row("`log()` in a nested loop, from Python", "1000 ns", "FlorDB 79,000 ns",
        "; ".join(f"{name.replace('_', ' ')} {cost:.0f} ns" for name, cost in costs.items()))


if __name__ == "__main__":
    main()
