"""Run a command that does not outlive the process that started it, not even after `kill -9`.

Started as a script of its own (`command_line` writes the call), because all of it has to happen between fork
and exec, where Python code of a process with threads is not safe. On Linux the script sets the signal the
kernel sends when the parent dies, gives up root where asked, and becomes the command: nothing stays behind in
memory. Elsewhere (macOS) it stays, watches its parent and passes signals on.

Only the standard library, and all of it imported before root is given up: afterwards the interpreter's own
folder may be unreadable.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

PR_SET_PDEATHSIG = 1
LOOK_EVERY_SECONDS = 0.2
PATIENCE_SECONDS = 30.0


def command_line(
    command: Sequence[str],
    *,
    death_signal: signal.Signals,
    uid: int | None = None,
    gid: int | None = None,
    watch: bool | None = None,
) -> list[str]:
    """Write the command line that runs `command` on a lifeline to the calling process.

    On Linux the lifeline hangs on the calling *thread*: call it from one that lives as long as the process.

    :param death_signal: sent to the command when this process is gone.
    :param uid: the user to become; needs root.
    :param watch: stay and watch instead of asking the kernel; by default only where the kernel cannot.
    """
    options = ["--parent", str(os.getpid()), "--signal", str(int(death_signal))]
    if uid is not None:
        options += ["--uid", str(uid), "--gid", str(uid if gid is None else gid)]
    if not sys.platform.startswith("linux") if watch is None else watch:
        options.append("--watch")
    # -I -S: no site-packages, no user code, a start of some ten milliseconds.
    return [sys.executable, "-I", "-S", os.path.abspath(__file__), *options, "--", *command]


def main(arguments: Sequence[str]) -> int:
    """Become the command; or watch over it and return its exit code."""
    parser = argparse.ArgumentParser(prog="lifeline")
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--signal", type=int, required=True)
    parser.add_argument("--uid", type=int)
    parser.add_argument("--gid", type=int)
    parser.add_argument("--watch", action="store_true")
    parser.add_argument("command", nargs="+")
    options = parser.parse_args(arguments)

    library = ctypes.CDLL(None, use_errno=True)
    if options.uid is not None:
        os.setgroups([options.gid])
        os.setgid(options.gid)
        os.setuid(options.uid)
    if options.watch:
        return _watch(options.command, parent=options.parent, death_signal=signal.Signals(options.signal))

    # After setuid, which clears it.
    if library.prctl(PR_SET_PDEATHSIG, options.signal, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != options.parent:
        return 0  # The parent died before the lifeline was tied.
    return _become(options.command)


def _become(command: list[str]) -> NoReturn:
    os.execv(command[0], command)  # noqa: S606


def _watch(command: Sequence[str], *, parent: int, death_signal: signal.Signals) -> int:
    child = os.fork()
    if child == 0:
        try:
            _become(list(command))
        finally:
            os._exit(127)

    def pass_on(number: int, _frame: object) -> None:
        with suppress(ProcessLookupError):
            os.kill(child, number)

    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP, signal.SIGUSR1):
        signal.signal(each, pass_on)

    give_up_at: float | None = None
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
        if give_up_at is None and os.getppid() != parent:
            os.kill(child, death_signal)
            give_up_at = time.monotonic() + PATIENCE_SECONDS
        elif give_up_at is not None and time.monotonic() > give_up_at:
            os.kill(child, signal.SIGKILL)
        time.sleep(LOOK_EVERY_SECONDS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
