"""The clock, and moments as programs write them.

Acts take the moment as an argument (`at=`); only tasks, doors and the command line read the clock.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

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


def now() -> datetime:
    """Read the clock: the present moment, aware, in UTC."""
    return datetime.now(UTC)


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
