"""What disturbs many parcels at once: a week of bad weather in a region, and strikes of a carrier.

Both lie at fixed distances from the start, so that every demonstration has the same past: one of each is
over, and one of each is going on and ends a day or two after the start, for those who play time forward.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from random import Random

from aftermile.connectors.contracts.words import SubStatus
from aftermile.project.demo.carriers import GLS, Carrier
from aftermile.project.demo.places import WAREHOUSE
from aftermile.project.demo.routes import Scan

_DAY = timedelta(days=1)
_ENDED = frozenset({SubStatus.DELIVERED, SubStatus.PICKED_UP_BY_SHOPPER, SubStatus.LEFT_WITH_NEIGHBOR})


@dataclass(frozen=True, slots=True)
class Weather:
    """A week in which parcels of a region wait two or three days longer."""

    begins: datetime
    ends: datetime
    countries: frozenset[str]
    #: Of `countries`, only these parts; empty: all of them.
    states: frozenset[str]
    message: str

    def concerns(self, scan: Scan) -> bool:
        place = scan.place
        is_there = place.country in self.countries and (not self.states or place.state in self.states)
        return is_there and self.begins <= scan.at < self.ends


@dataclass(frozen=True, slots=True)
class Strike:
    """Days in which a carrier scans nothing; what lies there goes on when it ends, all of it at once."""

    carrier: Carrier
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Disturbances:
    weather: tuple[Weather, ...] = ()
    strikes: tuple[Strike, ...] = ()

    def meet(self, scans: tuple[Scan, ...], carrier: Carrier, dice: Random) -> tuple[Scan, ...]:
        """Rewrite a way as it goes under all that disturbs it."""
        for each in self.weather:
            scans = _held_by_weather(scans, each, dice)
        for strike in self.strikes:
            if strike.carrier == carrier:
                scans = _held_by_strike(scans, strike, dice)
        return scans


UNDISTURBED = Disturbances()


def disturbances(start: datetime) -> Disturbances:
    """Make those of a demonstration that starts at a moment."""
    morning = datetime.combine(start.astimezone(WAREHOUSE.zone).date(), time(5), WAREHOUSE.zone)

    def weather(first: int, last: int, countries: str, states: str, message: str) -> Weather:
        where = frozenset(countries.split()), frozenset(states.split())
        return Weather(morning + first * _DAY, morning + last * _DAY, *where, message)

    return Disturbances(
        weather=(
            weather(-38, -31, "ES PT", "", "Delayed by heavy rain: roads are flooded"),
            weather(-4, 3, "SE DK", "", "Delayed by a storm: ferries and bridges are closed"),
            weather(-4, 3, "DE", "SH HH", "Delayed by a storm in the north"),
        ),
        strikes=(
            Strike(GLS, morning - 24 * _DAY, morning - 21 * _DAY),
            Strike(GLS, morning - 3 * _DAY, morning + _DAY),
        ),
    )


def _held_by_weather(scans: tuple[Scan, ...], weather: Weather, dice: Random) -> tuple[Scan, ...]:
    for index, scan in enumerate(scans[:-1]):
        # What was only announced has not met the weather yet.
        if index and weather.concerns(scan) and scan.sub_status not in _ENDED:
            days = _without_sunday(scans[index + 1 :], dice.choice((1, 1, 2, 3)))
            told = replace(
                scan,
                at=scan.at + timedelta(minutes=dice.randrange(5, 50)),
                sub_status=SubStatus.WEATHER_DELAY,
                message=weather.message,
                estimate=_later(scan, days).estimate,
            )
            return (*scans[: index + 1], told, *(_later(each, days) for each in scans[index + 1 :]))
    return scans


def _held_by_strike(scans: tuple[Scan, ...], strike: Strike, dice: Random) -> tuple[Scan, ...]:
    for index, scan in enumerate(scans):
        if not (index and strike.begins <= scan.at < strike.ends):
            continue
        days = _without_sunday(scans[index:], (strike.ends.date() - scan.at.date()).days)
        burst_at = (strike.ends + timedelta(minutes=dice.randrange(0, 180))).astimezone(scan.at.tzinfo)
        moved = [replace(_later(scan, days), at=burst_at)]
        for each in scans[index + 1 :]:
            later = _later(each, days)
            soonest = moved[-1].at + timedelta(minutes=7)
            moved.append(later if later.at >= soonest else replace(later, at=soonest))
        return (*scans[:index], *moved)
    return scans


def _later(scan: Scan, days: int) -> Scan:
    estimate = scan.estimate + days * _DAY if scan.estimate else None
    if estimate is not None and estimate.weekday() == 6:
        estimate += _DAY
    # On the wall clock of the place, whatever the clocks do in between.
    return replace(scan, at=scan.at + days * _DAY, estimate=estimate)


def _without_sunday(scans: tuple[Scan, ...], days: int) -> int:
    """Wait a day longer where the van would otherwise go out on a Sunday."""
    vans = [scan.at + days * _DAY for scan in scans if scan.sub_status is SubStatus.OUT_FOR_DELIVERY]
    return days + any(at.weekday() == 6 for at in vans)
