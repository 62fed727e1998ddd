# SPDX-License-Identifier: Apache-2.0
"""Scripts of several processes: forks, multiprocessing, loader workers, ranks, scripts that run scripts."""
import os
import subprocess
import sys

import pytest

TOLD = "this is a child process"

TRAIN = '''
import multiprocessing, sys
import hindcast as hc
rate = hc.arg("rate", 0.5)

def train(seed):
    hc.log("seed", seed)
    for epoch in hc.loop("epoch", range(2)):
        hc.log("x", seed * 10 + epoch)

def helper(value):
    hc.log("helped", value)
    return value
'''


def values(version):
    return {key[1]: value for key, value in version.values().items()}


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_processes_that_train_are_runs_of_their_own(project, method):
    made = project({"train.py": TRAIN + '''
if __name__ == "__main__":
    context = multiprocessing.get_context(%r)
    children = [context.Process(target=train, args=(seed,), name="seed %%d" %% seed) for seed in (1, 2)]
    [child.start() for child in children]
    [child.join() for child in children]
    for epoch in hc.loop("epoch", range(1)):
        hc.log("x", "parent")
''' % method})
    result = made.execute("--kwargs", "rate=0.25")
    assert result.returncode == 0 and TOLD not in result.stderr, result.stderr
    versions = {(version.run["parent"] or {}).get("process"): version for version in made.versions()}
    assert set(versions) == {None, "seed 1", "seed 2"} and len(made.versions()) == 3
    assert values(versions[None]) == {"x": "parent"} and versions[None].arguments() == {"rate": 0.25}
    for seed in (1, 2):
        version = versions["seed %d" % seed]
        assert list(version.values("x").values()) == [seed * 10, seed * 10 + 1] and list(version.values("seed").values()) == [seed]
        assert version.end()["status"] == "complete" and version.end()["exit"] == "normal" and version.run["script"] == "train.py"
        if method != "fork":  # a fork does not run the statements before it again
            assert version.arguments() == {"rate": 0.25}


def test_helper_processes_record_nothing_and_say_so_once(project):
    made = project({"train.py": TRAIN + '''
if __name__ == "__main__":
    for epoch in hc.loop("epoch", range(2)):
        with multiprocessing.get_context("fork").Pool(2) as pool:
            hc.log("sum", sum(pool.map(helper, range(8))))
'''})
    result = made.execute()
    assert result.returncode == 0 and result.stderr.count("is not recorded") == 1, result.stderr
    (version,) = made.versions()
    assert list(version.values().values()) == [28, 28] and version.end()["status"] == "complete"


def test_a_bare_fork_leaves_the_parents_version_alone(project):
    made = project({"train.py": '''
import os, sys
import hindcast as hc
for epoch in hc.loop("epoch", range(3)):
    hc.log("before", epoch)
    child = os.fork()
    if child == 0:
        for step in hc.loop("step", range(100)):
            hc.log("child", step)
        hc.log("before", -1)
        if epoch == 0:
            sys.exit(0)
        if epoch == 1:
            os._exit(0)
        raise KeyError("child")
    os.waitpid(child, 0)
    hc.log("after", epoch)
'''})
    result = made.execute()
    assert result.returncode == 0 and result.stderr.count(TOLD) == 1
    (version,) = made.versions()
    assert [(key[1], value) for key, value in version.values().items()] == [(name, e) for e in range(3) for name in ("before", "after")]
    assert version.end()["exit"] == "normal" and version.end()["exception"] is None


def test_an_exception_in_a_training_process_is_noted_in_its_version(project):
    made = project({"train.py": TRAIN + '''
def broken(seed):
    train(seed)
    raise KeyError("lost")

if __name__ == "__main__":
    child = multiprocessing.get_context("fork").Process(target=broken, args=(1,))
    child.start()
    child.join()
'''})
    assert made.execute().returncode == 0
    ends = {bool(version.run["parent"]): version.end() for version in made.versions()}
    assert ends[True]["exception"] == "KeyError: 'lost'" and ends[True]["exit"] == "exception" and ends[False]["exit"] == "normal"


LOADER = '''
import torch
import hindcast as hc

class Data(torch.utils.data.Dataset):
    def __len__(self):
        return 8
    def __getitem__(self, index):
        hc.log("inside", index)
        for part in hc.loop("part", range(2)):
            pass
        return torch.tensor(float(index))

if __name__ == "__main__":
    loader = torch.utils.data.DataLoader(Data(), batch_size=4, num_workers=2, multiprocessing_context=%r)
    for epoch in hc.loop("epoch", range(2)):
        for batch in hc.loop("step", loader):
            hc.log("sum", batch.sum())
'''


def test_loader_workers_record_nothing_and_say_so_once(project):
    made = project({"train.py": LOADER % "fork"})
    result = made.execute()
    assert result.returncode == 0 and result.stderr.count(TOLD) == 1, result.stderr
    (version,) = made.versions()
    assert values(version).keys() == {"sum"} and list(version.values().values()) == [(6.0).hex(), (22.0).hex()] * 2
    assert version.end()["status"] == "complete" and len(version.captures(1)) == 2


def test_spawned_loader_workers_record_nothing(project):
    made = project({"train.py": LOADER % "spawn"})
    result = made.execute()
    assert result.returncode == 0 and TOLD in result.stderr, result.stderr
    (version,) = made.versions()
    assert list(version.values().values()) == [(6.0).hex(), (22.0).hex()] * 2


