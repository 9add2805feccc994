"""Business days: which days count, when the day's cut-off has passed, when a parcel can be ready."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aftermile.kernel.errors import Invalid

_ONE_DAY = timedelta(days=1)
_COUNTRY = re.compile(r"[A-Z]{2}")
#: A promise never looks further ahead: beyond it, the number of days is a mistake.
MOST_BUSINESS_DAYS = 3650


class CalendarUnknown(Invalid):
    """A country, subdivision, week or time zone no calendar can be made of."""

    code = "calendar_unknown"
    message = "Write the country as ISO 3166-1 (DE), the subdivision as ISO 3166-2 (BY), the zone as IANA."


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Which days count as business days at one place.

    `country` is ISO 3166-1 alpha-2, "" for a place without public holidays; `subdivision` is the part of
    ISO 3166-2 after the dash. `weekmask` has a 1 for each working day of the week, Monday first. A day in
    `extra_workdays` counts whatever else is said of it. Public holidays come from the `holidays` package,
    which is loaded when the first holiday is asked for.
    """

    country: str = ""
    subdivision: str = ""
    weekmask: str = "1111100"
    extra_holidays: frozenset[date] = frozenset()
    extra_workdays: frozenset[date] = frozenset()
    time_zone: str = "UTC"

    def __post_init__(self) -> None:
        # The holidays package takes names too ("Germany"): one spelling is enough, and easier to compare.
        if self.country and not _COUNTRY.fullmatch(self.country):
            raise CalendarUnknown(f"{self.country!r} is no country code of ISO 3166-1 such as DE.")
        if len(self.weekmask) != 7 or not set(self.weekmask) <= {"0", "1"} or "1" not in self.weekmask:
            raise CalendarUnknown(
                f"{self.weekmask!r} is no week: seven digits, Monday first, 1 for each working day (1111100)."
            )
        if self.extra_holidays & self.extra_workdays:
            both = min(self.extra_holidays & self.extra_workdays)
            raise CalendarUnknown(f"{both} is listed both as a holiday and as a workday.")
        zone_of(self.time_zone)

    def check(self) -> None:
        """Make sure that country and subdivision are known; until a day is asked for, nobody looks.

        :raises CalendarUnknown: they are not.
        """
        public_holidays(self.country, self.subdivision, 2026)

    def day_of(self, moment: datetime) -> date:
        """Tell which day it is at this place."""
        return moment.astimezone(zone_of(self.time_zone)).date()

    def is_business_day(self, day: date) -> bool:
        """Tell whether the day counts.

        :raises CalendarUnknown: the country or subdivision is not known.
        """
        if day in self.extra_workdays:
            return True
        if self.weekmask[day.weekday()] == "0" or day in self.extra_holidays:
            return False
        return day not in public_holidays(self.country, self.subdivision, day.year)

    def add_business_days(self, day: date, count: int) -> date:
        """Go to the `count`-th business day after the day, or before it when negative.

        The day itself is not counted: one business day after a Saturday is Monday, as after a Friday. Zero
        is the day itself if it counts, else the next that does.

        :raises CalendarUnknown: the country or subdivision is not known.
        :raises ValueError: more than `MOST_BUSINESS_DAYS`, or the end of the calendar is reached.
        """
        if abs(count) > MOST_BUSINESS_DAYS:
            raise ValueError(f"{count} business days are beyond {MOST_BUSINESS_DAYS}")
        if count == 0:
            return day if self.is_business_day(day) else self.add_business_days(day, 1)
        step = _ONE_DAY if count > 0 else -_ONE_DAY
        left = abs(count)
        try:
            while left:
                day += step
                left -= self.is_business_day(day)
        except OverflowError:
            raise ValueError("the calendar ends before that many business days") from None
        return day

    def business_days_between(self, start: date, end: date) -> int:
        """Count the business days after `start` up to and with `end`; going back, from `end` on, negative.

        It undoes `add_business_days`: from any day to the n-th business day after (or before) it are n.

        :raises CalendarUnknown: the country or subdivision is not known.
        """
        backwards, span = end < start, range(abs((end - start).days))
        if backwards:
            return -sum(self.is_business_day(end + _ONE_DAY * index) for index in span)
        return sum(self.is_business_day(start + _ONE_DAY * (index + 1)) for index in span)


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOff:
    """The time of day, by the clock on the wall of one place, until which an order still leaves that day.

    `by_weekday` (Monday is 0) overrides it for single weekdays; None there: nothing leaves on that day.
    """

    wall_time: time
    time_zone: str
    by_weekday: Mapping[int, time | None] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        zone_of(self.time_zone)
        if not self.by_weekday.keys() <= set(range(7)):
            raise CalendarUnknown("Weekdays are 0 (Monday) to 6 (Sunday).")

    def closes_at(self, day: date) -> datetime | None:
        """Tell the moment of that day's cut-off, in UTC; None when nothing leaves on that weekday.

        A time the clocks skip when summer begins is taken as much later as they jump; of a time that comes
        twice when summer ends, the first is meant.
        """
        wall_time = self.by_weekday.get(day.weekday(), self.wall_time)
        if wall_time is None:
            return None
        local = datetime.combine(day, wall_time.replace(tzinfo=None, fold=0), zone_of(self.time_zone))
        return local.astimezone(UTC)


