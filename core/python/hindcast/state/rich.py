# SPDX-License-Identifier: Apache-2.0
"""Values that are no single number: histograms, matrices and images, as a script makes them and as a query gives them back."""
import struct
import zlib

from . import arrays, tensors

_MODES = {"L": 1, "RGB": 3, "RGBA": 4}


class Histogram:
    """How many values fell between neighbouring edges. `left_out`: how many were not finite or outside."""

    def __init__(self, edges, counts, left_out=0):
        self.edges, self.counts, self.left_out = edges, counts, left_out

    def form(self):
        """The map of FORMAT.md 5.2."""
        found = {"type": "histogram", "edges": [float(edge) for edge in self.edges], "counts": [int(count) for count in self.counts]}
        return dict(found, leftOut=int(self.left_out)) if self.left_out else found

    def __repr__(self):
        return "Histogram(%d values in %d bins from %g to %g)" % (sum(self.counts), len(self.counts), self.edges[0], self.edges[-1])


class Matrix:
    """A table of numbers with names for its rows and columns (None: no names)."""

    def __init__(self, data, rows=None, columns=None):
        self.data, self.rows, self.columns = data, rows, columns

    def form(self):
        """The map of FORMAT.md 5.2."""
        found = dict(arrays.form(self.data), type="matrix")
        if len(found["shape"]) != 2:
            raise TypeError("a matrix has two dimensions, not %d" % len(found["shape"]))
        for side, labels, length in (("rows", self.rows, found["shape"][0]), ("columns", self.columns, found["shape"][1])):
            if labels is not None:
                found[side] = [str(label) for label in labels]
                if len(found[side]) != length:
                    raise TypeError("a matrix with %d %s has %d names for them" % (length, side, len(found[side])))
        return found

    def __repr__(self):
        return "Matrix(%r, rows=%r, columns=%r)" % (self.data, self.rows, self.columns)


class Image:
    """A picture of 8-bit samples: `format` "raw8" (rows of pixels, top first) or "png"."""

    def __init__(self, height, width, channels, format, data):  # noqa: A002  (the format's own word)
        self.height, self.width, self.channels, self.format, self.data = height, width, channels, format, data

    def form(self):
        """The map of FORMAT.md 5.2."""
        return {"type": "image", "height": self.height, "width": self.width, "channels": self.channels, "format": self.format, "data": self.data}

    def png(self):
        """The bytes of a PNG file."""
        if self.format == "png":
            return self.data
        stride = self.width * self.channels
        lines = b"".join(b"\0" + self.data[at : at + stride] for at in range(0, len(self.data), stride))
        colour = {1: 0, 2: 4, 3: 2, 4: 6}[self.channels]
        head = struct.pack(">IIBBBBB", self.width, self.height, 8, colour, 0, 0, 0)
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 6)), (b"IEND", b"")))

    _repr_png_ = png  # shown by notebooks

    def __repr__(self):
        return "Image(%d x %d, %d channels, %s)" % (self.width, self.height, self.channels, self.format)


class Unusable:
    """Stands for a value that could not be made; logging it says why, once, and the script goes on."""

    def __init__(self, reason):
        self.reason = reason

    def form(self):
        """There is none."""
        raise TypeError(self.reason)


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def settled(data):
    """An array that later changes of `data` do not reach."""
    return arrays.read(arrays.form(data)).copy()


def histogram(values, bins, limits):
    """Counts `values` into `bins` equal bins over `limits` (None: from the smallest to the largest), or between the edges given."""
    numpy = arrays.numpy()
    flat = numpy.asarray(arrays.on_host(values), dtype="float64").ravel()
    finite = flat[numpy.isfinite(flat)]
    if not isinstance(bins, int):
        bins = numpy.asarray(arrays.on_host(bins), dtype="float64")
    counts, edges = numpy.histogram(finite, bins=bins, range=limits)
    return Histogram(edges.tolist(), counts.tolist(), flat.size - int(counts.sum()))


def image(source):
    """An Image of an array or tensor (height x width, with channels first or last), a PIL image or a matplotlib figure."""
    if hasattr(source, "savefig"):
        return _figure(source)
    if type(source).__module__.startswith("PIL.") and hasattr(source, "tobytes"):
        picture = source if source.mode in _MODES else source.convert("RGB")
        return Image(picture.height, picture.width, _MODES[picture.mode], "raw8", picture.tobytes())
    pixels = arrays.numpy().asarray(arrays.on_host(source))
    if pixels.ndim == 2:
        pixels = pixels[:, :, None]
    if pixels.ndim != 3:
        raise TypeError("an image has two or three dimensions, not %d" % pixels.ndim)
    first, last = pixels.shape[0] <= 4, pixels.shape[2] <= 4
    if first and (tensors.is_tensor(source) or not last):  # as the library of each has it, where both could be
        pixels = pixels.transpose(1, 2, 0)
    if not 1 <= pixels.shape[2] <= 4:
        raise TypeError("an image has one to four channels, first or last; the shape is %s" % (tuple(pixels.shape),))
    height, width, channels = pixels.shape
    return Image(height, width, channels, "raw8", _bytes(pixels).tobytes())


def _bytes(pixels):
    """Samples of 8 bits: numbers with a fraction are shares of full brightness."""
    numpy = arrays.numpy()
    if pixels.dtype == "bool":
        return pixels.astype("uint8") * 255
    if pixels.dtype.kind == "f":
        with numpy.errstate(invalid="ignore"):
            return numpy.nan_to_num(numpy.clip(numpy.rint(pixels.astype("float64") * 255), 0, 255)).astype("uint8")
    return numpy.clip(pixels, 0, 255).astype("uint8")


def _figure(figure):
    import io

    file = io.BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    data = file.getvalue()
    width, height, _, colour = struct.unpack(">IIBB", data[16:26])
    return Image(height, width, {0: 1, 2: 3, 4: 2, 6: 4}.get(colour, 3), "png", data)


def automatic(value):
    """A rich value for an object of another library that has an obvious one; None for all others."""
    module = type(value).__module__
    if module.startswith("PIL.") and hasattr(value, "mode") or module.startswith("matplotlib.") and hasattr(value, "savefig"):
        return image(value)
    if module.startswith("pandas.") and hasattr(value, "columns"):
        return Matrix(value.to_numpy(), list(value.index), list(value.columns))
    return None


def read(form):
    """The value that a map of FORMAT.md 5.2 stands for: arrays become NumPy arrays."""
    kind = form.get("type")
    if kind == "array":
        return arrays.read(form)
    if kind == "matrix":
        return Matrix(arrays.read(form), form.get("rows"), form.get("columns"))
    if kind == "histogram":
        numpy = arrays.numpy()
        return Histogram(numpy.asarray(form["edges"], "float64"), numpy.asarray(form["counts"], "int64"), form.get("leftOut", 0))
    if kind == "image":
        return Image(form["height"], form["width"], form["channels"], form["format"], form["data"])
    return form
