#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`confined.py [--no-landlock] COMMAND…`: runs a command as a container or an older kernel would let it run.

Mounts are refused, as in most containers, so that no sandbox with namespaces comes about; with --no-landlock the kernel
seems to have no Landlock either. A seccomp filter does it, which the command and all that it starts inherit."""
import ctypes
import errno
import os
import platform
import struct
import sys

MOUNT = {"x86_64": 165, "aarch64": 40}[platform.machine()]
LANDLOCK_CREATE_RULESET = 444
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
LOAD_NUMBER = struct.pack("HBBI", 0x20, 0, 0, 0)
ALLOW = struct.pack("HBBI", 0x06, 0, 0, 0x7FFF0000)


def refusing(call, number):
    """Two instructions: the loaded number is `call`, then it fails with errno `number`."""
    return struct.pack("HBBI", 0x15, 0, 1, call) + struct.pack("HBBI", 0x06, 0, 0, 0x00050000 | number)


def confine(landlock=True):
    """Puts this process under the filter, for good."""
    code = LOAD_NUMBER + refusing(MOUNT, errno.EPERM)
    if not landlock:
        code += refusing(LANDLOCK_CREATE_RULESET, errno.ENOSYS)
    code += ALLOW
    held = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(held))
    libc = ctypes.CDLL(None, use_errno=True)
    for call in ((PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0)):
        if libc.prctl(*call) != 0:
            raise OSError(ctypes.get_errno(), "cannot set up the filter")


def has_landlock():
    """Whether the kernel that runs this process has it."""
    return ctypes.CDLL(None, use_errno=True).syscall(LANDLOCK_CREATE_RULESET, None, 0, 1) > 0


if __name__ == "__main__":
    words = sys.argv[1:]
    without_landlock = words[0] == "--no-landlock"
    confine(landlock=not without_landlock)
    command = words[1:] if without_landlock else words
    os.execvp(command[0], command)
