# SPDX-License-Identifier: Apache-2.0
"""A real sshd on loopback for a test: own port, own keys, own configuration on both sides. Nothing of the machine's is read or changed."""
import getpass
import os
import shutil
import socket
import subprocess
import tempfile
import time

from slurm_cluster import _dies_with_parent, _free_port, _program


def why_not():
    """Why no sshd can be started here; "" when one can."""
    missing = [name for name in ("sshd", "ssh", "ssh-keygen") if not _program(name)]
    return "OpenSSH is not installed (package openssh-server): no " + ", ".join(missing) if missing else ""


class SshServer:
    """`environment` makes hindcast reach it as the host `training`. Use as a context manager."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="hssh-", dir="/tmp")
        self.environment = {"HINDCAST_SSH": "ssh -F " + self._at("client")}
        self._port = _free_port()
        self._daemon = None

    def _at(self, name):
        return os.path.join(self.folder, name)

    def __enter__(self):
        try:
            for key in ("host_key", "user_key"):
                subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self._at(key)], check=True)
            shutil.copy(self._at("user_key.pub"), self._at("authorized_keys"))
            self._write("server", f"""\
Port {self._port}
ListenAddress 127.0.0.1
HostKey {self._at("host_key")}
PidFile {self._at("sshd.pid")}
AuthorizedKeysFile {self._at("authorized_keys")}
StrictModes no
UsePAM no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
MaxStartups 100
""")
            with open(self._at("host_key.pub"), encoding="utf-8") as file:
                self._write("known_hosts", f"[127.0.0.1]:{self._port} {file.read()}")
            self._write("client", f"""\
Host training
  HostName 127.0.0.1
  Port {self._port}
  User {getpass.getuser()}
  IdentityFile {self._at("user_key")}
  IdentitiesOnly yes
  UserKnownHostsFile {self._at("known_hosts")}
  StrictHostKeyChecking yes
""")
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _write(self, name, text):
        with open(self._at(name), "w", encoding="utf-8") as file:
            file.write(text)

    def start(self):
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)  # where sshd confines itself; its package makes it at boot
        with open(self._at("log"), "ab") as log:
            self._daemon = subprocess.Popen([_program("sshd"), "-D", "-e", "-f", self._at("server")], stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, preexec_fn=_dies_with_parent)
        until = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self._port), 1).close()
                return
            except OSError:
                assert time.monotonic() < until and self._daemon.poll() is None, open(self._at("log"), encoding="utf-8").read()
                time.sleep(0.05)

    def sessions(self):
        """Processes that serve a connection."""
        found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self._daemon.pid)], capture_output=True, text=True, check=False).stdout.split()
        return [int(one) for one in found]

    def cut(self):
        """Ends every connection, as a network does."""
        for session in self.sessions():
            os.kill(session, 9)

    def stop(self):
        if self._daemon:
            self.cut()
            self._daemon.terminate()
            self._daemon.wait()
            self._daemon = None

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
