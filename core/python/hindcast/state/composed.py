# SPDX-License-Identifier: Apache-2.0
"""Tensors that are no single block of memory, sparse and quantised ones, as the plain tensors they are made of."""
from . import cbor, rng, tensors, views

PREFIX = "tensor:"  # of the class names that stand for them
VIEW = PREFIX + "view"  # and of the one for a tensor in another's memory


def parts(value):
    """(name of the form, {part: tensor or plain value}) of a tensor that has to be taken apart; None for the others."""
    torch = rng.torch_module()
    value = value.detach()
    if value.layout is torch.sparse_coo:
        found = {"indices": value._indices(), "values": value._values(), "coalesced": value.is_coalesced()}
        return "sparse_coo", dict(found, size=list(value.shape))
    if value.layout is getattr(torch, "sparse_csr", None):
        found = {"crow": value.crow_indices(), "col": value.col_indices(), "values": value.values()}
        return "sparse_csr", dict(found, size=list(value.shape))
    if value.dtype in (torch.qint8, torch.quint8, torch.qint32):
        if value.qscheme() in (torch.per_tensor_affine, torch.per_tensor_symmetric):
            return "quantised", {"integers": value.int_repr(), "scale": value.q_scale(), "zero": value.q_zero_point()}
        axis = {"scales": value.q_per_channel_scales(), "zeros": value.q_per_channel_zero_points(), "axis": value.q_per_channel_axis()}
        return "quantised_channels", dict(axis, integers=value.int_repr())
    return None


def take(value, key, walker):
    """The tag that stands for a tensor that has to be taken apart, with its parts in the walker's table; None for the others."""
    found = parts(value) if tensors.is_tensor(value) and tensors.refusal(value) is not None else None
    if found is None:
        return None
    form, content = found
    entries = {
        name: walker.add_tensor("%s/%s" % (key, name), item) if tensors.is_tensor(item) else item for name, item in content.items()
    }
    return cbor.Tag(cbor.INSTANCE, [PREFIX + form, entries])


def build(form, found):
    """The tensor that `parts` took apart, or that lies in another."""
    if PREFIX + form == VIEW:
        return views.build(found)
    torch = rng.torch_module()
    if form == "sparse_coo":
        made = torch.sparse_coo_tensor(found["indices"], found["values"], found["size"])
        return made._coalesced_(found["coalesced"])
    if form == "sparse_csr":
        return torch.sparse_csr_tensor(found["crow"], found["col"], found["values"], found["size"])
    if form == "quantised":
        return torch._make_per_tensor_quantized_tensor(found["integers"], found["scale"], found["zero"])
    return torch._make_per_channel_quantized_tensor(found["integers"], found["scales"], found["zeros"], found["axis"])
