# SPDX-License-Identifier: Apache-2.0
"""Loaders, samplers and datasets (rows of section 2.3 of the replay research): order, prefetching, workers."""
import pytest
from rows import Row
from scripts import DATA, END, SEED, STEP, script

AFTER = ("train.py", 'hc.log("end"', 'hc.log("norm", float(sum(p.norm() for p in net.parameters())))')
INSIDE = ("train.py", "loss.backward()", 'hc.log("grad", float(sum(p.grad.norm() for p in net.parameters())) + float(x.sum()))')

LOADER = "loader = torch.utils.data.DataLoader(%s, batch_size=8, num_workers=W%s)\n"
PLAIN = "class Plain(Noisy):\n    def __getitem__(self, index):\n        return self.x[index], self.y[index]\n"
SAMPLER = (
    "class Sampler(torch.utils.data.Sampler):\n    def __init__(self):\n        pass\n    def __len__(self):\n        return 48\n"
    "    def __iter__(self):\n        for _ in range(48):\n            yield (random.randrange(48) + int(torch.randint(48, (1,))) + int(np.random.randint(48))) % 48\n"
)
STREAM = (
    "class Stream(torch.utils.data.IterableDataset):\n    def __init__(self):\n        self.source = Noisy()\n"
    "    def __iter__(self):\n        info = torch.utils.data.get_worker_info()\n        first, step = (info.id, info.num_workers) if info else (0, 1)\n"
    "        for index in range(first, 48, step):\n            yield self.source[index]\n"
)
COUNTING = (
    "class Counting(Noisy):\n    def __init__(self):\n        super().__init__()\n        self.drawn = 0\n    def __getitem__(self, index):\n"
    "        self.drawn += 1\n        x, y = super().__getitem__(index)\n        return x * (1 + 0.001 * self.drawn), y\n"
)
EXACT = {  # setup of the loader with W workers
    "shuffled": LOADER % ("Noisy()", ", shuffle=True"),
    "with a generator of its own": "gen = torch.Generator().manual_seed(5)\n" + LOADER % ("Noisy()", ", shuffle=True, generator=gen"),
    "with a sampler that draws from the global generators": SAMPLER + LOADER % ("Noisy()", ", sampler=Sampler()"),
    "over an iterable dataset": STREAM + LOADER % ("Stream()", ""),
    "over a dataset that counts": COUNTING + LOADER % ("Counting()", ", shuffle=True"),
}


def row(project, setup, body=STEP + END, probes=(AFTER, INSIDE), **more):
    return Row(project({"train.py": script(setup, body, **more), "data.py": DATA}), probes)


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("name", sorted(EXACT))
def test_a_loader_gives_the_same_batches_again(project, name, workers):
    made = row(project, "W = %d\n" % workers + EXACT[name])
    made.expect("deep", 3, 3, ["deep"])
    made.probes = [AFTER]
    made.expect("shallow", 1, 2, ["shallow"])


def test_an_unshuffled_loader_for_validation_draws_a_seed_and_is_exact(project):
    body = STEP + "        with torch.no_grad():\n            held = sum(float(net(x).sum()) for x, _ in validation)\n" + END
    made = row(project, "validation = torch.utils.data.DataLoader(Noisy(), batch_size=8)\n", body,
               [("train.py", 'hc.log("end"', 'hc.log("held", held + float(torch.get_rng_state().sum()))')])
    made.expect("shallow", 1, 4, ["shallow"])
    made.expect("deep", 3, 4, ["deep"])


def test_workers_that_persist_are_exact_where_they_keep_nothing(project):
    made = row(project, "W = 2\n" + PLAIN + LOADER % ("Plain()", ", shuffle=True, persistent_workers=True"))
    assert any(note["what"] == "persistent_workers" for note in made.version.notes("hazard"))
    made.expect("deep", 3, 3, ["deep"])


def test_workers_that_persist_and_draw_are_named_and_replayed_from_the_beginning(project):
    made = row(project, "W = 2\n" + LOADER % ("Noisy()", ", shuffle=True, persistent_workers=True"))
    found = made.expect("deep", 3, 3, ["deep", "beginning"])
    assert "persistent_workers" in found.causes[0] and "'loader'" in found.causes[0]
    made.probes = [AFTER]
    made.expect("shallow", 1, 3, ["shallow"])


