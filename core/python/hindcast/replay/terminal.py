# SPDX-License-Identifier: Apache-2.0
"""The terminal of the recorded run: scripts that measure it (`stty size`, `os.get_terminal_size()`) would fail without one."""
import os


def stand_in(recorded):
    """Makes standard input a terminal of the recorded size, if it was one; what asks for the size of the others gets it too.

    Output stays what it is, a pipe that the replay keeps. `recorded` is what `record.environment.terminal` said, or None.
    """
    if not recorded:
        return
    size = os.terminal_size((int(recorded["columns"]), int(recorded["rows"])))
    streams = tuple(recorded["streams"])
    if 0 in streams:
        _open(size)
    real = os.get_terminal_size

    def get_terminal_size(*descriptor):
        if (descriptor or (1,))[0] in streams:
            return size
        return real(*descriptor)

    os.get_terminal_size = get_terminal_size


def _open(size):
    """The other end of the new terminal stays open, and silent, as long as this process lives."""
    import fcntl
    import pty
    import struct
    import termios

    try:
        _, terminal = pty.openpty()
    except OSError:
        return  # a sandbox without pseudo-terminals
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", size.lines, size.columns, 0, 0))
    os.dup2(terminal, 0)
    os.close(terminal)
