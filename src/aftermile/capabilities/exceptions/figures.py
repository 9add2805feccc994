"""How deliveries fare, in four figures: facts of a day in, counts out; two weeks in, a comparison out.

Pure. A day's counts can be added up, also the times from order to door: they are kept as a histogram of tenths of a
day, so that a week's median is the median of its parcels and not of its days' medians.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

WEEK = 7
#: Days that are drawn, and compared in weeks.
SHOWN_DAYS = 28


class Measure(StrEnum):
    PROMISES_KEPT = "promises-kept"
    ORDER_TO_DOOR = "order-to-door"
    FIRST_ATTEMPT = "first-attempt"
    UNAIDED = "unaided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One delivered parcel. `aided`: it had been an exception."""

    parcel_id: UUID
    order_id: UUID | None
    delivered_on: date
    delivered_at: datetime
    placed_at: datetime | None
    promised_latest: date | None
    first_attempt: bool
    aided: bool

    @property
    def was_kept(self) -> bool | None:
        """Whether it came by the promised day; None when none was promised."""
        return None if self.promised_latest is None else self.delivered_on <= self.promised_latest

    @property
    def tenths(self) -> int | None:
        """From order to door, in tenths of a day."""
        if self.placed_at is None or self.placed_at > self.delivered_at:
            return None
        return round((self.delivered_at - self.placed_at) / timedelta(days=1) * 10)


#: The parcels behind a measure: those that did not do well. Of the time to the door, all, the longest first.
BEHIND: dict[Measure, Callable[[Arrival], bool]] = {
    Measure.PROMISES_KEPT: lambda one: one.was_kept is False,
    Measure.ORDER_TO_DOOR: lambda one: one.tenths is not None,
    Measure.FIRST_ATTEMPT: lambda one: not one.first_attempt,
    Measure.UNAIDED: lambda one: one.aided,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCounts:
    """The deliveries of a day, or of several."""

    delivered: int = 0
    promised: int = 0
    kept: int = 0
    first_attempt: int = 0
    unaided: int = 0
    tenths: Mapping[int, int] = field(default_factory=dict)  # order to door in tenths of a day -> parcels

    def __add__(self, other: DayCounts) -> DayCounts:
        return DayCounts(
            delivered=self.delivered + other.delivered,
            promised=self.promised + other.promised,
            kept=self.kept + other.kept,
            first_attempt=self.first_attempt + other.first_attempt,
            unaided=self.unaided + other.unaided,
            tenths=Counter(self.tenths) + Counter(other.tenths),
        )

    @property
    def kept_percent(self) -> float | None:
        return _percent(self.kept, self.promised)

    @property
    def first_attempt_percent(self) -> float | None:
        return _percent(self.first_attempt, self.delivered)

    @property
    def unaided_percent(self) -> float | None:
        return _percent(self.unaided, self.delivered)

    @property
    def door_days(self) -> float | None:
        """The median days from order to door; the lower one of two."""
        half, seen = (sum(self.tenths.values()) + 1) // 2, 0
        for tenth in sorted(self.tenths):
            seen += self.tenths[tenth]
            if seen >= half:
                return tenth / 10
        return None


NOTHING = DayCounts()


def counts_of(arrivals: Iterable[Arrival]) -> DayCounts:
    """Count the parcels of one day; their order does not matter."""
    all_ = list(arrivals)
    return DayCounts(
        delivered=len(all_),
        promised=sum(one.was_kept is not None for one in all_),
        kept=sum(one.was_kept is True for one in all_),
        first_attempt=sum(one.first_attempt for one in all_),
        unaided=sum(not one.aided for one in all_),
        tenths=Counter(one.tenths for one in all_ if one.tenths is not None),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The past week, the one before, and each of the days shown, oldest first. Today is not over and not in it."""

    week: DayCounts
    before: DayCounts
    days: tuple[tuple[date, DayCounts], ...]


def compare(days: Mapping[date, DayCounts], *, today: date) -> Figures:
    """Add up the seven days before today and the seven before those."""
    shown = [today - timedelta(days=back) for back in range(SHOWN_DAYS, 0, -1)]
    in_order = tuple((day, days.get(day, NOTHING)) for day in shown)
    return Figures(
        week=sum((counts for _, counts in in_order[-WEEK:]), NOTHING),
        before=sum((counts for _, counts in in_order[-2 * WEEK : -WEEK]), NOTHING),
        days=in_order,
    )


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None
