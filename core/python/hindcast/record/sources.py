# SPDX-License-Identifier: Apache-2.0
"""Which files are the source of a version, where no hindcast program is there to take the snapshot: git's files when git
can be asked, else source files by name; with limits, and never secrets, environments or caches."""
import fnmatch
import os
import subprocess

FILE_BYTES = 1 << 20
TOTAL_BYTES = 64 << 20
_SUFFIXES = (".py", ".pyi", ".ipynb", ".toml", ".cfg", ".ini", ".yaml", ".yml", ".json", ".txt", ".md", ".sh", ".c", ".cpp", ".h", ".cu")
_SECRET = (".env*", "*.pem", "*.key", "id_rsa*", "id_ed25519*", "*.p12", "*.pfx", ".netrc", ".pypirc", "credentials*")
_FOLDERS = frozenset(
    (".git", ".hindcast", "__pycache__", "venv", ".venv", "env", "node_modules", ".mypy_cache", ".pytest_cache", ".tox", ".ipynb_checkpoints",
     "wandb", "mlruns", "site-packages")
)


def collect(project):
    """([(path relative to the project, mode, content)], [(path, why it was left out)])."""
    taken, left, total = [], [], 0
    for relative in sorted(_candidates(project)):
        path = os.path.join(project, relative)
        reason = _refusal(path, relative)
        if reason is None and total + os.path.getsize(path) > TOTAL_BYTES:
            reason = "beyond the total limit"
        if reason is not None:
            left.append((relative, reason))
            continue
        try:
            with open(path, "rb") as file:
                content = file.read()
            mode = 0o100755 if os.stat(path).st_mode & 0o100 else 0o100644
        except OSError as error:
            left.append((relative, error.strerror or "not readable"))
            continue
        total += len(content)
        taken.append((relative, mode, content))
    return taken, left


def _refusal(path, relative):
    parts = relative.split(os.sep)
    if any(part in _FOLDERS for part in parts[:-1]):
        return "folder of another kind"
    if any(fnmatch.fnmatch(parts[-1], pattern) for pattern in _SECRET):
        return "secret"
    if os.path.islink(path) or not os.path.isfile(path):
        return "not a plain file"
    return "larger than %d bytes" % FILE_BYTES if os.path.getsize(path) > FILE_BYTES else None


def _candidates(project):
    """Tracked and untracked files that git does not ignore; without git, files that look like sources."""
    try:
        result = subprocess.run(
            ["git", "-c", "core.fsmonitor=false", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=project, env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, timeout=20, check=False,
        )
        if result.returncode == 0:
            return {os.fsdecode(name) for name in result.stdout.split(b"\0") if name}
    except (OSError, subprocess.SubprocessError):
        pass
    found = set()
    for root, folders, names in os.walk(project):
        folders[:] = [name for name in folders if name not in _FOLDERS and not name.startswith(".")]
        for name in names:
            if name.endswith(_SUFFIXES):
                found.add(os.path.relpath(os.path.join(root, name), project))
    return found
