# SPDX-License-Identifier: Apache-2.0
"""`try_everything.py INSIDE OUTSIDE PORT ABSTRACT PROCESS`: does what past code might do and prints a line for each: its name,
and "done" or the name of the error. The folders hold files called old, emptied, gone and kept, INSIDE a link to OUTSIDE/old."""
import errno
import multiprocessing
import os
import pty
import socket
import sys
from multiprocessing import shared_memory

INSIDE, OUTSIDE, PORT, ABSTRACT, PROCESS = sys.argv[1:]


def attempt(name, act):
    try:
        act()
        print(name, "done")
    except OSError as error:
        print(name, errno.errorcode.get(error.errno, error.errno))


def write(path, mode="w"):
    with open(path, mode, encoding="utf-8") as file:
        file.write("new")


def read(path):
    with open(path, encoding="utf-8") as file:
        assert file.read()


def in_folder(name, folder):
    attempt(f"{name} create", lambda: write(f"{folder}/new"))
    attempt(f"{name} append", lambda: write(f"{folder}/old", "a"))
    attempt(f"{name} overwrite", lambda: write(f"{folder}/old"))
    attempt(f"{name} truncate", lambda: os.truncate(f"{folder}/emptied", 0))
    attempt(f"{name} make folder", lambda: os.mkdir(f"{folder}/folder"))
    attempt(f"{name} link", lambda: os.symlink("old", f"{folder}/link"))
    attempt(f"{name} rename", lambda: os.rename(f"{folder}/old", f"{folder}/older"))
    attempt(f"{name} remove", lambda: os.remove(f"{folder}/gone"))
    attempt(f"{name} read", lambda: read(f"{folder}/kept"))


def share_memory():
    memory = shared_memory.SharedMemory(create=True, size=64)
    memory.close()
    memory.unlink()


def reach_abstract():
    with socket.socket(socket.AF_UNIX) as unix:
        unix.connect("\0" + ABSTRACT)


def main():
    attempt("through a link", lambda: write(f"{INSIDE}/to-outside"))
    in_folder("inside", INSIDE)
    in_folder("outside", OUTSIDE)
    attempt("move out", lambda: os.rename(f"{INSIDE}/kept", f"{OUTSIDE}/taken"))
    attempt("take in", lambda: os.rename(f"{OUTSIDE}/kept", f"{INSIDE}/taken"))
    attempt("between folders inside", lambda: os.rename(f"{INSIDE}/new", f"{INSIDE}/folder/new"))
    attempt("null device", lambda: write("/dev/null"))
    attempt("terminal", lambda: [os.close(end) for end in pty.openpty()])
    attempt("shared memory", share_memory)
    attempt("semaphore", lambda: multiprocessing.Semaphore(1))
    attempt("connect", lambda: socket.create_connection(("127.0.0.1", int(PORT)), timeout=5).close())
    attempt("listen", lambda: socket.create_server(("127.0.0.1", 0)).close())
    attempt("signal", lambda: os.kill(int(PROCESS), 0))
    attempt("abstract socket", reach_abstract)
    attempt("typing", lambda: os.close(os.open("/dev/tty", os.O_RDWR)))
    with open("/proc/self/status", encoding="ascii") as file:
        print("capabilities", next(line.split()[1] for line in file if line.startswith("CapEff")))


main()
