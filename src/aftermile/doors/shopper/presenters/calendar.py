"""The day of delivery as a calendar file (RFC 5545)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from aftermile.kernel.languages import Tongue

_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""})
# Octets a line may have without its end (RFC 5545, section 3.1).
_LONGEST_LINE = 75


@dataclass(frozen=True, slots=True)
class Appointment:
    """When a parcel is expected: two moments (`hours`), else whole days (`days`, both included)."""

    uid: str
    shop: str
    headline: str
    address: str  # of the tracking page
    days: tuple[date, date]
    hours: tuple[datetime, datetime] | None = None


def calendar_file(appointment: Appointment, tongue: Tongue, *, at: datetime) -> bytes:
    """Write a calendar with one entry that blocks no time."""
    if appointment.hours is not None:
        begins, ends = appointment.hours
        when = [("DTSTART", _moment(begins)), ("DTEND", _moment(ends))]
    else:
        first, last = appointment.days
        # The end of an all-day entry is the day after it (section 3.6.1).
        when = [
            ("DTSTART;VALUE=DATE", f"{first:%Y%m%d}"),
            ("DTEND;VALUE=DATE", f"{last + timedelta(days=1):%Y%m%d}"),
        ]
    description = "\n".join(
        (appointment.headline, tongue.say("See where it is: {address}", address=appointment.address))
    )
    lines = [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//Aftermile//Tracking//EN"),
        ("METHOD", "PUBLISH"),
        ("BEGIN", "VEVENT"),
        ("UID", _text(appointment.uid)),
        ("DTSTAMP", _moment(at)),
        *when,
        ("SUMMARY", _text(tongue.say("Parcel from {shop}", shop=appointment.shop))),
        ("DESCRIPTION", _text(description)),
        ("URL", appointment.address),
        ("TRANSP", "TRANSPARENT"),
        ("END", "VEVENT"),
        ("END", "VCALENDAR"),
    ]
    return b"".join(_folded(f"{name}:{value}") for name, value in lines)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    return text.translate(_ESCAPED)


def _folded(line: str) -> bytes:
    """Break a line into pieces of at most 75 octets, never within a letter."""
    pieces, piece = [], b""
    for letter in line:
        octets = letter.encode()
        if len(piece) + len(octets) > _LONGEST_LINE:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
