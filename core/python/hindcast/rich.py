# SPDX-License-Identifier: Apache-2.0
"""Values that are no single number, for `hc.log`. A mistake in one never stops a script: logging it says what is wrong.

Arrays, tensors, lists of numbers, PIL images, matplotlib figures and pandas tables need none of these: `hc.log` takes them
as they are.
"""
from .state import rich as _rich


def histogram(values=None, bins=64, range=None, counts=None, edges=None):  # noqa: A002  (as NumPy calls it)
    """How `values` (an array, tensor or list) are distributed: `hc.log("weights", hc.histogram(net.weight))`.

    `bins`: how many of equal width, over `range` (low, high) or from the smallest to the largest; or the edges themselves.
    Values that are not finite or outside are counted as left out. A histogram that is known already: `counts` with `edges`.
    """
    if counts is not None and edges is not None and len(edges) == len(counts) + 1:
        return _made(lambda: _rich.Histogram([float(edge) for edge in edges], [int(count) for count in counts]))
    if values is None:
        return _rich.Unusable("a histogram is made of values, or of counts and one more edge")
    return _made(lambda: _rich.histogram(values, bins, range))


def matrix(data, rows=None, columns=None):
    """A table of numbers with names for its rows and columns, such as a confusion matrix:
    `hc.log("confusion", hc.matrix(counts, rows=classes, columns=classes))`."""
    return _made(lambda: _rich.Matrix(_rich.settled(data), rows and list(rows), columns and list(columns)))


def image(source):
    """A picture: an array or tensor (height x width, with one to four channels first or last: where both could be, first in
    a tensor and last in an array; whole numbers from 0 to 255, or fractions from 0 to 1), a PIL image or a matplotlib figure."""
    return _made(lambda: _rich.image(source))


def _made(make):
    try:
        made = make()
        made.form()
        return made
    except Exception as error:
        return _rich.Unusable((str(error) or type(error).__name__).splitlines()[0])
