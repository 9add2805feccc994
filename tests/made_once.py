"""Folders that are made once in a test run and copied by whoever needs one."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from fcntl import LOCK_EX, flock
from pathlib import Path

from tests.database_plugin import HOME


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that all processes of a test run share; the first to ask for it makes it, the others wait."""
    home = Path(os.environ[HOME])
    folder = home / name
    with (home / f"{name}.lock").open("w") as lock:
        flock(lock, LOCK_EX)  # let go when the file is closed
        if not folder.exists():
            unfinished = home / f"{name}.unfinished"
            make(unfinished)
            unfinished.rename(folder)
    return folder


def copy(folder: Path, to: Path) -> None:
    """Copy a folder as it is: files of a database are its own user's."""
    subprocess.run(["cp", "-a", str(folder), str(to)], check=True)
