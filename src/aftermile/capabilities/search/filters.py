"""What lists are narrowed to, and how that stands in an address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo


class Listing(StrEnum):
    """A list that has filters, views and exports."""

    ORDERS = "orders"
    PARCELS = "parcels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to. Empty: not at all.

    :param words: as typed: order number, name, e-mail, phone, tracking number, or parts of them.
    :param standing: milestones; an order is listed under that of its foremost parcel, "none" without one.
    :param label: as staff put them on orders, any of them (orders only).
    :param late: promised for a day before this one, and not over yet (orders only).
    """

    words: str = ""
    standing: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    cause: tuple[str, ...] = ()
    carrier: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    direction: str = ""
    since: datetime | None = None
    until: datetime | None = None
    late: date | None = None


_LISTS = ("standing", "state", "cause", "carrier", "country", "label")
_LONGEST_WORDS = 200
_MOST_VALUES = 50


def read_filters(query: str, *, today: date, zone: ZoneInfo) -> Filters:
    """Read the query of an address; what is no filter, or cannot be read, narrows nothing.

    :param zone: whose midnight days begin at; days in the address include their last one.
    """
    pairs = [(name, value.strip()[:_LONGEST_WORDS]) for name, value in parse_qsl(query, errors="replace")]
    several: dict[str, tuple[str, ...]] = {
        name: tuple(dict.fromkeys(_split(value for key, value in pairs if key == name)))[:_MOST_VALUES]
        for name in _LISTS
    }
    last = dict(pairs)
    since, until = _day(last.get("since", "")), _day(last.get("until", ""))
    return Filters(
        words=last.get("words", ""),
        direction=last.get("direction", ""),
        since=datetime.combine(since, time(), zone) if since else None,
        until=datetime.combine(until + timedelta(days=1), time(), zone) if until else None,
        late=today if last.get("late") else None,
        **several,
    )


def write_query(filters: Filters, *, zone: ZoneInfo) -> str:
    """Write filters as the query of an address, always in the same order."""
    pairs = [("words", filters.words)] if filters.words else []
    pairs += [(name, value) for name in _LISTS for value in getattr(filters, name)]
    if filters.direction:
        pairs.append(("direction", filters.direction))
    if filters.since:
        pairs.append(("since", filters.since.astimezone(zone).date().isoformat()))
    if filters.until:
        pairs.append(("until", (filters.until.astimezone(zone) - timedelta(days=1)).date().isoformat()))
    if filters.late:
        pairs.append(("late", "1"))
    return urlencode(pairs)


def _split(values: Iterable[str]) -> Iterable[str]:
    return (each for value in values for each in value.split(",") if each)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 < found.year < 9999 else None
