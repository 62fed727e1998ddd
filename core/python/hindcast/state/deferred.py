# SPDX-License-Identifier: Apache-2.0
"""Values on a GPU, logged without waiting for it: the log keeps their place, an asynchronous copy brings them, and a
thread of our own hands them in a moment later."""
import signal
import threading
from collections import deque

from . import rng, tensors, values

_ELEMENTS = 1024  # larger tensors are worth a wait
_PENDING = 4096  # from here on the oldest is waited for
_SECONDS = 0.2


class DeviceCopy:
    """A tensor on its way from a CUDA device into pinned memory, ordered behind the work that its stream holds now."""

    def __init__(self, tensor):
        torch = rng.torch_module()
        self._host = torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=True)
        with torch.cuda.device(tensor.device), torch.no_grad():
            self._host.copy_(tensor.detach(), non_blocking=True)
            self._event = torch.cuda.Event()
            self._event.record()

    def ready(self):
        """Whether the copy has arrived."""
        return self._event.query()

    def tensor(self):
        """The copy; waits until it is there."""
        self._event.synchronize()
        return self._host


def start_copy(value):
    """A copy that will be there later, of a small tensor on a device; None for all other values, which are read at once."""
    if not tensors.is_tensor(value) or not value.is_cuda or value.numel() > _ELEMENTS:
        return None
    torch = rng.torch_module()
    if value.layout is not torch.strided or value.is_quantized:
        return None
    if torch.cuda.is_current_stream_capturing():
        raise values.NotLogged("while a CUDA graph is captured no value can be read")
    return DeviceCopy(value)


class Deferred:
    """The values of one recording that are on their way, oldest first."""

    def __init__(self, recorder, refuse):
        self._recorder, self._refuse = recorder, refuse
        self._pending = deque()  # (ticket, name, copy)
        self._lock = threading.RLock()
        self._some = threading.Event()
        self._thread = None
        self._open = True

    def take(self, name, value):
        """Whether the value is one of those that come later; its place in the log is then kept."""
        copy = start_copy(value)
        if copy is None:
            return False
        with self._lock:
            if len(self._pending) >= _PENDING:
                self._settle(*self._pending.popleft())
            self._pending.append((self._recorder.defer(name), name, copy))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="hindcast deferred values", daemon=True)
                self._thread.start()
        self._some.set()
        return True

    def hand_in(self, wait):
        """Hands in what has arrived; with `wait` all there is."""
        with self._lock:
            while self._pending and (wait or self._ready(self._pending[0][2])):
                self._settle(*self._pending.popleft())

    def close(self):
        """Waits for what is on its way and ends the thread."""
        self._open = False
        self._some.set()
        self.hand_in(True)

    def _run(self):
        signal.pthread_sigmask(signal.SIG_SETMASK, signal.valid_signals())  # signals are for the script's own threads
        while self._open:
            self._some.wait()
            self._some.clear()
            while self._open and self._pending:
                threading.Event().wait(_SECONDS)
                self.hand_in(False)

    @staticmethod
    def _ready(copy):
        try:
            return copy.ready()
        except Exception:
            return True  # the device failed: reading says how

    def _settle(self, ticket, name, copy):
        value = None
        try:
            value = values.form(copy.tensor())
        except Exception as error:
            self._refuse(name, str(error))
        self._recorder.provide(ticket, value if type(value) is not str else None)
