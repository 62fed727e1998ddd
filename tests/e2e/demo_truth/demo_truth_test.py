# SPDX-License-Identifier: Apache-2.0
"""The hand-written truth must not drift away from the demo's sources."""
import difflib
import json
from pathlib import Path

import pytest

HERE = Path(__file__).parent
DEMO = HERE.parents[2] / "resources" / "demo"
HISTORY = json.loads((DEMO / "history.json").read_text())
PROBES = json.loads((HERE / "newest" / "probes.json").read_text())


def added_lines(original, changed):
    """Numbers (from 1, in `changed`) of the added lines. Fails on any other difference."""
    matcher = difflib.SequenceMatcher(None, original, changed, autojunk=False)
    numbers = []
    for kind, _, _, first, last in matcher.get_opcodes():
        assert kind in ("equal", "insert")
        if kind == "insert":
            numbers.extend(range(first + 1, last + 1))
    return numbers


@pytest.mark.parametrize("version", [entry["folder"] for entry in HISTORY])
def test_truth_of_a_version_is_its_source_plus_log_statements(version):
    source = DEMO / version
    changed_files = list((HERE / source.name).glob("*.py"))
    assert changed_files
    added = []
    for path in changed_files:
        lines = path.read_text().splitlines()
        added += [lines[n - 1].strip() for n in added_lines((source / path.name).read_text().splitlines(), lines)]
    assert len(added) == 4
    assert sum("hc.log(" in line for line in added) == 3


@pytest.mark.parametrize("variant", list(PROBES["variants"]))
def test_probes_json_names_exactly_the_lines_added_to_the_newest_version(variant):
    newest = DEMO / HISTORY[-1]["folder"]
    assert newest.name == PROBES["version"]
    expected = {}
    for probe in PROBES["variants"][variant]:
        lines = (HERE / "newest" / variant / probe["file"]).read_text().splitlines()
        assert "\n".join(lines[probe["line"] - 1:probe["last_line"]]) == probe["statement"]
        expected.setdefault(probe["file"], []).extend(range(probe["line"], probe["last_line"] + 1))
    for path in (HERE / "newest" / variant).glob("*.py"):
        original = (newest / path.name).read_text().splitlines()
        assert added_lines(original, path.read_text().splitlines()) == expected[path.name]
