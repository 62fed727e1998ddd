# SPDX-License-Identifier: Apache-2.0
"""The one line that a run ends with: what was recorded, and what it cost."""
from . import policy


def line(uuid, stats, overhead):
    """`stats` as of the native recorder, `overhead` as of the policy."""
    parts = ["recorded %s: %s" % (uuid[:13], _count(stats["captures"], "capture"))]
    skipped = stats["captures_skipped"] + overhead["skippedPoints"]
    if overhead["smallCaptures"]:
        parts[0] += ", %d without tensors" % overhead["smallCaptures"]
    if skipped:
        parts[0] += ", %d skipped" % skipped
    if stats["bytes_stored"]:
        parts.append("%s of state in %s" % (_bytes(stats["bytes_raw"] + stats["bytes_reused"]), _bytes(stats["bytes_stored"])))
    if overhead["share"] > overhead["budget"]:  # only of short runs
        allowed = "a run may take %g s, then %s of its time" % (policy.GRACE_SECONDS, _share(overhead["budget"]))
        parts.append("%.2g s for it (%s)" % (overhead["seconds"], allowed))
    else:
        parts.append("%s of the time (budget %s)" % (_share(overhead["share"]), _share(overhead["budget"])))
    return "; ".join(parts)


def _count(number, what):
    return "%d %s%s" % (number, what, "" if number == 1 else "s")


def _bytes(number):
    for unit in ("B", "kB", "MB", "GB"):
        if number < 1000:
            return "%.3g %s" % (number, unit)
        number /= 1000
    return "%.3g TB" % number


def _share(share):
    return "%g %%" % float("%.2g" % (100 * share))
