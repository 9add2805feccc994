"""How the demonstration's time is set, asked for, and walked through.

Only the demonstration's own process moves the clock. A page that wants it moved leaves a wish in the data
folder; the process walks there, some hours at a time, and lets happen what happens on the way: so that a scan
of the morning is not heard of in the evening only.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aftermile.kernel.clock import Course, read_course, write_course
from aftermile.project.demo.memory import recall

CLOCK_FILE = "clock.json"
_WISH_FILE = "demo-wish"
#: Beyond this there are no public holidays and no promises to look up.
FARTHEST = timedelta(days=366)


def set_going(data_dir: Path, *, speed: float) -> None:
    """Set the clock going before anybody reads it: on from where it was left, and never behind the machine's.

    While the demonstration is not running, its time stands still if it is ahead.
    """
    (data_dir / _WISH_FILE).unlink(missing_ok=True)
    memory = recall(data_dir)
    real = datetime.now(UTC)
    if memory is not None and not memory.is_settled:
        return  # the history is told on from where it was
    shown = max(real, memory.known_until or real) if memory else real
    write_course(data_dir / CLOCK_FILE, Course(real, shown, speed))


def stop_at(data_dir: Path, moment: datetime) -> None:
    """Let the clock stand still at a moment: while the history is told."""
    speed = 0.0
    write_course(data_dir / CLOCK_FILE, Course(datetime.now(UTC), moment, speed))


def go_on(data_dir: Path, *, speed: float, since: datetime) -> None:
    """Let the clock run: from a moment on if it runs at a speed of its own, else as the machine's does."""
    real = datetime.now(UTC)
    write_course(data_dir / CLOCK_FILE, Course(real, real if speed == 1 else since, speed))


def speed_of(data_dir: Path) -> float:
    course = read_course(data_dir / CLOCK_FILE)
    return course.speed if course else 1.0


def wish(data_dir: Path, until: datetime) -> None:
    """Ask that the clock be walked to a moment."""
    unfinished = data_dir / f"{_WISH_FILE}.{os.getpid()}"
    unfinished.write_text(until.isoformat())
    unfinished.replace(data_dir / _WISH_FILE)


def take_wish(data_dir: Path) -> datetime | None:
    """Return what was wished for since the last time, and forget it."""
    file = data_dir / _WISH_FILE
    try:
        until = datetime.fromisoformat(file.read_text())
    except FileNotFoundError:
        return None
    file.unlink(missing_ok=True)
    return until


def is_told_until(data_dir: Path, moment: datetime, *, patience_seconds: float) -> bool:
    """Wait until the demonstration has told all that happens until a moment; False if it takes longer."""
    give_up_at = time.monotonic() + patience_seconds
    while time.monotonic() < give_up_at:
        memory = recall(data_dir)
        if memory is not None and memory.known_until is not None and memory.known_until >= moment:
            return True
        time.sleep(0.1)
    return False
