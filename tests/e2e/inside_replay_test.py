# SPDX-License-Identifier: Apache-2.0
"""Some passes of a long inner loop through the program: planned from the state stored inside the loop, replayed exactly, and no
pass more; ranks of a job and processes that a script starts, planned and replayed or refused with a sentence."""
import os
import subprocess
import sys

import history

SCRIPT = '''import torch
import torch.nn.functional as F
import hindcast as hc
import hindcast.record.policy as often

often.MID_SECONDS = 0.0
often.Policy.may_take_inside = lambda policy, now: True
torch.manual_seed(0)
x = torch.randn(60, 8)
y = (x.sum(1) > 0).long()
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=3, shuffle=True)
net = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.Dropout(0.3), torch.nn.Linear(16, 2))
opt = torch.optim.Adam(net.parameters(), lr=0.01)
for epoch in hc.loop("epoch", range(4)):
    for index, (a, b) in enumerate(hc.loop("step", loader)):
        opt.zero_grad()
        loss = F.cross_entropy(net(a), b)
        loss.backward()
        opt.step()
        hc.log("loss", loss.item())
    hc.log("end", epoch)
'''
PROBE = '        hc.log("grad", float(sum(p.grad.norm() for p in net.parameters())) + index)\n'


def write(project, text):
    with open(os.path.join(project, "train.py"), "w", encoding="utf-8") as file:
        file.write(text)


def with_probe(text):
    return text.replace("        loss.backward()\n", "        loss.backward()\n" + PROBE)


def test_passes_of_an_inner_loop_are_replayed_from_the_state_inside_it(tmp_path):
    project, truth = history.new_project(tmp_path / "project"), history.new_project(tmp_path / "truth")
    write(project, SCRIPT)
    history.record(project)
    write(truth, with_probe(SCRIPT))
    history.record(truth)
    write(project, with_probe(SCRIPT))
    asked = ("--iterations", "epoch=2,step=12..14")
    planned = history.plan(project, "grad", *asked)["rows"][0]
    assert planned["mode"] == "mid" and planned["iterations"] == [2] and "was stored before its pass 12" in planned["reason"], planned
    history.replay(project, "grad", *asked)
    found, proof = history.values(project, "grad")
    wanted, _ = history.values(truth, "grad")
    assert found == {key: value for key, value in wanted.items() if key[-2:] in (("2", "12"), ("2", "13"), ("2", "14"))} and len(found) == 3
    assert {pair for pairs in proof.values() for pair in pairs} == {("replayed", "exact")}
    assert history.plan(project, "grad", *asked, expect=(3,))["rows"][0]["reasonKey"] == "replayed-before"
    by_filter = history.plan(project, "grad", "--where", "epoch = 1 and step between 5 and 6")["rows"][0]
    assert by_filter["mode"] == "mid" and by_filter["iterations"] == [1], by_filter
    history.replay(project, "grad", "--iterations", "epoch=2")
    found, _ = history.values(project, "grad")
    assert found == {key: value for key, value in wanted.items() if key[-2] == "2"}


RANKED = '''import torch, torch.distributed as dist
import hindcast as hc
dist.init_process_group("gloo")
torch.manual_seed(dist.get_rank())
net = torch.nn.parallel.DistributedDataParallel(torch.nn.Linear(4, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in hc.loop("epoch", range(3)):
    for index in hc.loop("step", range(4)):
        opt.zero_grad()
        loss = net(torch.randn(5, 4)).pow(2).sum()
        loss.backward()
        opt.step()
        hc.log("loss", loss.item())
    hc.log("end", epoch)
'''


def torchrun(project):
    result = subprocess.run(
        [sys.executable, "-m", "torch.distributed.run", "-r", "1", "-t", "1", "--log_dir", os.path.join(os.path.dirname(project), "logs"),
         "--master_port", str(27000 + os.getpid() % 900), "--nproc_per_node", "2", "train.py"],
        cwd=project, env={**os.environ, "OMP_NUM_THREADS": "1"}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, check=False)
    assert result.returncode == 0, result.stdout


def test_the_ranks_of_a_job_are_replayed_together(tmp_path):
    project, truth = history.new_project(tmp_path / "project"), history.new_project(tmp_path / "truth")
    write(project, RANKED)
    torchrun(project)
    write(truth, with_probe(RANKED))
    torchrun(truth)
    write(project, with_probe(RANKED))
    if history.sandbox(project) == "landlock":  # there is no loopback of their own to meet on
        history.hindcast("allow", "network", cwd=project)
    history.replay(project, "grad", "--iterations", "epoch=1")
    found, proof = history.values(project, "grad")
    wanted, _ = history.values(truth, "grad")
    by_value = sorted(value for key, value in wanted.items() if key[-2] == "1")
    assert sorted(found.values()) == by_value and len(by_value) == 8  # which rank became v1 is a matter of chance
    assert {pair for pairs in proof.values() for pair in pairs} == {("replayed", "exact")}


SPAWNING = '''import multiprocessing
import hindcast as hc

def train(rate):
    for epoch in hc.loop("epoch", range(2)):
        value = rate * epoch
        hc.log("x", value)

if __name__ == "__main__":
    child = multiprocessing.get_context("spawn").Process(target=train, args=(0.5,))
    child.start()
    child.join()
'''


def test_a_run_in_a_process_that_the_script_started_is_refused_with_a_sentence(tmp_path):
    project = history.new_project(tmp_path / "project")
    write(project, SPAWNING)
    history.record(project)
    write(project, SPAWNING.replace('        hc.log("x", value)\n', '        hc.log("x", value)\n        hc.log("twice", 2 * value)\n'))
    row = history.plan(project, "twice", expect=(3,))["rows"][0]
    assert row["reasonKey"] == "child-process" and "a process that the script itself started" in row["reason"], row
