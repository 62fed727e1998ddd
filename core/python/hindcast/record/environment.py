# SPDX-License-Identifier: Apache-2.0
"""Facts about the process, the machine and the repository that a run states in run.json. Read cheaply, never by asking a program."""
import os
import platform
import sys

_VARIABLES = frozenset(
    ("PYTHONHASHSEED", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS", "MKL_CBWR",
     "CUBLAS_WORKSPACE_CONFIG", "CUDA_VISIBLE_DEVICES", "CUDA_LAUNCH_BLOCKING", "NVIDIA_TF32_OVERRIDE", "TZ", "LANG", "LC_ALL",
     "KMP_AFFINITY", "OMP_PROC_BIND", "OMP_PLACES", "ATEN_CPU_CAPABILITY", "PYTHONOPTIMIZE", "PYTHONPATH", "TORCH_NUM_THREADS",
     "RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT", "TORCHELASTIC_RUN_ID",
     "SLURM_JOB_ID", "SLURM_STEP_ID", "SLURM_ARRAY_TASK_ID", "SLURM_PROCID", "SLURM_NTASKS")
)
_PACKAGES = ("torch", "numpy", "scipy", "sklearn", "pandas", "torchvision", "torchaudio", "lightning", "transformers",
             "tensorflow", "jax", "xgboost", "lightgbm")


def interpreter():
    """Path, version, implementation and prefix of the running interpreter."""
    return {
        "path": sys.executable,
        "version": platform.python_version(),
        "implementation": platform.python_implementation(),
        "prefix": sys.prefix,
    }


def variables():
    """Environment variables by allow-list: nothing that could be a secret."""
    return {name: os.environ[name] for name in sorted(_VARIABLES) if name in os.environ}


def packages():
    """Versions of the libraries imported so far that change results."""
    found = {}
    for name in _PACKAGES:
        version = getattr(sys.modules.get(name), "__version__", None)
        if version is not None:
            found[name] = str(version)
    return found


