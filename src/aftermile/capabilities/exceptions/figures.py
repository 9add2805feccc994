"""How deliveries fare, in four figures: facts of a day in, counts out; two weeks in, a comparison out.

Pure. A day's counts can be added up, also the times from order to door: they are kept as a histogram of tenths of a
day, so that a week's median is the median of its parcels and not of its days' medians.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

WEEK = 7
#: Days that are drawn, and compared in weeks.
SHOWN_DAYS = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One delivered parcel. `aided`: it had been an exception."""

    delivered_on: date
    delivered_at: datetime
    placed_at: datetime | None
    promised_latest: date | None
    first_attempt: bool
    aided: bool


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
    promised = [one for one in all_ if one.promised_latest is not None]
    return DayCounts(
        delivered=len(all_),
        promised=len(promised),
        kept=sum(1 for one in promised if one.promised_latest and one.delivered_on <= one.promised_latest),
        first_attempt=sum(one.first_attempt for one in all_),
        unaided=sum(not one.aided for one in all_),
        tenths=Counter(
            round((one.delivered_at - one.placed_at) / timedelta(days=1) * 10)
            for one in all_
            if one.placed_at is not None and one.placed_at <= one.delivered_at
        ),
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
