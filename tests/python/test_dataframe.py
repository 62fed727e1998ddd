# SPDX-License-Identifier: Apache-2.0
"""Data frames as pandas gives them, and scripts that were written for FlorDB: its README's examples with one line changed."""
import datetime
import os
import subprocess
import textwrap

import pytest

pandas = pytest.importorskip("pandas")
import hindcast  # noqa: E402
from hindcast import flordb  # noqa: E402

PROGRAM = os.environ.get("HINDCAST_PROGRAM", "")
pytestmark = pytest.mark.skipif(not os.access(PROGRAM, os.X_OK), reason="the hindcast program is not built")

HELLO = '''
import hindcast as flor
flor.log("msg", "Hello world!")
'''

TRAIN = '''
import hindcast as flor
import torch
from random import randint

hidden_size = flor.arg("hidden", default=6)
num_epochs = flor.arg("epochs", 3)
batch_size = flor.arg("batch_size", 4)
learning_rate = flor.arg("lr", 1e-3)
seed = flor.arg("seed", default=randint(1, 10000))
torch.manual_seed(seed)

data = torch.utils.data.TensorDataset(torch.randn(16, 3), torch.randint(0, 2, (16,)))
trainloader = torch.utils.data.DataLoader(data, batch_size=batch_size, shuffle=True)
testloader = torch.utils.data.DataLoader(data, batch_size=16)
net = torch.nn.Sequential(torch.nn.Linear(3, hidden_size), torch.nn.ReLU(), torch.nn.Linear(hidden_size, 2))
criterion = torch.nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(net.parameters(), lr=learning_rate)


def evaluate(net, testloader):
    with torch.no_grad():
        right = sum((net(x).argmax(1) == y).sum().item() for x, y in testloader)
    flor.log("val_acc", 100 * right / 16)


with flor.checkpointing(model=net, optimizer=optimizer):
    for epoch in flor.loop("epoch", range(num_epochs)):
        for data in flor.loop("step", trainloader):
            inputs, labels = data
            optimizer.zero_grad()
            outputs = net(inputs)
            loss = criterion(outputs, labels)
            loss.backward()
            optimizer.step()
            print(flor.log("loss", loss.item()))
        evaluate(net, testloader)
'''

NORM = '''
        flor.log("gradient_norm",
            torch.nn.utils.clip_grad_norm_(
                net.parameters(), max_norm=float('inf')
            ).item()
        )
'''

DOCUMENTS = '''
import hindcast as flor
for name in ["a.pdf", "b.pdf"]:
    with flor.iteration("document", None, name):
        for page in flor.loop("page", range(2)):
            flor.log("length", len(name) + page)
'''


def test_the_first_example_is_one_row(project):
    made = project({"hello.py": HELLO})
    made.record(script="hello.py")
    frame = flordb.dataframe("msg", project=str(made.folder))
    assert list(frame.columns) == ["projid", "tstamp", "filename", "msg"]
    assert frame["msg"].tolist() == ["Hello world!"] and frame["filename"].tolist() == ["hello.py"]
    assert frame["projid"].tolist() == [made.folder.name]
    assert abs(frame["tstamp"][0] - datetime.datetime.now()) < datetime.timedelta(minutes=10)


def test_the_training_example_gives_the_same_table_and_takes_arguments(project):
    made = project({"train.py": TRAIN})
    printed = [float(line) for line in made.record().output.stdout.split() if "." in line]
    made.record("--kwargs", "epochs=2", "batch_size=8", "lr=5e-4")
    frame = flordb.dataframe("hidden", "batch_size", "lr", "loss", project=str(made.folder))
    assert list(frame.columns) == ["projid", "tstamp", "filename", "epoch", "step", "hidden", "batch_size", "lr", "loss"]
    assert len(frame) == 3 * 4 + 2 * 2
    first = frame[frame["lr"] == 1e-3]
    assert first["epoch"].tolist() == [e for e in (1, 2, 3) for _ in range(4)] and first["step"].tolist() == [1, 2, 3, 4] * 3
    assert first["loss"].tolist() == printed[: len(first)]
    assert flordb.latest(frame)["batch_size"].tolist() == [8] * 4
    runs = hindcast.dataframe("seed", "epochs", "batch_size", "lr", project=str(made.folder))
    assert runs["epochs"].tolist() == [3, 2] and runs["seed"].dtype == "int64"