def test_a_script_that_runs_another_has_a_version_for_each(project):
    made = project({
        "inner.py": 'import hindcast as hc\nfor epoch in hc.loop("epoch", range(2)):\n    hc.log("inner", epoch)\n',
        "train.py": '''
import subprocess, sys
import hindcast as hc
for trial in hc.loop("trial", range(2)):
    subprocess.run([sys.executable, "inner.py"], check=True)
    hc.log("outer", trial)
''',
    })
    assert made.execute().returncode == 0
    by_script = {}
    for version in made.versions():
        by_script.setdefault(version.run["script"], []).append(values(version))
    assert by_script == {"train.py": [{"outer": 1}], "inner.py": [{"inner": 1}, {"inner": 1}]}


RANK = '''
import torch, torch.distributed as dist
import hindcast as hc
dist.init_process_group("gloo")
torch.manual_seed(0)
net = torch.nn.parallel.DistributedDataParallel(torch.nn.Linear(2, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in hc.loop("epoch", range(2)):
    for step in hc.loop("step", range(2)):
        opt.zero_grad()
        loss = net(torch.full((1, 2), float(dist.get_rank() + step))).sum()
        loss.backward()
        opt.step()
        hc.log("loss", loss)
    hc.log("weight", net.module.weight)
dist.destroy_process_group()
'''


def check_ranks(made, started_by):
    versions = {version.run["job"]["rank"]: version for version in made.versions()}
    assert set(versions) == {0, 1} and len(made.versions()) == 2
    assert {version.run["job"]["worldSize"] for version in versions.values()} == {2}
    assert len({version.run["job"]["id"] for version in versions.values()}) == 1 and started_by in versions[0].run["job"]["id"]
    losses = {rank: list(version.values("loss").values()) for rank, version in versions.items()}
    assert len(losses[0]) == len(losses[1]) == 4 and losses[0] != losses[1]
    assert versions[0].values("weight") == versions[1].values("weight")
    assert all(version.end()["status"] == "complete" for version in versions.values())
    assert all(len(version.captures(1)) == 2 for version in versions.values())
    return versions[0].run["job"]["id"]


def torchrun(made, script="train.py"):
    # Standard output goes to files: with Python 3.11, some releases' launcher fails otherwise.
    return subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", "-r", "1", "-t", "1", "--log_dir", str(made.folder.parent / "logs"),
         "--master_port", str(29500 + os.getpid() % 400), "--nproc_per_node", "2", script],
        cwd=made.folder, env=made.environment(OMP_NUM_THREADS="1"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, check=False,
    )


def test_ranks_of_torchrun_share_a_job_and_the_next_job_is_another(project):
    first, second = project({"train.py": RANK}), project({"train.py": RANK})
    ids = []
    for made in (first, second):
        result = torchrun(made)
        assert result.returncode == 0, result.stdout
        ids.append(check_ranks(made, "127.0.0.1"))
    assert ids[0] != ids[1]


def test_ranks_that_the_script_spawns_itself_share_a_job(project):
    made = project({"train.py": '''
import os, runpy
import torch.multiprocessing, torch.distributed
PORT = str(%d)
def main(rank):
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=PORT)
    torch.distributed.init_process_group("gloo", rank=rank, world_size=2)
    runpy.run_path("body.py")

if __name__ == "__main__":
    torch.multiprocessing.spawn(main, nprocs=2)
''' % (29900 + os.getpid() % 90), "body.py": RANK.replace('dist.init_process_group("gloo")\n', "")})
    result = made.execute()
    assert result.returncode == 0, result.stderr
    check_ranks(made, "127.0.0.1:299")


@pytest.mark.parametrize("variables, expected", [
    ({"SLURM_JOB_ID": "77", "SLURM_STEP_ID": "3", "SLURM_PROCID": "1", "SLURM_NTASKS": "4"}, ("77:3", 1, 4)),
    ({"SLURM_JOB_ID": "77", "SLURM_PROCID": "0", "SLURM_NTASKS": "4"}, None),
    ({"PMIX_NAMESPACE": "prterun-9", "OMPI_COMM_WORLD_RANK": "2", "OMPI_COMM_WORLD_SIZE": "3"}, ("prterun-9", 2, 3)),
    ({"PMI_JOBID": "j", "PMI_RANK": "0", "PMI_SIZE": "2"}, ("j", 0, 2)),
    ({"RANK": "5", "WORLD_SIZE": "8", "MASTER_ADDR": "node1", "MASTER_PORT": "1234", "LOCAL_WORLD_SIZE": "4",
      "TORCHELASTIC_RUN_ID": "abc", "SLURM_JOB_ID": "77", "SLURM_STEP_ID": "0", "SLURM_PROCID": "1", "SLURM_NTASKS": "2"},
     ("abc:node1:1234", 5, 8)),
    ({"RANK": "x", "WORLD_SIZE": "8"}, None),
])
def test_the_job_is_known_by_the_launchers_variables(project, variables, expected):
    job = project({"train.py": 'import hindcast as hc\nhc.log("x", 1)\n'}).record(**variables).run["job"]
    assert (job and (job["id"], job["rank"], job["worldSize"])) == expected


def test_a_process_that_trains_never_loads_sqlite(project):
    """Neither the module nor the library."""
    made = project({"train.py": '''
import sys
import numpy
import hindcast as hc

weights = numpy.zeros(3)
with hc.checkpointing(weights=weights):
    for epoch in hc.loop("epoch", range(3)):
        for step in hc.loop("step", range(2)):
            weights += 1
        hc.log("loss", 1.0 / (epoch + 1))
hc.log("modules", sum("sqlite" in name for name in sys.modules))
hc.log("libraries", sum("sqlite" in line for line in open("/proc/self/maps")))
'''})
    found = values(made.record())
    assert (found["modules"], found["libraries"], found["loss"]) == (0, 0, (1.0 / 3.0).hex())
