# SPDX-License-Identifier: Apache-2.0
"""State of a replay: putting captures back and comparing the living process with them. Part of the replay runtime."""
from ..state import capture, objects, poison, rng
from . import fidelity, folders, observe
from .outcome import DONE, Outcome
from ..state.restore import Restorer, RestoreError, restore_generators, start_workers

# Settings whose difference explains other bits.
_BITS = {
    "threads": "threads", "torch": "torch", "numpy": "NumPy", "python": "Python", "cpuCapability": "vector instructions",
    "gpu": "GPU", "deterministic": "deterministic algorithms", "defaultDtype": "default type", "cudnnBenchmark": "cuDNN benchmark",
}


class Stage(Outcome):
    """Restores and compares."""

    def _compose(self, frame, point, grads=False):
        composition = capture.compose(self.project, self.registry, self.memory, frame, point, exit_grads=grads)
        self._known = observe.Known(composition.walker)
        return composition

    def known(self):
        """Objects that observers protect."""
        return self._known

    def _check_prefix(self, frame, run, replaced):
        """Where a run begins: what was run up to here against what was recorded at that place."""
        self.progress("prefix", -1)
        self.memory.forget()
        composition = self._compose(frame, capture.PREFIX)
        if run is not None and run.prefix is not None:
            self._compare_flags(composition.meta["flags"])
            self._compare_prefix(self.points.source(run.prefix), composition, frame, run is self.points.first)
        self.ledger.begin_run(self._prefix, replaced)
        if self.mode == "prefix":
            self._write_fidelity(self._prefix, "", -1)
            self.finish(DONE)

    def _compare_flags(self, mine):
        for key, recorded in self._flags.items():
            if key == "hashFingerprint":
                self._hash_differs = mine.get(key) != recorded
            elif key in _BITS and key in mine and mine[key] != recorded:
                self.environment.append("%s: recorded %s, replayed %s" % (_BITS[key], recorded, mine[key]))

    def _compare_prefix(self, source, composition, frame, first):
        """Check 2. What a restore puts right is only told where nothing is restored after it."""
        stored, live = fidelity.stored_view(source), fidelity.live_view(composition)
        found = []
        for path, digest in source.meta.get("fingerprint", {}).get("large", {}).items():
            mine = composition.walker.large.get(path)
            scope, _, name = path.partition("|")
            if mine is None or mine == digest:
                continue
            if self.volatile.local(scope, name.split(".")[0]):  # no difference by itself, but the likely cause of one
                self.hazards.append({"what": "volatile data", "object": name})
            else:
                found.append(fidelity.difference("data", name, "content", "other content"))
        if self.mode in ("prefix", "beginning") or self.mode == "suffix" and not first:
            unknown = self._unknown(frame)
            differences, self._prefix.tensors = fidelity.compare_state(stored, live, self.volatile, self.mode != "suffix", unknown)
            found += differences
        if found and self._hash_differs and self.volatile.orders_by_hash():
            found.insert(0, fidelity.difference("hash", "string hashing", "one seed", "another"))
        for one in found:
            self._prefix.failed("prefix", one)
        self._prefix.passed("prefix")
        if self.mode == "prefix" and not found:
            self._prefix.passed("state")

    def _restore(self, row, frame, after_loop=False, inside=False):
        """Restores a capture; returns names still to be assigned in `frame`. Checks itself before random state goes back.
        `inside`: it was taken between two passes of an inner loop, `after_loop`: behind the last one."""
        if not self._jumps:
            self._jumps = True
            folders.make_when_written(self.unit["project"])
        source = self.points.source(row)
        walker = self._compose(frame, capture.EXIT if after_loop else capture.BOUNDARY).walker
        restorer = Restorer(source, walker)
        try:
            restorer.objects()
            restorer.cells()
            assign = self._restore_names(source, restorer, frame, after_loop or inside)
        except RestoreError as error:
            self.go_deeper(self._from(), str(error), self._index)
        except ValueError as error:  # damaged chunk
            self.fail(str(error))
        if after_loop and not source.holds_gradients():
            self._spoil_gradients(walker)
        start_workers(source, walker)
        restore_generators(source, walker)
        self._self_check(source, frame, assign, after_loop)
        restore_generators(source, walker)
        return assign

    def _restore_names(self, source, restorer, frame, rebound):
        assign = {}
        frames = {key: one for key, one in self.project.chain(frame) if one.f_code.co_name != "<module>"}
        modules = self.project.modules()
        for scope, entries in source.meta.get("locals", {}).items():
            mapping = modules.get(scope)
            own = mapping is frame.f_locals or frames.get(scope) is frame
            if mapping is None and scope in frames:
                mapping = frames[scope].f_locals
            if mapping is None:
                continue
            found = self._values(restorer, scope, entries, mapping)
            if own:
                for name, (kind, reason) in entries.items():
                    unbound = name not in mapping and name not in found
                    if rebound and (kind == "u" and not reason.startswith("kept: ") or kind in ("same", "code") and unbound):
                        found[name] = poison.Poison(name, reason or "it was bound inside the loop")
                    elif not rebound and kind == "u" and unbound:
                        found[name] = poison.Poison(name, reason)
                assign.update(found)
            if mapping is modules.get(scope):
                mapping.update(found)
        return assign

    def _values(self, restorer, scope, entries, mapping):
        found = {}
        for name, entry in entries.items():
            try:
                found.update(restorer.scope(scope + "|", {name: entry}, mapping))
            except RestoreError as error:
                found[name] = poison.Poison(name, str(error))
        return found

    def _spoil_gradients(self, walker):
        """Gradients are not part of an exit state: NaN makes a use of them visible."""
        torch = rng.torch_module()
        for value in walker.objects.values() if torch is not None else ():
            for param in objects.learned_tensors(value):
                if param.requires_grad:
                    self.spoiled = True
                    param.grad = torch.full_like(param, float("nan"), requires_grad=False)

    def _self_check(self, source, frame, assign, after_loop):
        """Check 1: what was just restored, captured again, equals what was stored."""
        with_gradients = not after_loop or source.holds_gradients()
        composition = self._compose(frame, capture.EXIT if after_loop else capture.BOUNDARY, with_gradients)
        found, _ = fidelity.compare_state(
            fidelity.stored_view(source),
            fidelity.live_view(composition),
            self.volatile,
            with_gradients,
            lambda scope, name: name in assign or poison.is_poison(assign.get(name)),
            codes=True,
        )
        # An object that the script makes anew in each pass is not there yet. Its name raises when it is used before that.
        found = [one for one in found if not (one["replayed"] == "nothing" and poison.is_poison(assign.get(one["name"].split("|", 1)[-1])))]
        if found:
            first = found[0]
            self._tally_failed(first)
            self.go_deeper(self._from(), "%s did not come back as it was saved" % first["name"], self._index)

    def _tally_failed(self, first):
        tally = self._tallies.get(self._index) or fidelity.Tally(self.mode)
        tally.failed("restore", first)
        index = self._from()
        self._write_fidelity(tally, self.unit["loop"] if index >= 0 else "", index)

    def _compare_at(self, row, frame, code, point, tally=None, check="state"):
        frame = capture.find(frame, code)
        if frame is None:
            return
        grads = point == capture.EXIT and self.points.source(row).holds_gradients()
        self._compare_with(row, self._compose(frame, point, grads), tally or self._tally(), point, check, frame)

    def _compare_with(self, row, composition, tally, point=capture.END, check="state", frame=None):
        source = self.points.source(row)
        grads = not self.spoiled and self.mode != "pre" if point != capture.EXIT else source.holds_gradients()
        met = []
        unknown = self._unknown(frame, met)
        found, compared = fidelity.compare_state(
            fidelity.stored_view(source), fidelity.live_view(composition), self.volatile, grads, unknown
        )
        tally.tensors += compared
        self._agreed = None if found or met else row
        for one in found:
            tally.failed(check, one)
        if point != capture.EXIT:
            tally.passed(check)

    def _unknown(self, frame, met=None):
        """Tells which names hold no value; they are added to `met`."""
        scopes = {key: one.f_locals for key, one in self.project.chain(frame)}
        scopes.update(self.project.modules())

        def unknown(scope, name):
            is_unknown = poison.is_poison(scopes.get(scope, {}).get(name))
            if is_unknown and met is not None:
                met.append(name)
            return is_unknown

        return unknown
