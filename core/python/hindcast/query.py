# SPDX-License-Identifier: Apache-2.0
"""dataframe and sql: the program does the work, the answer comes through a pipe as typed columns."""
import json
import struct
import subprocess

from .record import place
from .state import values
from . import program

_WIDTHS = {"int64": 8, "float64": 8, "bool": 1}


def dataframe(*names, **options):
    """A pandas DataFrame with `version`, the loops and the named values of all versions. Arrays come back as NumPy arrays,
    what `hc.histogram`, `hc.matrix` and `hc.image` made as such objects.

    Options: `versions` ("v1,v3-v5"), `where`, `provenance` (bool), `project` (a folder).
    """
    command = ["dataframe", *names]
    if options.get("versions"):
        command += ["--versions", str(options["versions"])]
    if options.get("where"):
        command += ["--where", str(options["where"])]
    if options.get("provenance"):
        command.append("--provenance")
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
    columns, rows = read_columns(run(command + ["--format", "columns"], project))
    series = {}
    for name, kind, values in columns:
        if kind == "int64" and None not in values:
            series[name] = pandas.Series(values, dtype="int64")
        elif kind == "float64":
            series[name] = pandas.Series([float("nan") if v is None else v for v in values], dtype="float64")
        elif kind == "int64":
            series[name] = pandas.Series(values, dtype="Int64")
        else:
            series[name] = pandas.Series(values, dtype="object" if kind != "bool" or None in values else "bool")
    return pandas.DataFrame(series, index=range(rows))


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
    """([(name, type, values)], rows) of the `columns` format: one JSON line, then each column's validity bits (left out
    when every row has a value) and data."""
    line, _, rest = data.partition(b"\n")
    header = json.loads(line or b'{"columns": [], "rows": 0}')
    rows, at, columns = header["rows"], 0, []
    for column in header["columns"]:
        valid = rest[at : at + column["nullBytes"]]
        at += len(valid)
        content = rest[at : at + column["bytes"]]
        at += column["bytes"]
        values = _values(column["type"], content, rows)
        for row in range(rows) if valid else ():
            if not valid[row >> 3] >> (row & 7) & 1:
                values[row] = None
        columns.append((column["name"], column["type"], values))
    return columns, rows


def _values(kind, content, rows):
    if kind in ("text", "json"):
        offsets = struct.unpack_from("<%dq" % (rows + 1), content)
        start = 8 * (rows + 1)
        texts = [content[start + a : start + b].decode("utf-8", "replace") for a, b in zip(offsets, offsets[1:])]
        return texts if kind == "text" else [_cell(text) for text in texts]
    if len(content) != rows * _WIDTHS[kind]:
        raise ValueError("the program's answer is cut short")
    if kind == "bool":
        return [bool(item) for item in content]
    return list(struct.unpack("<%d%s" % (rows, "q" if kind == "int64" else "d"), content))


def _cell(text):
    """A cell of a json column; arrays, histograms, matrices and images as what they are."""
    found = json.loads(text) if text else None
    if isinstance(found, dict):
        return values.read(bytes.fromhex(found["cbor"])) if "cbor" in found else found
    return found
