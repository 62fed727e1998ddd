# SPDX-License-Identifier: Apache-2.0
"""For scripts and notebooks that were written for FlorDB.

Training scripts run with `import hindcast as flor`; `flor.dataframe` then gives Hindcast's table. Who needs FlorDB's columns
(project, time and file of each run, passes counted from 1) asks here:

    from hindcast import flordb
    flordb.dataframe("lr", "loss")
"""
import datetime
import os

from .query import dataframe as _dataframe
from .query import sql as _sql
from .record import place


def dataframe(*names, project=None):
    """A pandas DataFrame with `projid`, `tstamp` (local time of the start, whole seconds), `filename`, the loops counted from 1, beside
    each LOOP_value where passes had values other than their number, and the names. Numbers are numbers, where FlorDB has texts."""
    folder = project or place.find().project
    frame = _dataframe(*names, labels=True, project=folder)
    runs = _sql("SELECT number, started, script FROM versions", project=folder).set_index("number")
    version = frame.pop("version")
    loops = [str(column) for column in frame.columns[: len(frame.columns) - len(dict.fromkeys(names))]] if names else []
    labels = {loop + ".label": loop + "_value" for loop in loops if loop + ".label" in loops}
    for loop in loops:
        if loop not in labels:
            frame[loop] += 1
    frame = frame.rename(columns=labels)
    frame.insert(0, "filename", version.map(runs["script"].map(os.path.basename)).astype(object))
    frame.insert(0, "tstamp", version.map(runs["started"].map(_local_time)).astype("datetime64[ns]"))
    frame.insert(0, "projid", os.path.basename(os.path.abspath(folder)))
    return frame


def latest(frame):
    """The rows of the newest run."""
    return frame[frame["tstamp"] == frame["tstamp"].max()]


def _local_time(started):
    moment = datetime.datetime.strptime(started, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=datetime.timezone.utc)
    return moment.astimezone().replace(tzinfo=None, microsecond=0)
