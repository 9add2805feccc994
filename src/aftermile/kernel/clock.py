"""The clock, and moments as programs write them.

Acts take the moment as an argument (`at=`); only tasks, doors and the command line read the clock.

A demonstration can play time: then every process of the installation reads its clock from one small file of
the data folder (`follow`), and so all of them jump together. Everywhere else there is nothing to follow, and
nothing that could be set.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aftermile.kernel.errors import Invalid

#: Outside these years a moment is a mistake (a zero, seconds taken for milliseconds), not a moment of trade.
EARLIEST_YEAR, LATEST_YEAR = 1990, 2100

# RFC 3339, section 5.6, without the lower-case t and z and without leap seconds.
_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


class MomentUnreadable(Invalid):
    """A moment that is not ISO 8601 with an offset, or lies in an unbelievable year."""

    code = "moment_unreadable"
    message = "Write the moment with its offset, such as 2026-03-29T09:30:00+02:00 or 2026-03-29T07:30:00Z."


class ClockCannotMove(RuntimeError):
    """Somebody tried to set the clock of an installation that is no demonstration: a bug."""


@dataclass(frozen=True, slots=True)
class Course:
    """How shown time runs: at the real moment `real` it was `shown`, and since then it has gone `speed` times
    as fast. Speed 0 stands still."""

    real: datetime
    shown: datetime
    speed: float = 1.0

    def at(self, real: datetime) -> datetime:
        """Tell what the clock shows at a real moment."""
        return self.shown + (real - self.real) * self.speed


@dataclass(slots=True)
class _Followed:
    """The file that every process reads, and what it said when it was last changed."""

    file: Path
    mark: tuple[int, int] = (0, 0)
    course: Course | None = None

    def now(self) -> datetime:
        try:
            found = self.file.stat()  # two millionths of a second
        except FileNotFoundError:
            return datetime.now(UTC)
        mark = (found.st_mtime_ns, found.st_ino)
        if mark != self.mark or self.course is None:
            self.course, self.mark = read_course(self.file), mark
        real = datetime.now(UTC)
        return self.course.at(real) if self.course else real


_followed: _Followed | None = None


def now() -> datetime:
    """Read the clock: the present moment, aware, in UTC."""
    return datetime.now(UTC) if _followed is None else _followed.now()


def follow(file: Path | None) -> None:
    """Read the clock from a file from now on; None: from the machine, as everywhere but in a demonstration.

    While the file is missing the machine's time is shown.
    """
    global _followed
    _followed = _Followed(file) if file else None


def move(by: timedelta) -> datetime:
    """Move the clock of the whole installation onward; return what it shows then.

    :raises ClockCannotMove: the installation follows no file, or `by` would turn time back.
    """
    if _followed is None:
        raise ClockCannotMove("the clock of this installation follows the machine's")
    if by < timedelta():
        raise ClockCannotMove("time only goes forward")
    real = datetime.now(UTC)
    course = read_course(_followed.file) or Course(real, real)
    shown = course.at(real) + by
    write_course(_followed.file, replace(course, real=real, shown=shown))
    return shown


def read_course(file: Path) -> Course | None:
    """Read how shown time runs; None: as the machine's."""
    try:
        told = json.loads(file.read_text())
    except FileNotFoundError:
        return None
    real, shown = (datetime.fromisoformat(told[name]) for name in ("real", "shown"))
    return Course(real, shown, told["speed"])


def write_course(file: Path, course: Course) -> None:
    """Set how shown time runs; the file is replaced as a whole, and who reads it sees all of it or none."""
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    unfinished.write_text(json.dumps(asdict(course), default=datetime.isoformat))
    unfinished.replace(file)


def parse_moment(text: str) -> datetime:
    """Read a moment from API input, in UTC; digits beyond microseconds are cut off.

    :raises MomentUnreadable: no offset, another notation, no such day or hour, or an unbelievable year.
    """
    if not _RFC_3339.fullmatch(text):
        raise MomentUnreadable
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise MomentUnreadable(f"{text} is not on the calendar. {MomentUnreadable.message}") from None
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise MomentUnreadable(
            f"{text} is outside the years {EARLIEST_YEAR} to {LATEST_YEAR}; check its unit and its source."
        )
    return moment
