# SPDX-License-Identifier: Apache-2.0
"""Every shape of script in shapes/: whatever a probe asks of whatever statement, the mode that is chosen gives the true
values, and beside the inner loops that mode is mostly shallow. `agreement.py` is the independent check."""
import pathlib

import agreement
import pytest
from conftest import Project

FOLDER = pathlib.Path(__file__).parent / "shapes"
SHAPES = sorted(path.stem for path in FOLDER.glob("*.py"))

# The least share of the probes beside inner loops that need no training; 1 unless something is really not stored there.
SHARE = {"config_state": 0.7, "wrapped_loaders": 0.6, "steps_while": 0.0, "steps_count": 0.0, "replay_buffer": 0.5, "eval_in_steps": 0.3, "folds_in_function": 0.6,
         "trainer_class": 0.9}

# Where the mode that was not chosen is tried too, probe by probe: a deep replay may show nothing else than a shallow one.
OTHERS = {"flat", "carried_state"}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_chosen_mode_gives_the_true_values_in(tmp_path, shape):
    made = []

    def make(files):
        made.append(Project(tmp_path / str(len(made)) / "project", files))
        return made[-1]

    steps = shape.startswith("steps_")
    found = agreement.examine(make, {"train.py": (FOLDER / (shape + ".py")).read_text()}, largest=12 if steps else 40, first=99980 if steps else 1,
                              others=shape in OTHERS)
    print(found.line(shape))
    assert found.wrong == [] and found.differ == []
    assert found.missing == [], found.unproven
    assert found.compared > 0 and (found.inside == 0 or found.shallow / found.inside >= SHARE.get(shape, 1.0)), found.line(shape)