def host():
    """Name, system, processor, cores and memory of the machine."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        memory = 0
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:
        cores = os.cpu_count() or 1
    return {
        "name": platform.node(),
        "system": "%s %s" % (platform.system(), platform.release()),
        "machine": platform.machine(),
        "cpu": _cpu(),
        "cores": cores,
        "memoryBytes": memory,
    }


def _cpu():
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def boot_id():
    """Identity of this boot of the machine, "" where there is none."""
    return _first_line("/proc/sys/kernel/random/boot_id")


def git_root(folder):
    """The folder that holds `.git` at or above `folder`, or None."""
    while True:
        if os.path.exists(os.path.join(folder, ".git")):
            return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent


def git(folder):
    """Head, branch and remote of the repository around `folder`, read from its files; None without a repository.

    `dirty` stays null: only the snapshot, which looks at every file anyway, can tell.
    """
    root = git_root(folder)
    if root is None:
        return None
    git_folder = os.path.join(root, ".git")
    if os.path.isfile(git_folder):  # a work tree or submodule points elsewhere
        git_folder = os.path.normpath(os.path.join(root, _first_line(git_folder).replace("gitdir:", "").strip()))
    head = _first_line(os.path.join(git_folder, "HEAD"))
    branch = None
    if head.startswith("ref: "):
        name = head[5:]
        branch = name.replace("refs/heads/", "", 1)
        head = _resolve(git_folder, name)
    return {"head": head or None, "branch": branch, "dirty": None, "remote": _remote(git_folder)}


def _resolve(git_folder, name):
    common = _first_line(os.path.join(git_folder, "commondir"))
    for folder in (git_folder, os.path.normpath(os.path.join(git_folder, common)) if common else git_folder):
        found = _first_line(os.path.join(folder, name))
        if found:
            return found
        try:
            with open(os.path.join(folder, "packed-refs"), encoding="utf-8", errors="replace") as file:
                for line in file:
                    if line.rstrip("\n").endswith(" " + name):
                        return line.split(" ", 1)[0]
        except OSError:
            continue
    return ""


def _remote(git_folder):
    """URL of origin without a password in it."""
    inside = False
    try:
        with open(os.path.join(git_folder, "config"), encoding="utf-8", errors="replace") as file:
            for line in file:
                line = line.strip()
                if line.startswith("["):
                    inside = line == '[remote "origin"]'
                elif inside and line.startswith("url"):
                    url = line.split("=", 1)[1].strip()
                    scheme, mark, rest = url.partition("://")
                    return scheme + mark + rest.split("@", 1)[-1] if mark else url
    except OSError:
        pass
    return None


def _first_line(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.readline().strip()
    except OSError:
        return ""


_LAUNCHERS = (  # who started the ranks: variables of the rank, of the size, and those that make the job's identity
    ("RANK", "WORLD_SIZE", ("TORCHELASTIC_RUN_ID", "MASTER_ADDR", "MASTER_PORT")),
    ("SLURM_PROCID", "SLURM_NTASKS", ("SLURM_JOB_ID", "SLURM_STEP_ID")),
    ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", ("OMPI_COMM_WORLD_JOBID", "PMIX_NAMESPACE", "OMPI_MCA_ess_base_jobid")),
    ("PMI_RANK", "PMI_SIZE", ("PMI_JOBID", "HYDI_CONTROL_FD", "PMI_ID")),
    ("PMIX_RANK", "PMIX_SIZE", ("PMIX_NAMESPACE",)),
)


def job():
    """Identity, rank and size of the job this process is part of, or None."""
    for rank, size, identity in _LAUNCHERS:
        if rank == "SLURM_PROCID" and "SLURM_STEP_ID" not in os.environ:
            continue  # in a batch script, not under srun: one process
        try:
            found = {"rank": int(os.environ[rank]), "worldSize": int(os.environ[size])}
        except (KeyError, ValueError):
            continue
        return {"id": _job_identity(identity, found["worldSize"]), **found}
    return _process_group()


def _job_identity(variables, size):
    """The variables' values; with the launcher's start where all ranks have one launcher, because names and ports are used
    again by the next job."""
    values = [os.environ[name] for name in variables if os.environ.get(name)]
    one_machine = os.environ.get("LOCAL_WORLD_SIZE") == str(size)
    if one_machine or not values:
        values.append(_launcher())
    return ":".join(values)


def _launcher():
    """The parent process: its number and when it began, in clock ticks since the machine was started."""
    parent = os.getppid()
    fields = _first_line("/proc/%d/stat" % parent).rsplit(")", 1)[-1].split()
    return "%d.%s" % (parent, fields[19] if len(fields) > 19 else "")


def _process_group():
    """The same of a process whose group was set up by its own code, as under torch.multiprocessing.spawn."""
    distributed = sys.modules.get("torch.distributed")
    if distributed is None or not distributed.is_available() or not distributed.is_initialized():
        return None
    return {
        "id": ":".join(filter(None, (os.environ.get("MASTER_ADDR"), os.environ.get("MASTER_PORT"), _launcher()))),
        "rank": distributed.get_rank(),
        "worldSize": distributed.get_world_size(),
    }


_CELL_BYTES = 1 << 20


def cells():
    """The text of every cell that a notebook or IPython prompt has run, in order; what is beyond 1 MiB is left out."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    texts = getattr(shell, "user_ns", {}).get("In", [])
    kept, size = [], 0
    for text in texts if isinstance(texts, list) else []:
        size += len(text)
        if text and size <= _CELL_BYTES:
            kept.append(text)
    return kept


def hash_seed():
    """PYTHONHASHSEED as set, and a fingerprint of string hashing in this process."""
    value = os.environ.get("PYTHONHASHSEED")
    return {"set": None if value in (None, "", "random") else value, "fingerprint": hash("hindcast")}


def terminal():
    """Size of the terminal, and which of the standard streams (0, 1, 2) are connected to one; None where none is."""
    streams = [stream for stream in (0, 1, 2) if os.isatty(stream)]
    for stream in streams:
        try:
            size = os.get_terminal_size(stream)
        except OSError:
            continue
        return {"columns": size.columns, "rows": size.lines, "streams": streams}
    return None


def uuid7(micros):
    """A version 7 UUID for this moment, which sorts by the fraction of its millisecond too."""
    fraction = micros % 1000 * 4096 // 1000
    raw = bytearray((micros // 1000).to_bytes(6, "big") + (0x7000 | fraction).to_bytes(2, "big") + os.urandom(8))
    raw[8] = 0x80 | raw[8] & 0x3F
    text = raw.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