def test_the_gradient_norm_of_the_example_is_had_in_hindsight(project):
    made = project({"train.py": TRAIN})
    made.record()
    made.record("--kwargs", "epochs=2", "batch_size=8")
    text = (made.folder / "train.py").read_text().replace(
        "range(num_epochs)):\n        for data", "range(num_epochs)):" + NORM + "        for data")
    (made.folder / "train.py").write_text(text)
    done = subprocess.run([PROGRAM, "replay", "gradient_norm", "--yes"], cwd=made.folder, env=made.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    assert done.returncode == 0, done.stdout.decode()
    frame = flordb.dataframe("batch_size", "gradient_norm", project=str(made.folder))
    assert frame["epoch"].tolist() == [1, 2, 3, 1, 2]
    norms = frame["gradient_norm"].tolist()
    assert norms[0] == 0 and norms[3] == 0 and min(norms[1], norms[2], norms[4]) > 0


def test_passes_without_an_index_are_counted(project):
    made = project({"documents.py": DOCUMENTS})
    made.record(script="documents.py")
    frame = hindcast.dataframe("length", project=str(made.folder))
    assert frame[["document", "page", "length"]].values.tolist() == [[0, 0, 5], [0, 1, 6], [1, 0, 5], [1, 1, 6]]
    as_flor = flordb.dataframe("length", project=str(made.folder))
    assert list(as_flor.columns) == ["projid", "tstamp", "filename", "document", "document_value", "page", "length"]
    assert as_flor["document"].tolist() == [1, 1, 2, 2] and as_flor["document_value"].tolist() == ["a.pdf", "a.pdf", "b.pdf", "b.pdf"]


GRID = '''
import hindcast as flor
for fold in flor.loop("fold", ["a", "b"]):
    for rate in flor.loop("rate", [0.5, 0.25]):
        for deep in flor.loop("deep", [True, False]):
            for year in flor.loop("year", range(2020, 2022)):
                flor.log("score", rate * year)
'''


def test_what_passes_were_is_had_at_every_depth(project):
    made = project({"grid.py": GRID})
    made.record(script="grid.py")
    frame = hindcast.dataframe("score", labels=True, project=str(made.folder))
    loops = ["fold", "rate", "deep", "year"]
    assert list(frame.columns) == ["version"] + [column for loop in loops for column in (loop, loop + ".label")] + ["score"]
    assert frame["year.label"].tolist() == [2020, 2021] * 8 and frame["year.label"].dtype == "int64"
    assert frame["rate.label"].tolist() == (["0.5"] * 4 + ["0.25"] * 4) * 2
    assert frame["deep.label"].tolist() == (["True"] * 2 + ["False"] * 2) * 4
    best = hindcast.sql("select \"rate.label\" r, max(score) s from pivot('score') group by 1 order by 1", project=str(made.folder))
    assert best.values.tolist() == [["0.25", 505.25], ["0.5", 1010.5]]
    assert hindcast.dataframe("score", where="fold.label = 'b' and year.label = 2021", project=str(made.folder))["fold"].tolist() == [1] * 4


def test_columns_have_the_types_of_what_was_logged(project):
    made = project({"train.py": textwrap.dedent('''
        import hindcast as hc
        for i in hc.loop("i", range(300)):
            hc.log("always", i)
            hc.log("number", float("nan") if i == 1 else i / 2)
            hc.log("word", "even" if i % 2 == 0 else "odd")
            if i % 3 == 0:
                hc.log("some", i)
                hc.log("flag", i % 2 == 0)
                hc.log("name", "é" * (i % 5))
    ''')})
    made.record()
    frame = hindcast.dataframe("always", "number", "word", "some", "flag", "name", project=str(made.folder))
    assert [str(frame[name].dtype) for name in frame] == ["int64", "int64", "int64", "float64", "object", "Int64", "boolean", "object"]
    assert frame["always"].tolist() == list(range(300)) and frame["word"].tolist() == ["even", "odd"] * 150
    assert frame["some"].isna().sum() == 200 and frame["some"].sum() == sum(range(0, 300, 3))
    assert frame["flag"][3] is pandas.NA or not frame["flag"][3]
    assert frame["name"][1] is None and frame["name"][9] == "éééé"
    assert frame["number"].isna().tolist() == [i == 1 for i in range(300)]


def test_no_rows_are_an_empty_frame_with_its_columns(project):
    made = project({"hello.py": HELLO})
    made.record(script="hello.py")
    frame = hindcast.dataframe("msg", where="version > 5", project=str(made.folder))
    assert list(frame.columns) == ["version", "msg"] and len(frame) == 0
    assert len(flordb.dataframe("msg", project=str(made.folder))) == 1
    with pytest.raises(RuntimeError, match="msg\\b"):
        hindcast.dataframe("msgs", project=str(made.folder))
