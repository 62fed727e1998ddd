# SPDX-License-Identifier: Apache-2.0
"""Which tensors were not written since the last capture, as far as torch counts writes. The native recorder leaves those out,
after looking at a sample of their memory; writes that torch does not count (`.data`, shared memory) are its business."""
import weakref

from ..state import tensors


class Contents:
    """Numbers for what the tensors of a capture hold: the same key with the same number was not written in between."""

    def __init__(self):
        self._known = {}  # key -> [weak reference, what torch says of the tensor, number]
        self._last = 0

    def number(self, key, value, arrays):
        """The number for `value` at `key`; 0 when nothing can be said. `arrays`: spans of the NumPy arrays there are."""
        if not tensors.is_tensor(value) or tensors.is_shared(value, arrays):
            return 0
        try:
            now = (value.data_ptr(), value._version, tuple(value.shape), value.stride(), value.dtype)
        except RuntimeError:  # inference tensors count no versions, some subclasses have no address
            return 0
        known = self._known.get(key)
        if known is not None and known[0]() is value and known[1] == now:
            return known[2]
        self._last += 1
        self._known[key] = [weakref.ref(value), now, self._last]
        return self._last