def test_epochs_over_a_generator_that_the_prefix_made_are_consumed_up_to_the_first_one(project):
    text = script("def schedule():\n    for one in range(5):\n        yield 0.05 * (1 + random.random())\n", STEP + END)
    text = text.replace('for epoch in hc.loop("epoch", range(5))', 'turns = schedule()\n    for epoch in hc.loop("epoch", turns)')
    probe = ("train.py", 'hc.log("end"', 'hc.log("rate", epoch)')
    made = Row(project({"train.py": text, "data.py": DATA}), [probe, INSIDE])
    found = made.climb("deep", 3, 3)
    assert found.grades == {3: "exact"} or found.modes[-1] == "beginning", found.describe()


def test_the_item_of_a_pass_is_that_of_the_pass(project):
    text = script("", "        pair, rate = epoch, epoch[1]\n" + STEP + END.replace("epoch)", "rate)"))
    text = text.replace("range(5)", "[(i, [0.1 * i], {'lr': i}) for i in range(5)]")
    probe = ("train.py", 'hc.log("end"', 'hc.log("item", str(epoch) + str(pair))')
    made = Row(project({"train.py": text, "data.py": DATA}), [probe])
    made.expect("deep", 2, 3, ["deep"])
    made.expect("shallow", 1, 3, ["shallow"])


def test_a_loader_made_anew_in_each_epoch_is_exact(project):
    body = "        loader = torch.utils.data.DataLoader(Noisy(), batch_size=8, shuffle=True, num_workers=2)\n" + STEP + END
    row(project, "", body).expect("deep", 2, 3, ["deep"])


def test_a_sampler_that_is_told_the_epoch_is_exact(project):
    setup = ("sampler = torch.utils.data.distributed.DistributedSampler(Noisy(), num_replicas=2, rank=1)\n"
             "loader = torch.utils.data.DataLoader(Noisy(), batch_size=8, sampler=sampler)\n")
    row(project, setup, "        sampler.set_epoch(epoch)\n" + STEP + END).expect("deep", 2, 3, ["deep"])


DRAWS = '''
import torch
from data import Noisy


def draws(loader, epochs=1):
    counts = []
    for _ in range(epochs):
        torch.manual_seed(0)
        states = [torch.get_rng_state()]
        for _ in range(12):
            torch.empty((), dtype=torch.int64).random_()
            states.append(torch.get_rng_state())
        torch.manual_seed(0)
        found = []
        iterator = iter(loader)
        for count in (0, 1, 6):
            while count > 0:
                next(iterator, None)
                count -= 1
            now = torch.get_rng_state()
            found.append(next(i for i, state in enumerate(states) if torch.equal(state, now)))
        counts.append(found)
    return counts


class Plain(Noisy):
    def __getitem__(self, index):
        return self.x[index]


if __name__ == "__main__":
    DL, g = torch.utils.data.DataLoader, torch.Generator()
    print(draws(DL(Plain(), batch_size=8)), draws(DL(Plain(), batch_size=8, shuffle=True)), draws(DL(Plain(), batch_size=8, shuffle=True, num_workers=2)),
          draws(DL(Plain(), batch_size=8, shuffle=True, generator=g)), draws(DL(Plain(), batch_size=8, shuffle=True, num_workers=2, persistent_workers=True), 2))
'''


def test_this_torch_draws_as_often_as_the_captures_expect(project):
    """Captures are taken before `iter()`: what a loader draws then, later or never is what this test would see change."""
    made = project({"train.py": DRAWS, "data.py": DATA})
    told = made.execute()
    assert told.returncode == 0, told.stderr
    sequential, shuffled, prefetching, own, persistent = eval(told.stdout.replace("]] [[", "]], [["))
    assert sequential == [[1, 1, 1]] and shuffled == [[1, 2, 2]] and prefetching == [[2, 2, 2]] and own == [[0, 0, 0]]
    assert persistent == [[2, 2, 2], [1, 1, 1]]
