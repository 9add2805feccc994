"""Reads of scorecards: frozen views, one statement a card."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from math import sqrt
from typing import Any

from django.db.models import Q, QuerySet, Sum

from aftermile.insights.models import LANE, DeliveryWeek, EstimateWeek, LatenessWeek

#: Of Wilson's score interval: 95 % of the normal distribution lie within so many deviations.
_DEVIATIONS = 1.959964
#: The order in which a parcel reaches them.
STAGES = ("ordered", "handed_over", "in_transit", "out_for_delivery")


class By(StrEnum):
    """What a scorecard has a row for each of."""

    WEEK = "week"
    CARRIER = "carrier"
    SERVICE = "service"
    LANE = "lane"


#: The columns that tell one row of a scorecard from the next.
COLUMNS: Mapping[By, tuple[str, ...]] = {
    By.WEEK: ("week",),
    By.CARRIER: ("carrier",),
    By.SERVICE: ("carrier", "service"),
    By.LANE: ("carrier", *LANE[3:]),
}


#: What is added up, of rows in the database and of `ScoreRow`s.
_SUMS = ("kept", "broken", "came", "from_order", "from_order_hours", "from_hand_over", "from_hand_over_hours")


@dataclass(frozen=True, slots=True, kw_only=True)
class Of:
    """What a scorecard is about: weeks from one Monday to another, both within, and what they are narrowed to."""

    first: date
    last: date
    carrier: str | None = None
    service: str | None = None
    destination_country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share with the 95 % interval (Wilson's) within which chance alone leaves it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRow:
    """How one carrier, service, lane or week fared. `key` holds the `COLUMNS` of what was asked for, in its order."""

    key: tuple[Any, ...]
    kept: int
    broken: int
    came: int
    early: int
    in_window: int
    late: int
    days_off: Mapping[int, int] = field(default_factory=dict)  # days outside the window -> parcels
    #: How many came of which it is known since when they were on their way, and the hours of all of them.
    from_order: int = 0
    from_order_hours: float = 0.0
    from_hand_over: int = 0
    from_hand_over_hours: float = 0.0

    @property
    def promised(self) -> int:
        return self.kept + self.broken

    @property
    def kept_share(self) -> Share | None:
        """The share of promises kept; None when none was due."""
        return wilson(self.kept, self.promised)

    @property
    def door_days(self) -> float | None:
        """The mean from the order to the door."""
        return _mean(self.from_order_hours, self.from_order)

    @property
    def transit_days(self) -> float | None:
        """The mean from the hand-over to the door."""
        return _mean(self.from_hand_over_hours, self.from_hand_over)

    def late_by(self, share: float) -> int | None:
        """Return how many days outside the window that share of parcels had come at the latest; None without any."""
        wanted, passed = share * sum(self.days_off.values()), 0
        for days, number in sorted(self.days_off.items()):
            passed += number
            if passed >= wanted:
                return days
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """How far off one source's estimates were, made on reaching a stage. Errors are in days."""

    stage: str
    source: str
    estimates: int
    mean_absolute_error: float
    bias: float  # came later than said: positive
    covered: Share
    width: float


def scorecard(of: Of, *by: By) -> list[ScoreRow]:
    """Return a row per carrier, service, lane, week or what they make together, by key: two statements."""
    names = tuple(dict.fromkeys(name for each in by for name in COLUMNS[each]))
    lateness: defaultdict[tuple[Any, ...], Counter[int]] = defaultdict(Counter)
    for *key, days, number in (
        _within(LatenessWeek.rows(), of).values_list(*names, "days_off").annotate(number=Sum("came"))
    ):
        lateness[tuple(key)][days] = number
    found = (
        _within(DeliveryWeek.rows(), of)
        .values(*names)
        .annotate(**{f"all_{name}": Sum(name) for name in _SUMS})
    )
    rows = []
    for each in found:
        key = tuple(each[name] for name in names)
        off = lateness[key]
        rows.append(
            ScoreRow(
                key=key,
                **{name: each[f"all_{name}"] for name in _SUMS},
                early=sum(number for days, number in off.items() if days < 0),
                in_window=off[0],
                late=sum(number for days, number in off.items() if days > 0),
                days_off={days: number for days, number in off.items() if number},
            )
        )
    return sorted(rows, key=lambda row: tuple(str(part) for part in row.key))


def total(rows: Iterable[ScoreRow], *, key: tuple[Any, ...] = ()) -> ScoreRow:
    """Add rows up: of weeks, say, to all of them."""
    off: Counter[int] = Counter()
    listed = list(rows)
    for row in listed:
        off.update(row.days_off)
    sums = {
        name: sum(getattr(row, name) for row in listed) for name in (*_SUMS, "early", "in_window", "late")
    }
    return ScoreRow(key=key, days_off=dict(off), **sums)


def accuracy(of: Of, *, beside_carrier: bool) -> list[Accuracy]:
    """Return how far off estimates were by stage and source: one statement.

    :param beside_carrier: only parcels of which both we and the carrier had said something at that stage, so that
        both are measured on the same ones.
    """
    rows = _within(EstimateWeek.rows(), of)
    if beside_carrier:
        rows = rows.filter(beside_carrier=True)
    found = rows.values("stage", "source").annotate(
        number=Sum("estimates"),
        error=Sum("error_hours"),
        absolute=Sum("absolute_error_hours"),
        covered=Sum("inside"),
        width=Sum("width_hours"),
    )
    told = [
        Accuracy(
            stage=each["stage"],
            source=each["source"],
            estimates=each["number"],
            mean_absolute_error=each["absolute"] / each["number"] / 24,
            bias=each["error"] / each["number"] / 24,
            covered=share,
            width=each["width"] / each["number"] / 24,
        )
        for each in found
        if (share := wilson(each["covered"], each["number"])) is not None
    ]
    return sorted(told, key=lambda row: (_place(row.stage), row.source))


def choices(of: Of) -> tuple[list[str], list[str]]:
    """Return the carriers and destination countries that there is something to tell of, in those weeks."""
    found = _within(DeliveryWeek.rows(), Of(first=of.first, last=of.last)).values_list(
        "carrier", "destination_country"
    )
    pairs = list(found.distinct())
    return sorted({carrier for carrier, _ in pairs}), sorted({country for _, country in pairs})


def wilson(hits: int, of: int) -> Share | None:
    """Return a share with Wilson's 95 % interval; None of nothing.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
    """
    if of <= 0:
        return None
    share, square = hits / of, _DEVIATIONS**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    reach = _DEVIATIONS / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of * of))
    return Share(value=share, low=max(0.0, middle - reach), high=min(1.0, middle + reach))


def week_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def _within(rows: QuerySet[Any], of: Of) -> QuerySet[Any]:
    wanted = Q(week__gte=of.first, week__lte=of.last)
    for name in ("carrier", "service", "destination_country"):
        if (value := getattr(of, name)) is not None:
            wanted &= Q(**{name: value})
    return rows.filter(wanted)


def _mean(hours: float, of: int) -> float | None:
    return hours / of / 24 if of else None


def _place(stage: str) -> int:
    return STAGES.index(stage) if stage in STAGES else len(STAGES)
