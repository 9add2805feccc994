"""When an aggregator says a parcel will arrive: days stay days, moments are moments.

Aggregators write a day as midnight (or as the last minute of the day), often with a `Z` that means
nothing: read as a moment, it shows the shopper the day before.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from aftermile.connectors.contracts.facts import DeliveryEstimate, TimeBasis, TimePrecision
from aftermile.connectors.contracts.reading import MomentUnreadable, day, scan_time

_WHOLE_DAY = re.compile(r"[T ](?:00:00(?::00)?|23:59(?::59)?)(?:\.\d+)?\s*(?:Z|[+-]\d\d:?\d\d)?$", re.ASCII)


def stated(written: object) -> date | datetime | None:
    """Return the day, or where an hour and an offset are given the moment in UTC; None when there is none."""
    if written is None:
        return None
    try:
        found = scan_time(written)
    except MomentUnreadable:
        return None
    if (
        found.precision is TimePrecision.DAY
        or found.basis is TimeBasis.ASSUMED
        or _WHOLE_DAY.search(found.reported)
    ):
        return day(found.reported)
    return found.occurred_at


def estimate(single: object, earliest: object = None, latest: object = None) -> DeliveryEstimate | None:
    """Return the window a source states; its single best guess stands in for a missing end.

    Both ends are of one kind: a day beside a moment makes both days.
    """
    best = stated(single)
    first, last = stated(earliest) or best, stated(latest) or best
    if first is None and last is None:
        return None
    if isinstance(first, datetime) != isinstance(last, datetime):
        first, last = _day(first), _day(last)
    return DeliveryEstimate(earliest=first, latest=last)


def _day(found: date | datetime | None) -> date | None:
    return found.date() if isinstance(found, datetime) else found
