# SPDX-License-Identifier: Apache-2.0
"""Jobs of several ranks (row DDP of section 2.4 of the replay research), over gloo on the CPU: each rank is a version; all are
replayed together. What cannot be replayed is refused with a sentence."""
import os
import shutil
import subprocess
import sys

import pytest
from scripts import DATA

TRAIN = '''
import random, threading
import numpy as np
import torch, torch.distributed as dist
import torch.nn.functional as F
import hindcast as hc
from data import Noisy

dist.init_process_group("gloo")
rank = dist.get_rank()
random.seed(rank); np.random.seed(rank); torch.manual_seed(7 + rank)
data = Noisy()
sampler = torch.utils.data.distributed.DistributedSampler(data, shuffle=True)
loader = torch.utils.data.DataLoader(data, batch_size=4, sampler=sampler)
net = torch.nn.parallel.DistributedDataParallel(torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.Dropout(0.2), torch.nn.Linear(16, 2)))
opt = torch.optim.Adam(net.parameters(), lr=0.01)
with hc.checkpointing(model=net, optimizer=opt):
    for epoch in hc.loop("epoch", range(4)):
        sampler.set_epoch(epoch)
        for x, y in hc.loop("step", loader):
            opt.zero_grad()
            loss = F.cross_entropy(net(x), y)
            loss.backward()
            opt.step()
            hc.log("loss", loss.item())
            kept = [threading.Lock()]
        total = loss.detach().clone()
        dist.all_reduce(total)
        hc.log("total", total.item())
dist.destroy_process_group()
'''
AFTER = ("train.py", 'hc.log("total"', 'hc.log("norm", float(sum(p.norm() for p in net.parameters())) + rank)')
INSIDE = ("train.py", "loss.backward()", 'hc.log("grad", float(sum(p.grad.norm() for p in net.parameters())) + float(x.sum()))')


def run(made, folder):
    # Standard output goes to files: with Python 3.11, some releases' launcher fails otherwise.
    result = subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", "-r", "1", "-t", "1", "--log_dir", str(folder.parent / (folder.name + "-logs")),
         "--master_port", str(28000 + os.getpid() % 900), "--nproc_per_node", "2", "train.py"],
        cwd=folder, env=made.environment(OMP_NUM_THREADS="1"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, check=False,
    )
    assert result.returncode == 0, result.stdout


def ranks(made):
    return {version.run["job"]["rank"]: version for version in made.versions()}


@pytest.fixture(scope="module")
def job(tmp_path_factory):
    from conftest import Project

    made = Project(tmp_path_factory.mktemp("ranks") / "project", {"train.py": TRAIN, "data.py": DATA})
    run(made, made.folder)
    truth = Project(made.copy("truth"), {})
    truth.inject(truth.folder, [AFTER, INSIDE])
    run(truth, truth.folder)
    return made, ranks(made), ranks(truth)


def replay(made, version, mode, first, last, probes):
    return made.replay(version, mode, first, last, probes, **version.run["environment"])


@pytest.mark.parametrize("rank", [0, 1])
@pytest.mark.parametrize("mode, probes", [("deep", [AFTER, INSIDE]), ("shallow", [AFTER]), ("beginning", [AFTER, INSIDE])])
def test_the_ranks_of_a_job_are_replayed_together(job, rank, mode, probes):
    made, versions, truth = job
    again = replay(made, versions[rank], mode, 2, 2, probes)
    assert again.status == 0 and again.grades()[2] == "exact", (again.frames(), again.notes("escalate"), again.output)
    for name in [probe[2].split('"')[1] for probe in probes]:
        wanted = {key: value for key, value in truth[rank].values(name).items() if key[0][0][2] == 2}
        assert wanted and {key: value for key, value in again.values(name).items() if key[0][0][2] == 2} == wanted


def test_what_one_rank_needs_is_asked_of_all_of_them(job):
    made, versions, _ = job
    # `kept` has no form in a capture; where rank 1 needs it, rank 0 is about to wait for rank 1.
    other = ("train.py", "total = loss", 'hc.log("n", len(kept) if rank == 1 else 0)')
    again = replay(made, versions[0], "shallow", 2, 2, [other])
    note = again.notes("escalate")[0]
    assert again.status == 3 and note["to"] == "deep" and note["reason"].startswith("rank 1: 'kept' was used after the inner loop"), again.output
    again = replay(made, versions[0], "deep", 2, 2, [other])
    assert again.status == 0 and again.grades() == {2: "exact"}


def test_a_rank_without_the_others_is_refused_with_a_sentence(job, tmp_path):
    made, versions, _ = job
    shutil.copytree(made.folder / ".hindcast" / "versions", tmp_path / "versions")
    shutil.rmtree(versions[1].folder)
    try:
        again = replay(made, versions[0], "deep", 2, 2, [AFTER])
        assert again.status == 1 and "rank 1 has no version here" in again.end()["reason"], again.output
        assert again.frames() == [] and again.values() == {}
    finally:
        shutil.copytree(tmp_path / "versions" / versions[1].folder.name, versions[1].folder)


SPAWNED = '''
import os, runpy
import torch.multiprocessing, torch.distributed
def main(rank):
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="%d")
    torch.distributed.init_process_group("gloo", rank=rank, world_size=2)
    runpy.run_path("body.py")

if __name__ == "__main__":
    torch.multiprocessing.spawn(main, nprocs=2)
''' % (28900 + os.getpid() % 90)


def test_ranks_that_a_script_starts_itself_are_refused_with_a_sentence(project):
    made = project({"train.py": SPAWNED, "body.py": TRAIN.replace('dist.init_process_group("gloo")\n', ""), "data.py": DATA})
    result = made.execute()
    assert result.returncode == 0, result.stderr
    versions = ranks(made)
    assert set(versions) == {0, 1} and all(version.run["parent"] for version in versions.values())
    again = made.replay(versions[0], "deep", 2, 2, [("body.py", *AFTER[1:])])
    assert again.status == 1 and "a process that the script itself started" in again.end()["reason"] and again.values() == {}, again.output
