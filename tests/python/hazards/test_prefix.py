# SPDX-License-Identifier: Apache-2.0
"""What runs before the loop (rows of section 2.5 of the replay research) and settings of the process: what cannot be made again
is restored, or caught and named. Such a script gives other numbers each time: the truth is what the very run logged."""
import pytest
from rows import Row
from scripts import DATA, END, STEP, script

NORM = "float(sum(p.norm() for p in net.parameters()))"
BODY = STEP + '        hc.log("true", %s)\n' % NORM + END
PROBE = ("train.py", 'hc.log("end"', 'hc.log("norm", %s)' % NORM)
LARGE = "big = torch.randn(2000, 1000, generator=torch.Generator().manual_seed(int(time.time_ns() % 2**31)))\n"


def as_recorded(version):
    """The values of `norm`: the run logged the same expression as `true`."""
    return {(place, "norm", ordinal): value for (place, name, ordinal), value in version.values("true").items()}


def row(project, setup, body=BODY, seed="", files=(), **environment):
    made = project({"train.py": script(setup, body, seed), "data.py": DATA, **dict(files)})
    return Row(made, [PROBE], truth=as_recorded, **environment)


WORDS = (
    "words = ['w%%d' %% i for i in range(%d)]\nvocab = {w: i for i, w in enumerate(set(words))}\n"
    "table = torch.randn(len(words), 8, generator=torch.Generator().manual_seed(3))\n"
    "picked = torch.stack([table[vocab[w]] for w in words[:48]])\n"
    "loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(picked, (picked.sum(1) > 0).long()), batch_size=8, shuffle=True)\n"
)
EXACT = {
    "data made from the time": "import time\nshift = time.time() % 1\ndata = Noisy()\ndata.x = data.x * (1 + shift)\nloader = torch.utils.data.DataLoader(data, batch_size=8, shuffle=True)\n",
    "an unseeded split": "torch.seed()\ntrain, rest = torch.utils.data.random_split(Noisy(), [40, 8])\nloader = torch.utils.data.DataLoader(train, batch_size=8, shuffle=True)\n",
    "the order of a set": WORDS % 200,
    "seeds from the time": "import time\nrandom.seed(time.time()); np.random.seed(int(time.time_ns() % 2**31)); torch.seed()\n",
}


@pytest.mark.parametrize("name", sorted(EXACT))
def test_what_cannot_be_made_again_is_restored_where_it_is_small(project, name):
    made = row(project, EXACT[name])
    made.expect("deep", 3, 3, ["deep"])
    made.expect("shallow", 1, 3, ["shallow"])


def test_a_hash_seed_that_was_set_makes_sets_come_in_the_same_order(project):
    made = row(project, WORDS % 3000, PYTHONHASHSEED="7")
    assert made.version.run["hashSeed"]["set"] == "7"
    made.expect("deep", 3, 3, ["deep"])


def caught(found, *words):
    """Nothing was taken for proven, the whole ladder was tried, and the cause is told in these words."""
    assert found.grades and set(found.grades.values()) <= {"diverged", "unverified"}, found.describe()
    assert found.modes[-1] == "beginning" and all(word in " ".join(found.causes) for word in words), found.describe()


USES_LARGE = STEP.replace("net(x)", "net(x + big[:8, :8][:len(x)])").replace("hc.log(\"loss\"", "hc.log(\"loss\"") + '        hc.log("true", %s)\n' % NORM + END


def test_large_data_made_from_the_time_is_caught_and_named(project):
    made = row(project, "import time\n" + LARGE, USES_LARGE)
    caught(made.climb("deep", 3, 3), "'big' is made from the time")


def test_a_data_file_that_changed_is_caught_and_named(project):
    setup = "big = torch.from_numpy(np.load('big.npy'))\n"
    made = project({"train.py": script(setup, USES_LARGE), "data.py": DATA, "make.py": "import sys\nimport numpy as np\n"
                    "np.save('big.npy', np.random.RandomState(int(sys.argv[1])).randn(2000, 1000).astype('float32'))\n"})
    assert made.execute("1", script="make.py").returncode == 0
    one = Row(made, [PROBE], truth=as_recorded)
    one.expect("deep", 3, 3, ["deep"])
    assert made.execute("2", script="make.py").returncode == 0
    caught(one.climb("deep", 3, 3), "files", "big")


def test_order_of_strings_that_matters_for_large_data_is_caught_and_named(project):
    setup = "vocab = {w: i for i, w in enumerate({'w%d' % i for i in range(3000)})}\nbig = torch.randn(1000, 2000, generator=torch.Generator().manual_seed(3))[:, [vocab['w%d' % i] % 2000 for i in range(2000)]]\n"
    made = row(project, setup, USES_LARGE)
    caught(made.climb("deep", 3, 3), "hash differently", "PYTHONHASHSEED")


def test_another_thread_count_is_named_when_numbers_differ(project):
    setup = "net = nn.Sequential(nn.Linear(8, 600), nn.ReLU(), nn.Linear(600, 700), nn.ReLU(), nn.Linear(700, 2))\nopt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)\ntorch.set_num_threads(%s)\n"
    body = STEP.replace("net(x)", "net(x.repeat(64, 1))").replace(", y)", ", y.repeat(64))") + '        hc.log("true", %s)\n' % NORM + END
    made = project({"train.py": script(setup % "2", body, "torch.manual_seed(0)\n"), "data.py": DATA})
    one = Row(made, [PROBE], truth=as_recorded)
    one.expect("deep", 3, 3, ["deep"])
    (made.folder / "train.py").write_text((made.folder / "train.py").read_text().replace("set_num_threads(2)", "set_num_threads(1)"))
    found = one.climb("deep", 3, 3)
    if "diverged" in found.replays[0].grades().values():
        assert "threads: recorded 2, replayed 1" in found.causes[0] and found.modes == ["deep", "beginning"], found.describe()
    else:  # this machine's kernels give the same bits: then nothing is claimed that is not so
        assert set(found.grades.values()) == {"exact"}, found.describe()
