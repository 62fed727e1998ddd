# SPDX-License-Identifier: Apache-2.0
"""dataframe and sql: the program does the work, the answer comes through a pipe as typed columns."""
import json
import subprocess

from .record import place
from .state import values
from . import program

_SCHEMA = "hindcast.columns/2"
_TYPES = {"int64": "<i8", "float64": "<f8", "bool": "?"}


def dataframe(*names, **options):
    """A pandas DataFrame with `version`, the loops and the named values of all versions. Arrays come back as NumPy arrays,
    what `hc.histogram`, `hc.matrix` and `hc.image` made as such objects.

    Options: `versions` ("v1,v3-v5"), `where`, `provenance` (bool), `labels` (bool: LOOP.label says what a pass was, where that is
    not its number), `project` (a folder).
    """
    command = ["dataframe", *names]
    if options.get("versions"):
        command += ["--versions", str(options["versions"])]
    if options.get("where"):
        command += ["--where", str(options["where"])]
    command += ["--" + flag for flag in ("provenance", "labels") if options.get(flag)]
    return _frame(command, options.get("project"))


def sql(statement, project=None):
    """A pandas DataFrame with the rows of a read-only SQL statement."""
    return _frame(["sql", statement], project)


query = sql


def _frame(command, project):
    try:
        import pandas
    except ImportError:
        raise ImportError("hindcast.dataframe and hindcast.sql need pandas: pip install pandas") from None
    header, columns = read_columns(run(command + ["--format", "columns"], project))
    series = {name: _series(pandas, kind, cells, valid) for name, kind, cells, valid in columns}
    return pandas.DataFrame(series, index=pandas.RangeIndex(header["rows"]))


def _series(pandas, kind, cells, valid):
    """Missing numbers are NaN where the column holds floats, <NA> where it holds integers or booleans, None elsewhere."""
    if valid is None or kind == "float64":
        return pandas.Series(cells)
    if kind == "int64":
        return pandas.Series(pandas.arrays.IntegerArray(cells, ~valid))
    if kind == "bool":
        return pandas.Series(pandas.arrays.BooleanArray(cells, ~valid))
    cells[~valid] = None
    return pandas.Series(cells)


def run(command, project=None):
    """Standard output of the program; RuntimeError with its message when it fails."""
    path = program.find()
    if path is None:
        raise RuntimeError("the hindcast program was not found; set HINDCAST_PROGRAM or put it on PATH")
    folder = project or place.find().project
    result = subprocess.run([path, *command], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if result.returncode not in (0, 3):
        raise RuntimeError(result.stderr.decode("utf-8", "replace").strip() or "hindcast failed")
    return result.stdout


def read_columns(data):
    """(header, [(name, type, NumPy array of the cells, which of them have a value or None for all)]) of the `columns` format
    of the program: one JSON line, then the bytes of the columns."""
    import numpy

    line, _, rest = data.partition(b"\n")
    header = json.loads(line or '{"schema": "%s", "columns": [], "rows": 0}' % _SCHEMA)
    if header["schema"] != _SCHEMA:
        raise RuntimeError("the hindcast program and this package are of different versions (%s, %s)" % (header["schema"], _SCHEMA))
    rows, at, columns = header["rows"], 0, []
    if len(rest) != sum(column["nullBytes"] + column["bytes"] for column in header["columns"]):
        raise ValueError("the program's answer is cut short")
    for column in header["columns"]:
        valid = None
        if column["nullBytes"]:
            bits = numpy.frombuffer(rest, "u1", column["nullBytes"], at)
            valid = numpy.unpackbits(bits, bitorder="little")[:rows].astype(bool)
        at += column["nullBytes"]
        if column["type"] in _TYPES:
            cells = numpy.frombuffer(rest, _TYPES[column["type"]], rows, at).copy()
        else:
            cells = _texts(numpy, column, rest, rows, at)
        at += column["bytes"]
        columns.append((column["name"], column["type"], cells, valid))
    return header, columns


def _texts(numpy, column, data, rows, at):
    """Cells of a text or json column: each distinct text is decoded once."""
    distinct = column["distinct"]
    codes = numpy.frombuffer(data, "<i4", rows, at)
    offsets = numpy.frombuffer(data, "<i8", distinct + 1, at + 4 * rows).tolist()
    start = at + 4 * rows + 8 * (distinct + 1)
    words = numpy.empty(max(distinct, 1), object)
    for number, (begin, end) in enumerate(zip(offsets, offsets[1:])):
        text = data[start + begin : start + end].decode("utf-8", "replace")
        words[number] = text if column["type"] == "text" else _cell(text)
    return words[codes]


def _cell(text):
    """A cell of a json column; arrays, histograms, matrices and images as what they are."""
    found = json.loads(text) if text else None
    if isinstance(found, dict):
        return values.read(bytes.fromhex(found["cbor"])) if "cbor" in found else found
    return found
