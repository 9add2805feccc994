"""What silence is usual on a lane: scans of parcels that arrived in, how long they were silent out.

Pure. Hours are worked hours: days that are none of the shop's business days do not count, or every Monday would find
everything silent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from aftermile.kernel.calendars import Calendar, zone_of

#: With fewer parcels nothing is said of a lane: the shop's business-day thresholds hold.
TELLING = 50
#: No lane is so quick that this was a silence, in worked hours.
LEAST_SILENCE_HOURS = 36.0
#: The slowest 1 % to 60 %: how long the silence of all but those was.
SLOWEST = range(1, 61)
#: Longer than nine in ten silences on the way, and than this: what counts as standing still when many do.
_STILL_AFTER = 0.9
_LEAST_STILL_HOURS = 18.0
_LEAST_SHARE = 0.005
_DAY_HOURS = 24.0


class LaneKey(NamedTuple):
    """A lane; empty parts are any."""

    carrier: str = ""
    service: str = ""
    origin_country: str = ""
    destination_country: str = ""

    def wider(self) -> tuple[LaneKey, ...]:
        """Return this lane, its carrier, and everything: where to look when little is known."""
        return self, LaneKey(self.carrier), LaneKey()


@dataclass(frozen=True, slots=True)
class LaneNormal:
    """What is usual on a lane.

    `longest_hours`: by percent of `SLOWEST`, the longest silence of all but so many. `still_share`: of the time parcels
    are on their way, the part in which they have been silent for longer than `still_after_hours`.
    """

    parcels: int
    longest_hours: tuple[float, ...]
    still_after_hours: float
    still_share: float

    def usual_silence_hours(self, slowest_percent: int) -> float:
        """Return how long all but the slowest were silent at most."""
        return max(LEAST_SILENCE_HOURS, self.longest_hours[slowest_percent - SLOWEST.start])


@dataclass(slots=True)
class WorkedTime:
    """Counts worked hours between moments. Thousands of parcels share few days."""

    calendar: Calendar
    _counted: dict[date, float] = field(default_factory=dict)
    _first: date | None = None

    def hours(self, start: datetime, end: datetime) -> float:
        """Return the hours from one moment to a later one on business days; 0 when it is not later."""
        return max(0.0, self._at(end) - self._at(start))

    def _at(self, moment: datetime) -> float:
        local = moment.astimezone(zone_of(self.calendar.time_zone))
        day = local.date()
        passed = (local.hour + local.minute / 60) if self.calendar.is_business_day(day) else 0.0
        return self._before(day) + passed

    def _before(self, day: date) -> float:
        """Return the worked hours before a day, from the first day that was asked of."""
        if day not in self._counted:
            if self._first is None:
                self._first = day
                self._counted[day] = 0.0
            elif day > self._first:
                known = day
                while known not in self._counted:
                    known -= timedelta(days=1)
                while known < day:
                    worked = _DAY_HOURS if self.calendar.is_business_day(known) else 0.0
                    self._counted[known + timedelta(days=1)] = self._counted[known] + worked
                    known += timedelta(days=1)
            else:
                while self._first > day:
                    earlier = self._first - timedelta(days=1)
                    worked = _DAY_HOURS if self.calendar.is_business_day(earlier) else 0.0
                    self._counted[earlier] = self._counted[self._first] - worked
                    self._first = earlier
        return self._counted[day]


def normals_of(
    passed: Iterable[tuple[LaneKey, Sequence[datetime]]], worked: WorkedTime
) -> dict[LaneKey, LaneNormal]:
    """Return what is usual on each lane, of each carrier, and of all, where enough arrived to tell.

    :param passed: of each parcel its lane and when it was scanned, the oldest first.
    """
    gaps: dict[LaneKey, list[float]] = defaultdict(list)
    longest: dict[LaneKey, list[float]] = defaultdict(list)
    for lane, moments in passed:
        mine = [worked.hours(one, other) for one, other in pairwise(moments)]
        if not mine:
            continue
        for key in dict.fromkeys(lane.wider()):
            gaps[key] += mine
            longest[key].append(max(mine))
    return {
        key: _normal(sorted(gaps[key]), sorted(of_parcels))
        for key, of_parcels in longest.items()
        if len(of_parcels) >= TELLING
    }


def _normal(gaps: list[float], longest: list[float]) -> LaneNormal:
    still = max(_LEAST_STILL_HOURS, _quantile(gaps, _STILL_AFTER))
    total = sum(gaps)
    beyond = sum(gap - still for gap in gaps if gap > still)
    return LaneNormal(
        parcels=len(longest),
        longest_hours=tuple(round(_quantile(longest, 1 - percent / 100), 1) for percent in SLOWEST),
        still_after_hours=round(still, 1),
        still_share=max(_LEAST_SHARE, beyond / total if total else 0.0),
    )


def _quantile(ordered: Sequence[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
