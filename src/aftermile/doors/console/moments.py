"""Moments as staff read them: in the shop's time zone, no longer than needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Told:
    iso: str
    text: str
    full: str  # with the weekday, the year and the zone


def tell(at: datetime, *, style: str, zone: ZoneInfo, now: datetime) -> Told:
    """Write a moment.

    :param style: `short` (10:42 AM today, else Nov 19, 10:42 AM; with the year when it is another one), `full`, `day`
        (Thursday, November 19), `time` (10:42 AM), `ago` (5 minutes ago, up to a week).
    """
    local, today = at.astimezone(zone), now.astimezone(zone)
    clock = f"{local:%I:%M %p}".lstrip("0")
    year = "" if local.year == today.year else f" {local.year}"
    date = f"{local:%b} {local.day}{year}"
    full = f"{local:%A, %B} {local.day}, {local.year}, {clock} {local.tzname()}"
    match style:
        case "short":
            text = f"Today, {clock}" if local.date() == today.date() else f"{date}, {clock}"
        case "full":
            text = full
        case "day":
            text = f"{local:%A, %B} {local.day}{year}"
        case "date":
            text = date
        case "time":
            text = clock
        case "ago":
            text = _ago((now - at).total_seconds()) or date
        case _:
            raise ValueError(f"{style!r} is no style of a moment")
    return Told(at.isoformat(), text, full)


def _ago(seconds: float) -> str:
    """Say how long ago, or how far ahead; nothing beyond a week, where the date says more."""
    size = abs(seconds)
    if size < 45:
        return "just now"
    if size >= 7 * _DAY:
        return ""
    for unit, length in (("day", _DAY), ("hour", 3600), ("minute", 60)):
        count = round(size / length)
        if size >= length * 0.95 and count:
            words = f"{count} {unit}{'' if count == 1 else 's'}"
            return f"{words} ago" if seconds > 0 else f"in {words}"
    return "a minute ago" if seconds > 0 else "in a minute"
