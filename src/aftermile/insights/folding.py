"""Numbers from events: pure, and a sum, so that parts may be counted apart and added."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from aftermile.capabilities.promises.public import (
    DeliveryMeasured,
    Expected,
    Measured,
    PromiseBroken,
    PromiseKept,
)

#: What came further off is counted at the edge: it is an odd record or a lost parcel that turned up.
MOST_DAYS_OFF = 60
_CARRIER = "carrier"


class LaneWeek(NamedTuple):
    week: date  # its Monday
    carrier: str
    service: str
    origin_country: str
    origin_region: str
    destination_country: str
    destination_region: str


@dataclass(slots=True)
class Deliveries:
    kept: int = 0
    broken: int = 0
    came: int = 0
    from_order: int = 0
    from_order_hours: float = 0.0
    from_hand_over: int = 0
    from_hand_over_hours: float = 0.0


@dataclass(slots=True)
class Estimates:
    estimates: int = 0
    error_hours: float = 0.0
    absolute_error_hours: float = 0.0
    inside: int = 0
    width_hours: float = 0.0

    def add(self, expected: Expected, came_at: datetime) -> None:
        error = _hours(came_at - expected.likely_at)
        self.estimates += 1
        self.error_hours += error
        self.absolute_error_hours += abs(error)
        self.inside += expected.earliest_at <= came_at <= expected.latest_at
        self.width_hours += _hours(expected.latest_at - expected.earliest_at)


@dataclass(slots=True)
class Counted:
    """What a run of events adds to the tables, by their keys."""

    deliveries: defaultdict[LaneWeek, Deliveries] = field(default_factory=lambda: defaultdict(Deliveries))
    lateness: Counter[tuple[LaneWeek, int]] = field(default_factory=Counter)
    estimates: defaultdict[tuple[LaneWeek, str, str, bool], Estimates] = field(
        default_factory=lambda: defaultdict(Estimates)
    )


def fold(events: Iterable[PromiseKept | PromiseBroken | DeliveryMeasured]) -> Counted:
    """Count what events say."""
    counted = Counted()
    for event in events:
        match event:
            case PromiseKept():
                of_week = counted.deliveries[_due(event)]
                of_week.kept += 1
                of_week.broken -= event.corrects
            case PromiseBroken():
                counted.deliveries[_due(event)].broken += 1
            case DeliveryMeasured():
                _came(counted, event)
    return counted


def days_off(came_on: date, earliest: date | None, latest: date) -> int:
    """Tell how many days outside its window something came: 0 within, negative before, positive after."""
    first = min(earliest or latest, latest)
    off = (came_on - latest).days if came_on > latest else min(0, (came_on - first).days)
    return max(-MOST_DAYS_OFF, min(MOST_DAYS_OFF, off))


def _came(counted: Counted, event: DeliveryMeasured) -> None:
    if event.came_at is None or event.came_on is None:
        return
    lane = _lane(event, event.came_on)
    of_week = counted.deliveries[lane]
    of_week.came += 1
    if event.ordered_at is not None and event.ordered_at <= event.came_at:
        of_week.from_order += 1
        of_week.from_order_hours += _hours(event.came_at - event.ordered_at)
    if event.handed_over_at is not None and event.handed_over_at <= event.came_at:
        of_week.from_hand_over += 1
        of_week.from_hand_over_hours += _hours(event.came_at - event.handed_over_at)
    if event.promised_latest is not None:
        counted.lateness[lane, days_off(event.came_on, event.promised_earliest, event.promised_latest)] += 1
    for stage in event.stages:
        own = stage.own or (stage.shown if stage.shown.source != _CARRIER else None)
        both = own is not None and stage.carrier is not None
        for expected in (own, stage.carrier):
            if expected is not None:
                counted.estimates[lane, stage.stage, expected.source, both].add(expected, event.came_at)


def _due(event: Measured) -> LaneWeek:
    # Nothing is told as kept or broken that was not promised.
    assert event.promised_latest is not None
    return _lane(event, event.promised_latest)


def _lane(event: Measured, day: date) -> LaneWeek:
    return LaneWeek(
        day - timedelta(days=day.weekday()),
        event.carrier,
        event.service,
        event.origin_country,
        event.origin_region,
        event.destination_country,
        event.destination_region,
    )


def _hours(span: timedelta) -> float:
    return span.total_seconds() / 3600
