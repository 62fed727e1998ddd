# SPDX-License-Identifier: Apache-2.0
"""Tensors that lie in the memory of a state object's tensor: slices, detached ones, what `state_dict()` hands out.

They change with that object, so a capture says where they lie instead of copying what is there.
"""
import bisect

from . import tensors


class Owners:
    """Where tensors that state objects capture lie in memory. Made for one walk, during which none of them moves."""

    def __init__(self, owned):
        """`owned`: (reference, tensor) of each."""
        places = []
        for reference, tensor in owned:
            if tensors.is_tensor(tensor) and tensors.refusal(tensor) is None and tensor.numel() and tensor.is_contiguous():
                places.append((tensor.data_ptr(), reference, tensor))
        self._places = sorted(places, key=lambda place: place[0])
        self._addresses = [place[0] for place in self._places]

    def place_of(self, value):
        """{of: reference, size, stride, offset} of a tensor that lies wholly in an owner of its dtype and device; None for others."""
        if not self._places or not value.numel():
            return None
        address = value.data_ptr()
        at = bisect.bisect_right(self._addresses, address) - 1
        if at < 0:
            return None
        first, reference, owner = self._places[at]
        if value.dtype != owner.dtype or value.device != owner.device or (address - first) % value.element_size():
            return None
        offset = (address - first) // value.element_size()
        last = offset + sum((length - 1) * step for length, step in zip(value.shape, value.stride()))
        if last >= owner.numel() or value.is_conj() or value.is_neg():
            return None
        return {"of": reference, "size": list(value.shape), "stride": list(value.stride()), "offset": offset}


def build(place):
    """The tensor at a place that `place_of` told, its owner in place of the reference."""
    owner = place["of"].detach()
    return owner.as_strided(place["size"], place["stride"], owner.storage_offset() + place["offset"])
