"""Clear a demonstration away."""

from __future__ import annotations

import fcntl
import shutil
from pathlib import Path

from aftermile.project.database.places import Places
from aftermile.project.processes import LOCK_FILE


class StillRunning(Exception):
    """The demonstration runs; the message says what to do."""


def clear_away(data_dir: Path) -> None:
    """Remove the data folder of a demonstration, with its database wherever that lies.

    :raises StillRunning: it is in use.
    """
    with (data_dir / LOCK_FILE).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StillRunning(
                f"The demonstration in {data_dir} is running. Stop it, then begin anew."
            ) from None
        home = Places.of(data_dir).home
        if home.is_symlink():
            shutil.rmtree(home.resolve())
        shutil.rmtree(data_dir)
