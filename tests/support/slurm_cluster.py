# SPDX-License-Identifier: Apache-2.0
"""A private one-node Slurm for a test: munged, slurmctld and slurmd with their own folder, key and ports.

Needs Debian's slurm-wlm and munge, and root: slurmd starts jobs as the user who submitted them. Nothing of the machine is touched; the
daemons are children of this process, which the kernel ends with it.
"""
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

_CONF = """\
ClusterName=hindcast
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={node}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.sock,cred_expire=6
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/log/slurmctld
SlurmdLogFile={folder}/log/slurmd
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SwitchType=switch/none
MpiDefault=none
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,sched_min_interval=0,bf_interval=1,defer_batch=0
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
PreemptType=preempt/partition_prio
PreemptMode=CANCEL
ReturnToService=2
KillWait=2
CompleteWait=0
PropagateResourceLimits=NONE
NodeName={host} NodeAddr=127.0.0.1 Port={node} CPUs={cpus} Boards=1 SocketsPerBoard=1 CoresPerSocket={cpus} ThreadsPerCore=1 RealMemory=1000 State=UNKNOWN
PartitionName=replay Nodes={host} Default=YES MaxTime=INFINITE State=UP PriorityTier=10 PreemptMode=OFF
PartitionName=spare Nodes={host} MaxTime=INFINITE State=UP PriorityTier=1 PreemptMode=CANCEL
"""


def why_not():
    """Why no Slurm can be started here; "" when one can."""
    missing = [name for name in ("munged", "slurmctld", "slurmd", "sbatch") if not _program(name)]
    if missing:
        return "Slurm is not installed (packages slurm-wlm and munge): no " + ", ".join(missing)
    return "" if os.geteuid() == 0 else "a Slurm for tests has to be started by root"


def _program(name):
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin:/usr/local/sbin")


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def _dies_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class SlurmCluster:
    """`environment` makes a program talk to this cluster. Use as a context manager."""

    def __init__(self, cpus=4):
        self._cpus = cpus
        self._daemons = []
        self.folder = tempfile.mkdtemp(prefix="hs-", dir="/tmp")  # short: it holds sockets
        self.environment = {"SLURM_CONF": os.path.join(self.folder, "slurm.conf")}

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self._daemons:
            subprocess.run(["scancel", "--quiet", "--user=root"], env=dict(os.environ, **self.environment), capture_output=True, check=False)
            self._wait(lambda: not self.run("squeue", "--noheader"), "the jobs to end", fails=False)
        for daemon in reversed(self._daemons):
            daemon.terminate()
            try:
                daemon.wait(10)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *command):
        """Standard output of one of Slurm's programs."""
        done = subprocess.run(command, env=dict(os.environ, **self.environment), capture_output=True, text=True, timeout=60, check=False)
        return done.stdout.strip()

    def submit(self, script, *options):
        """The number of a batch job that is none of Hindcast's."""
        done = subprocess.run(["sbatch", "--parsable", "--output=/dev/null", *options], input="#!/bin/sh\n" + script, text=True, capture_output=True,
                              env=dict(os.environ, **self.environment), cwd="/", check=True)
        return done.stdout.strip()

    def _daemon(self, name, *arguments):
        log = open(os.path.join(self.folder, "log", name + ".out"), "ab")
        self._daemons.append(subprocess.Popen([_program(name), *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                              env=dict(os.environ, **self.environment), preexec_fn=_dies_with_parent))
        log.close()

    def _start(self):
        for name in ("log", "state", "spool"):
            os.mkdir(os.path.join(self.folder, name))
        os.chmod(self.folder, 0o711)  # munged insists
        key = os.path.join(self.folder, "munge.key")
        with open(os.open(key, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as file:
            file.write(os.urandom(128))
        host = socket.gethostname().split(".")[0]
        with open(self.environment["SLURM_CONF"], "w", encoding="utf-8") as file:
            file.write(_CONF.format(host=host, folder=self.folder, cpus=self._cpus, controller=_free_port(), node=_free_port()))
        at = lambda name: os.path.join(self.folder, name)
        self._daemon("munged", "--foreground", "--force", "--key-file=" + key, "--socket=" + at("munge.sock"), "--pid-file=" + at("munged.pid"),
                     "--log-file=" + at("log/munged"), "--seed-file=" + at("munge.seed"))
        self._wait(lambda: os.path.exists(at("munge.sock")), "munged")
        self._daemon("slurmctld", "-D", "-f", self.environment["SLURM_CONF"])
        self._daemon("slurmd", "-D", "-f", self.environment["SLURM_CONF"], "-N", host)
        self._wait(lambda: self.run("sinfo", "--noheader", "--partition=replay", "--format=%T") == "idle", "the node to be idle")

    def _wait(self, condition, what, seconds=60, fails=True):
        until = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > until:
                if not fails:
                    return
                logs = "\n".join(open(os.path.join(self.folder, "log", name), encoding="utf-8", errors="replace").read()[-3000:]
                                 for name in os.listdir(os.path.join(self.folder, "log")))
                raise AssertionError(f"{what} did not come in {seconds} s\n{logs}")
            time.sleep(0.05)