def ready_on(moment: datetime, *, calendar: Calendar, cut_off: CutOff) -> date:
    """Tell the day on which an order of that moment leaves: the same one, or the next after the cut-off.

    An order exactly at the cut-off has missed it. The day is one at the place of the cut-off.

    :raises CalendarUnknown: the country or subdivision is not known, or nothing ever leaves.
    """
    day = moment.astimezone(zone_of(cut_off.time_zone)).date()
    # Two years without one day that counts and has a cut-off: the two contradict each other.
    for _ in range(2 * 366):
        closes_at = cut_off.closes_at(day)
        if closes_at is not None and moment < closes_at and calendar.is_business_day(day):
            return day
        day += _ONE_DAY
    raise CalendarUnknown("No day is both a business day and one on which anything leaves.")


def zone_of(name: str) -> ZoneInfo:
    """Find a time zone by its IANA name.

    :raises CalendarUnknown: there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CalendarUnknown(f"{name!r} is no time zone such as Europe/Berlin.") from None


class _HolidaySource(Protocol):
    def __call__(self, country: str, *, subdiv: str | None, years: int) -> Mapping[date, str]: ...


@lru_cache(maxsize=512)
def public_holidays(country: str, subdivision: str, year: int) -> Mapping[date, str]:
    """Return the public holidays of a year at a place with their names; none without a country.

    :raises CalendarUnknown: the country or subdivision is not known.
    """
    if not country:
        return {}
    country_holidays = _load_source()
    try:
        found = country_holidays(country, subdiv=subdivision or None, years=year)
    except NotImplementedError:
        place = f"{country}-{subdivision}" if subdivision else country
        raise CalendarUnknown(
            f"The public holidays of {place!r} are not known. Write the country as ISO 3166-1 (DE) and the"
            " subdivision as ISO 3166-2 without the country (BY), or leave them empty and list the holidays."
        ) from None
    return dict(found)


@lru_cache(maxsize=1)
def places_with_holidays() -> Mapping[str, tuple[str, ...]]:
    """Return the countries whose public holidays are known, each with its subdivisions that have some of their own."""
    from holidays import list_supported_countries

    return {
        country: tuple(parts)
        for country, parts in list_supported_countries(include_aliases=False).items()
        if _COUNTRY.fullmatch(country)
    }


def _load_source() -> _HolidaySource:
    # 0.1 s and 5 MB: only those who ask for a holiday pay for them.
    from holidays import country_holidays

    return country_holidays
