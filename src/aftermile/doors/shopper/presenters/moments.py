"""Days and moments in words, in one time zone and one tongue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from aftermile.kernel.languages import Tongue


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment for `<time datetime>`: `iso` for programs, `text` for people."""

    iso: str
    text: str


@dataclass(frozen=True, slots=True)
class Clock:
    """The present, and the zone and tongue in which a page tells the time."""

    now: datetime
    zone: ZoneInfo
    tongue: Tongue

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def city(self) -> str:
        """The zone as people call it, by its city."""
        return self.tongue.city_of(self.zone)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def moment(self, moment: datetime, *, day_only: bool = False) -> Moment:
        """Write a moment shortly: "Tue, 12 May, 11:20"."""
        local = self.local(moment)
        if day_only:
            return Moment(local.date().isoformat(), self.tongue.short_day(local.date(), near=self.today))
        return Moment(local.isoformat(timespec="minutes"), self.tongue.moment(local, near=self.today))

    def time(self, moment: datetime) -> str:
        """Write the time of day."""
        return self.tongue.time(self.local(moment))

    def day(self, day: date) -> str:
        """Write a day in full: "Thursday, 14 May"; the year where it is another."""
        return self.tongue.day(day, near=self.today)

    def days(self, window: tuple[date, date]) -> str:
        """Write the days from one to another, one day in full."""
        return self.tongue.days(*window, near=self.today)

    def away(self, day: date) -> int:
        """Count the days from today to a day: 0 is today, -1 yesterday."""
        return (day - self.today).days


@dataclass(frozen=True, slots=True)
class RulerDay:
    """A day on the ruler under the headline: promised (grey box), expected (pale bar), most likely (dot)."""

    iso: str
    weekday: str
    number: int
    is_today: bool
    is_promised: bool
    is_expected: bool
    is_likely: bool


@dataclass(frozen=True, slots=True)
class Ruler:
    """The days around a window; falsy where there is nothing to draw."""

    days: tuple[RulerDay, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.days)

    @property
    def has_promised(self) -> bool:
        return any(day.is_promised for day in self.days)

    @property
    def has_expected(self) -> bool:
        return any(day.is_expected and not day.is_likely for day in self.days)

    @property
    def has_likely(self) -> bool:
        return any(day.is_likely for day in self.days)


NO_RULER = Ruler()
_LONGEST_RULER = 9
_FURTHEST_DAYS = 21


def ruler(
    clock: Clock, *, expected: tuple[date, date] | None = None, promised: tuple[date, date] | None = None
) -> Ruler:
    """Lay out the days around what is expected and what was promised, five to nine.

    Empty where nothing is left to wait for, or where the days are too many or too far to draw. A promise that
    does not fit beside what is expected is left out.
    """
    shown = expected or promised
    if shown is None or shown[1] < clock.today or clock.away(shown[1]) > _FURTHEST_DAYS:
        return NO_RULER
    first, last = shown
    if (
        promised is not None
        and _length(min(first, promised[0]), max(last, promised[1])) <= _LONGEST_RULER - 1
    ):
        first, last = min(first, promised[0]), max(last, promised[1])
    elif promised != shown:
        promised = None
    if _length(first, last) > _LONGEST_RULER:
        return NO_RULER
    while _length(first, last) < 5 or (last - shown[1]).days < 1 < _LONGEST_RULER - _length(first, last):
        if (last - shown[1]).days <= (shown[0] - first).days or first <= clock.today:
            last += timedelta(days=1)
        else:
            first -= timedelta(days=1)
    likely = expected[0] if expected and expected[0] == expected[1] else None
    days = [first + timedelta(days=place) for place in range(_length(first, last))]
    return Ruler(
        tuple(
            RulerDay(
                iso=day.isoformat(),
                weekday=clock.tongue.short_weekday(day),
                number=day.day,
                is_today=day == clock.today,
                is_promised=promised is not None and promised[0] <= day <= promised[1],
                is_expected=expected is not None and expected[0] <= day <= expected[1],
                is_likely=day == likely,
            )
            for day in days
        )
    )


def _length(first: date, last: date) -> int:
    return (last - first).days + 1
