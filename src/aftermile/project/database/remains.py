"""Find what a former server left behind in our data folder, and clear it away before the next one starts.

PostgreSQL checks its own `postmaster.pid`, but takes any living process with that number for a server: wrong
in a container, where numbers repeat, and for a dead server nobody has reaped. So we look ourselves, holding
the lock of the data folder.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aftermile.project.database.places import Places
from aftermile.project.database.problems import DatabaseProblem

if TYPE_CHECKING:
    import psutil

# After each signal, how long to wait in seconds. A fast stop writes a checkpoint: on a slow disk, minutes.
_STEPS = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 15.0), (signal.SIGKILL, 10.0))
# Children of a dead postmaster notice and leave by themselves, but for one deep in a query.
ORPHAN_PATIENCE_SECONDS = 3.0


@dataclass(frozen=True)
class PostmasterFile:
    """What `postmaster.pid` says."""

    pid: int
    is_ready: bool


def read_postmaster_file(places: Places) -> PostmasterFile | None:
    """Read `postmaster.pid`; None where there is none, or a half-written one."""
    try:
        lines = places.postmaster_pid.read_text().splitlines()
        return PostmasterFile(pid=int(lines[0]), is_ready=len(lines) > 7 and lines[7].strip() == "ready")
    except (FileNotFoundError, IndexError, ValueError):
        return None


def clear_remains(places: Places) -> Sequence[int]:
    """Stop every process of a former server and remove its `postmaster.pid`. Hold the lock.

    :return: the numbers of the processes that had to be stopped.
    :raises DatabaseProblem: one of them cannot be stopped.
    """
    cluster = places.cluster.resolve()
    stopped: list[int] = []
    for step, patience_seconds in _STEPS:
        left = _processes_of(cluster)
        if not left:
            break
        stopped += [each.pid for each in left if each.pid not in stopped]
        has_parent = _signal(left, step, postmaster=read_postmaster_file(places))
        _wait_until_gone(cluster, patience_seconds if has_parent else ORPHAN_PATIENCE_SECONDS)
    if left := _processes_of(cluster):
        numbers = ", ".join(str(each.pid) for each in left)
        raise DatabaseProblem(
            f"A former database server still runs in {cluster} and does not stop (processes {numbers})."
        )
    # Only now: as long as one of its processes lives, the file is what keeps a second server from the data.
    places.postmaster_pid.unlink(missing_ok=True)
    return stopped


def _processes_of(cluster: Path) -> list[psutil.Process]:
    # Late: the supervisor pays for psutil only if there is a database.
    import psutil

    found = []
    for each in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            # The postmaster and all its children work in the folder of the data.
            is_server = "postgres" in each.name() and each.status() != psutil.STATUS_ZOMBIE
            if is_server and Path(each.cwd()) == cluster:
                found.append(each)
    return found


def _signal(left: list[psutil.Process], step: signal.Signals, postmaster: PostmasterFile | None) -> bool:
    """Signal the postmaster, or its children if it is gone; say whether it was there."""
    parents = [each for each in left if postmaster is not None and each.pid == postmaster.pid]
    for each in left if step == signal.SIGKILL or not parents else parents:
        try:
            os.kill(each.pid, step)
        except ProcessLookupError:
            continue
        except PermissionError as error:
            raise DatabaseProblem(
                f"A former database server (process {each.pid}) of another system user still runs."
                " Run this command as that user, or as root."
            ) from error
    return bool(parents)


def _wait_until_gone(cluster: Path, patience_seconds: float) -> None:
    give_up_at = time.monotonic() + patience_seconds
    while _processes_of(cluster) and time.monotonic() < give_up_at:
        time.sleep(0.05)
