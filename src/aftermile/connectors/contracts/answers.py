"""What carriers' answers share: weights, delivery estimates, the number asked for, HTTP-like errors."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from aftermile.connectors.contracts.facts import DeliveryEstimate, Place, ProblemKind, ScanTime, TimePrecision
from aftermile.connectors.contracts.reading import MomentUnreadable, day, scan_time, text
from aftermile.connectors.contracts.sockets import RawRecord

# Some answers never name their parcel (DPD's, a proof of delivery): whoever asked notes it in this header.
ASKED_HEADER = "aftermile-tracking-number"

_GRAMS = {
    "g": Decimal(1),
    "gram": Decimal(1),
    "kg": Decimal(1000),
    "kgs": Decimal(1000),
    "k": Decimal(1000),
    "kgm": Decimal(1000),
    "lb": Decimal("453.59237"),
    "lbs": Decimal("453.59237"),
    "l": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}
_HEAVIEST_GRAMS = 100_000_000  # 100 t: beyond it the source has mistaken a field
_ALL_DAY = re.compile(r"[T ](00:00(:00(\.0+)?)?|23:59(:59(\.\d+)?|:00)?)(?!\d|:)")


def grams(value: object, unit: object) -> int | None:
    """Return a weight in grams; None when it is absent, zero, no number, or of a unit we do not know."""
    factor = _GRAMS.get(text(unit).casefold())
    try:
        weight = Decimal(text(value).replace(",", "."))
    except InvalidOperation:
        return None
    if factor is None or not weight.is_finite() or not 0 < weight * factor <= _HEAVIEST_GRAMS:
        return None
    return round(weight * factor)


def estimate(
    earliest: object,
    latest: object,
    *,
    place: Place | None = None,
    home_zone: str = "",
    formats: Iterable[str] = (),
) -> DeliveryEstimate | None:
    """Return a delivery estimate from two written ends, either of which may be absent.

    Midnight and 23:59 as written mean that day, not that minute; if one end is a day, both are.
    """
    forms = tuple(formats)
    ends = [
        _day_or_moment(text(end), place=place, home_zone=home_zone, formats=forms)
        for end in (earliest, latest)
    ]
    if not any(ends):
        return None
    if any(end is not None and not isinstance(end, datetime) for end in ends):
        ends = [day(text(end), formats=forms) for end in (earliest, latest)]
    return DeliveryEstimate(earliest=ends[0], latest=ends[1])


def asked_number(record: RawRecord) -> str:
    """Return the tracking number this answer was asked for, or "" when nobody noted it, or several."""
    number = record.headers.get(ASKED_HEADER, "").strip()
    return "" if "," in number else number


def times_of_day(*days: str) -> tuple[str, ...]:
    """Return `strptime` formats for each day format followed by a time: 24 hours or AM and PM, or none."""
    return tuple(
        f"{form}{clock}"
        for form in days
        for clock in (" %I:%M:%S %p", " %I:%M %p", " %H:%M:%S", " %H:%M", ", %H:%M:%S", ", %H:%M", "")
    )


def problem_of_status(status: object) -> ProblemKind:
    """Return what an HTTP status (also one written in a body) says is wrong."""
    code = text(status)
    if code in {"401", "403"}:
        return ProblemKind.UNAUTHORIZED
    if code == "404":
        return ProblemKind.NOT_FOUND
    if code in {"400", "422"}:
        return ProblemKind.INVALID_NUMBER
    if code == "429":
        return ProblemKind.RATE_LIMITED
    if re.fullmatch(r"5\d\d", code):
        return ProblemKind.UNAVAILABLE
    return ProblemKind.OTHER


def _day_or_moment(
    written: str, *, place: Place | None, home_zone: str, formats: tuple[str, ...]
) -> date | datetime | None:
    try:
        read: ScanTime = scan_time(written, place=place, home_zone=home_zone, formats=formats)
    except MomentUnreadable:
        return None
    if read.precision is TimePrecision.DAY or _ALL_DAY.search(written):
        return day(written, formats=formats)
    return read.occurred_at
